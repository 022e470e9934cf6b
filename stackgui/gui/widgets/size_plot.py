"""A plot of width × height of every sample, with the target size as two draggable lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSaveFile, Qt, Signal
from PySide6.QtGui import QImage, QImageWriter, QPainter, QResizeEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.selection import SizeRange
from stackgui.core.catalog.statistics import SizeCounts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import tool
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.size_density import Scale
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.tips import plain_tip

if TYPE_CHECKING:
    from pyqtgraph import PlotItem

    from stackgui.gui.widgets.size_canvas import SizeCanvas

HINT = say("Drag a line to change the size, or a frame around points to pick pictures. Zoom with the wheel.")
KEYS_HINT = say("Arrows: the size. Ctrl + arrows: a frame.")
"""Shown while the plot has the keyboard."""

LEAST_HIGH_PX = 200
"""A lower plot could not be read."""

SAVED_SCALE = 2
"""Scale of a saved picture relative to the window, along each side."""


class SizePlot(Plotted):
    """A density of all sizes, histograms of widths and heights, and the target.

    Parameters
    ----------
    name
        Object name.
    hint
        Text shown while the pointer is not near a point.
    tools
        Whether to show buttons below the plot.
    waits
        Whether sizes that come before the canvas was created in pieces are drawn only then.

    pyqtgraph is imported only when the first sizes arrive, so that the window appears sooner.

    Signals
    -------
    target_dragged(int, int)
        Height and width in pixels, while the person drags.
    range_picked(SizeRange or None)
        Sizes that the person selected; None clears the selection.
    save_wanted()
        Save the plot as a picture.
    """

    target_dragged = Signal(int, int)
    range_picked = Signal(object)
    save_wanted = Signal()

    def __init__(
        self,
        name: str = "sizePlot",
        hint: str = HINT,
        *,
        tools: bool = True,
        waits: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hint, self._waits = hint, waits
        self._canvas: SizeCanvas | None = None
        self._making = self._make()
        self._sizes: SizeCounts | None = None
        self._target: tuple[int, int] | None = None
        self.example_name: Callable[[int], str] = str
        self.setObjectName(name)
        self.setAccessibleName(tr("Widths and heights of all pictures"))
        self._readout = _Readout(tr(hint))
        self._readout.setObjectName(f"{name}.readout")
        self._logarithmic = tool(
            f"{name}.log", tr("Logarithmic axes"), "log", tr("Gives small sizes as much room as large ones.")
        )
        self._logarithmic.setCheckable(True)
        self._all = tool(f"{name}.all", tr("Show all"), "fit-all", tr("Brings all sizes back into view."))
        self._save = tool(
            f"{name}.save", tr("Save the plot"), "save", tr("Saves this plot as a PNG or SVG picture.")
        )
        self._logarithmic.toggled.connect(self._on_scale_chosen)
        self._all.clicked.connect(self._on_all_wanted)
        self._save.clicked.connect(self.save_wanted)
        self.setMinimumHeight(LEAST_HIGH_PX)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.XS)
        self._layout.addStretch(1)
        self._layout.addLayout(self._make_foot(tools=tools))
        self._enable_tools()

    def _make_foot(self, *, tools: bool) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(Space.XS)
        foot.addWidget(self._readout, 1)
        for each in (self._logarithmic, self._all, self._save):
            foot.addWidget(each)
            each.setVisible(tools)
        return foot

    def sheet(self) -> Sheet | None:
        """Return every size with the number of its pictures."""
        sizes = self._sizes
        if sizes is None:
            return None

        def row(place: int) -> tuple[str, ...]:
            figures = (sizes.width[place], sizes.height[place], sizes.count[place])
            return *(tr("{figure:,}", figure=int(figure)) for figure in figures), self.example_name(
                int(sizes.example[place])
            )

        titles = (tr("Width"), tr("Height"), tr("Pictures"), tr("For example"))
        return Sheet(self.accessibleName(), titles, len(sizes.count), row)

    def set_sizes(self, sizes: SizeCounts) -> None:
        """Show `sizes`."""
        self._sizes = sizes
        if self._canvas is not None or not self._waits:
            self._draw(self.prepare(), sizes)
        distinct, samples = len(sizes.count), int(sizes.count.sum())
        self.setAccessibleDescription(
            tr(
                "{pictures} of {sizes}",
                pictures=format_count(samples, "picture"),
                sizes=format_count(distinct, "size"),
            )
        )
        self._readout.setText(tr(self._hint))
        self._enable_tools()

    def _draw(self, canvas: SizeCanvas, sizes: SizeCounts) -> None:
        canvas.set_sizes(sizes, self._target)
        canvas.show()

    def set_target(self, target: tuple[int, int] | None) -> None:
        """Show the target (height, width) in pixels, or none."""
        self._target = target
        if self._canvas is not None:
            self._canvas.set_target(target)

    def set_picked(self, picked: SizeRange | None) -> None:
        """Frame the selected sizes, or none."""
        if self._canvas is not None:
            self._canvas.set_picked(picked)

    def clear(self) -> None:
        """Show nothing."""
        if self._canvas is not None:
            self._canvas.hide()
        self._sizes = None
        self._readout.clear()
        self._enable_tools()

    def save(self, file: str) -> bool:
        """Save the plot in the format that the file's suffix names, and return whether that succeeded."""
        if self._canvas is None or self._sizes is None:
            return False
        target = QSaveFile(file)
        if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
            return False
        draw = _draw_svg if file.lower().endswith(".svg") else _draw_image
        # The new file replaces an old one only once it is complete.
        return draw(self._canvas, target) and target.commit()

    def in_pieces(self) -> Iterator[None]:
        """Create the canvas ahead of time, one piece per step, since that is slow."""
        yield from self._making
        if self._waits and self._sizes is not None:
            self._draw(self.prepare(), self._sizes)
            yield

    def prepare(self) -> SizeCanvas:
        """Create what is missing of the canvas; later calls return the same one."""
        for _ in self._making:
            pass
        assert self._canvas is not None
        return self._canvas

    def _make(self) -> Iterator[None]:
        from stackgui.gui.widgets.size_canvas import SizeCanvas  # noqa: PLC0415 - imports pyqtgraph: half a second
        from stackgui.gui.widgets.size_plots import MAKERS  # noqa: PLC0415 - as above

        plots: list[PlotItem] = []
        for make in MAKERS:
            plots.append(make())
            yield
        canvas = SizeCanvas(plots, self)
        canvas.hide()
        yield from canvas.pieces
        # Qt's graphics view accepts every drop, but dropped folders must reach the window.
        for inner in canvas.findChildren(QWidget):
            inner.setAcceptDrops(False)
        canvas.set_scale(Scale(self._logarithmic.isChecked()))
        canvas.target_dragged.connect(self._on_dragged)
        canvas.pointed_at.connect(self._on_pointed_at)
        canvas.range_picked.connect(self.range_picked)
        self._layout.insertWidget(0, canvas, 1000)
        self._canvas = canvas

    def _enable_tools(self) -> None:
        for each in (self._logarithmic, self._all, self._save):
            each.setEnabled(self._sizes is not None)

    def _on_scale_chosen(self, logarithmic: bool) -> None:
        if self._canvas is not None:
            self._canvas.set_scale(Scale(logarithmic))

    def _on_all_wanted(self) -> None:
        if self._canvas is not None:
            self._canvas.show_all()

    def _on_dragged(self, height: int, width: int) -> None:
        self._target = (height, width)
        self.target_dragged.emit(height, width)

    def _on_pointed_at(self, index: int) -> None:
        """Describe the size under the pointer."""
        sizes = self._sizes
        if index < 0 or sizes is None:
            has_keys = self._canvas is not None and self._canvas.hasFocus()
            self._readout.setText(tr(KEYS_HINT if has_keys else self._hint))
            return
        count = format_count(int(sizes.count[index]), "picture")
        wide = format_count(int(sizes.width[index]), "pixel")
        where = tr("{wide} wide and {height:,} high", wide=wide, height=int(sizes.height[index]))
        self._readout.setText(
            tr(
                "{count} {where}, for example {example_name}.",
                count=count,
                where=where,
                example_name=self.example_name(int(sizes.example[index])),
            )
        )


class _Readout(theme.SoftLabel):
    """What is said below a plot: always as high as `hint` needs, so that nothing moves when more is said."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._hint = hint
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(1)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def setText(self, text: str) -> None:
        """Show `text`; the tooltip has what there is no room for."""
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the hint."""
        super().resizeEvent(event)
        room = QRect(0, 0, self.width(), 0)
        needed = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._hint)
        self.setFixedHeight(needed.height())


def _draw_image(canvas: SizeCanvas, target: QSaveFile) -> bool:
    image = QImage(canvas.size() * SAVED_SCALE, QImage.Format.Format_RGB32)
    image.fill(canvas.palette().base().color())
    painter = QPainter(image)
    canvas.draw(painter)
    painter.end()
    kind = Path(target.fileName()).suffix[1:] or "png"
    return QImageWriter(target, kind.encode()).write(image)


def _draw_svg(canvas: SizeCanvas, target: QSaveFile) -> bool:
    drawing = QSvgGenerator()
    drawing.setOutputDevice(target)
    drawing.setSize(canvas.size())
    drawing.setViewBox(canvas.rect())
    painter = QPainter(drawing)
    canvas.draw(painter)
    return painter.end()
