"""The choice of how arrays in files are read: the meaning of their axes, and which array to take."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.choice_fields import told
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import Words, choices_form, column

LAYOUTS = (
    (TensorLayout.AUTO, say("deduced from the shape")),
    (TensorLayout.HWC, say("channels last (HWC)")),
    (TensorLayout.CHW, say("channels first (CHW)")),
    (TensorLayout.NHW, say("many grey ones (NHW)")),
)
ONLY_ONE = say("the only one")
EACH = "*"
EACH_ONE = say("each is a picture")


class ArraysPart(QWidget):
    """Visible only if files hold arrays; every choice starts a new scan.

    Signals
    -------
    scan_changed(ScanOptions)
    """

    scan_changed = Signal(ScanOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arrays")
        self._options = ScanOptions()
        self._names: tuple[str, ...] = ()
        self._evidence = Words("arrays.evidence")
        self._layouts = self._box("arrays.layout", "tensor_layout")
        self._layouts.addItems([tr(words) for _, words in LAYOUTS])
        self._arrays = self._box("arrays.array", "array")
        self._layouts.activated.connect(self._tell_layout)
        self._arrays.activated.connect(self._tell_array)
        self._form = choices_form()
        self._form.addRow(tr("Axes"), self._layouts)
        self._form.addRow(tr("Array"), self._arrays)
        layout = column(self)
        layout.addWidget(theme.rule())
        layout.addWidget(theme.heading(tr("NumPy files")))
        layout.addWidget(self._evidence)
        layout.addLayout(self._form)
        self.hide()

    @staticmethod
    def _box(name: str, choice: str) -> QComboBox:
        box = told(DropDown(), name, ScanOptions, choice)
        # A long name must not widen the column.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        return box

    def present(self, screen: Screen) -> None:
        """Show how the arrays of `screen` were read."""
        self.setEnabled(screen.scan is None)
        if screen.scan is not None:
            return  # what was there a moment ago is most likely there again
        options, statistics = screen.scan_options, screen.statistics
        found = screen.catalog.arrays if screen.catalog else ()
        tensors = statistics.tensors if statistics else ()
        self.setVisible(bool(statistics and (tensors or found or options.array)))
        self._options = options
        each = (EACH,) if len(found) > 1 or options.array == EACH else ()
        chosen = (options.array,) if options.array not in ("", EACH, *found) else ()
        self._show_names((*each, *found, *chosen))
        taken = screen.catalog.member_name.names if screen.catalog else ()
        several = 0 if options.array else len(set(found).difference(taken))
        self._evidence.setText(texts.tensors(tensors, several))
        self._evidence.setVisible(bool(self._evidence.text()))
        self._form.setRowVisible(self._arrays, len(self._names) > 1)
        self._layouts.setCurrentIndex([layout for layout, _ in LAYOUTS].index(options.tensor_layout))
        self._arrays.setCurrentIndex(self._names.index(options.array))

    def _show_names(self, names: tuple[str, ...]) -> None:
        if self._names == ("", *names):
            return
        self._names = ("", *names)
        self._arrays.clear()
        shown = (tr(EACH_ONE) if name == EACH else printable(name) for name in names)
        self._arrays.addItems([tr(ONLY_ONE), *shown])

    def _tell_layout(self, index: int) -> None:
        self.scan_changed.emit(replace(self._options, tensor_layout=LAYOUTS[index][0]))

    def _tell_array(self, index: int) -> None:
        self.scan_changed.emit(replace(self._options, array=self._names[index]))
