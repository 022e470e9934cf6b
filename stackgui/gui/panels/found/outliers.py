"""The tab Outliers: the few pictures that make the array much larger, and what to do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from stackgui.core.advice.outliers import Fate, with_fate
from stackgui.core.advice.savings import Savings
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_size
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import RowThumb
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import savings_texts, texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.choice_buttons import ChoiceButtons
from stackgui.gui.widgets.flow import Flow, flowing
from stackgui.gui.widgets.parts import Words, button, column, line, named, scrolling
from stackgui.gui.widgets.row_view import RowView
from stackgui.gui.widgets.theme import SoftLabel, Space

MAX_SHOWN = 24
"""Limit for costly pictures, and for those already dealt with; each line takes a dozen widgets."""

PICTURE_PX = QSize(112, 76)
HINT = say(
    "Costliest first. Each line says how small the array gets without that picture and all those above it. "
    "Your files stay as they are."
)
FATES = {
    Fate.SHRINK: (
        say("Scale down"),
        "sizes",
        say("Scales it down so that the other pictures decide the size."),
    ),
    Fate.EXCLUDE: (say("Leave out"), "minus", say("Leaves it out of the stack; its file stays.")),
    Fate.KEEP: (say("Keep"), "check", say("Keeps all of its pixels.")),
}
"""Label, icon and tooltip."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of the list.

    Attributes
    ----------
    sample : int
    cost : str
    fate : Fate
    """

    sample: int
    cost: str
    fate: Fate


class _Line(QWidget):
    """Thumbnail, name, cost and three buttons of one picture."""

    def __init__(self, place: int, choose: Callable[[int, Fate], None]) -> None:
        super().__init__()
        name = f"outliers.{place}"
        self.setObjectName(f"{name}.line")
        self.sample = -1
        self.picture = RowView(f"{name}.picture", PICTURE_PX, padded=True)
        self._name, self._size = Words(f"{name}.name", bold=True), SoftLabel()
        self._size.setObjectName(f"{name}.size")
        self._cost = Words(f"{name}.cost")
        self._name.setMinimumWidth(1)
        self._fates = named(ChoiceButtons(), name, tr("What becomes of this picture"), "")
        self._fates.set_choices(
            [(fate.value, tr(label), icon, tr(tip)) for fate, (label, icon, tip) in FATES.items()]
        )
        self._fates.changed.connect(lambda value: choose(self.sample, Fate(value)))
        facts = column(spacing=Space.XS)
        for each in (self._name, self._size, self._cost):
            facts.addWidget(each)
        facts.addWidget(self._fates, 0, Qt.AlignmentFlag.AlignLeft)
        layout = line(self, spacing=Space.M)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(facts, 1)

    def show_entry(self, catalog: Catalog, entry: Entry) -> None:
        """Show the picture of `entry`."""
        self.sample = entry.sample
        name = printable(catalog.path[entry.sample])
        self._name.setText(name)
        size = format_size(int(catalog.height[entry.sample]), int(catalog.width[entry.sample]))
        self._size.setText(tr("{size} px", size=size))
        self._cost.setText(entry.cost)
        self.show_fate(entry.fate)

    def show_fate(self, fate: Fate) -> None:
        """Press only the button of `fate`."""
        self._fates.set_value(fate.value)

    def set_locked(self, locked: bool) -> None:
        """Disable or enable the buttons."""
        self._fates.setEnabled(not locked)


class OutliersPage(Tab):
    """The total cost of the outliers, and a line for each.

    Signals
    -------
    listed()
        The list of pictures has changed.
    """

    TITLE = say("Outliers")
    ICON = "turned"
    HELP = "memory"
    IS_RARE = True
    TIP = say("The few pictures that make the array much larger.")

    listed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outliers")
        self._options = Options()
        self._catalog: Catalog | None = None
        self._plan: Plan | None = None
        self._found: Savings | None = None
        self._entries: tuple[Entry, ...] = ()
        self._left = 0
        self._busy = False
        self._lines: list[_Line] = []
        self._thumbs: dict[int, RowThumb] = {}
        self._headline = Words("outliers.headline", bold=True)
        self._hint = SoftLabel(tr(HINT))
        self._more = Words("outliers.more")
        self._all = {
            Fate.SHRINK: button("outliers.shrink", tr("Scale all down"), "sizes", tr(FATES[Fate.SHRINK][2])),
            Fate.EXCLUDE: button(
                "outliers.exclude", tr("Leave all out"), "minus", tr(FATES[Fate.EXCLUDE][2])
            ),
        }
        for fate, made in self._all.items():
            made.clicked.connect(lambda _=False, fate=fate: self._choose(self._costly(), fate))
        layout = column(self, margin=Space.M)
        layout.addWidget(self._headline)
        layout.addWidget(self._hint)
        layout.addLayout(self._make_buttons())
        layout.addWidget(self._make_list(), 1)
        layout.addWidget(self._more)
        self._fill()

    def _make_buttons(self) -> Flow:
        return flowing(*self._all.values())

    def _make_list(self) -> QScrollArea:
        inner = QWidget()
        self._list = column(inner, spacing=Space.M)
        self._list.addStretch(1)
        return scrolling("outliers.list", tr("Outliers"), inner)

    def present(self, screen: Screen) -> None:
        """Lock the results for an earlier plan until those for this plan are known."""
        self._options = screen.options
        if screen.catalog is not self._catalog:
            self._catalog, self._found, self._entries = screen.catalog, None, ()
            self._fill()
        if screen.plan is not self._plan:
            self._plan = screen.plan
            listed = self.samples_in_view()
            self._thumbs = {sample: self._thumbs[sample] for sample in listed if sample in self._thumbs}
        self._busy = screen.planning
        self._lock()

    def show_savings(self, found: Savings) -> None:
        """List the outliers of the current plan."""
        self._found = found
        costly, done = _costly_entries(found), _tamed_entries(found)
        self._entries = (*done[:MAX_SHOWN], *costly[:MAX_SHOWN])
        self._left = len(done) + len(costly) - len(self._entries)
        self._fill()
        self.listed.emit()

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of `sample`; an excluded sample keeps the thumbnail of its former row."""
        if thumb is None:
            self._thumbs.pop(sample, None)
        elif not (thumb.reason and sample in self._thumbs):
            self._thumbs[sample] = thumb
        for each in self._lines:
            if each.sample == sample:
                each.picture.set_thumb(self._thumbs.get(sample))

    def showEvent(self, event: QShowEvent) -> None:
        """Create the lines that were postponed while the tab was hidden."""
        super().showEvent(event)
        self._fill()

    def samples_in_view(self) -> tuple[int, ...]:
        """Return the listed samples."""
        return tuple(entry.sample for entry in self._entries)

    def _costly(self) -> tuple[int, ...]:
        steps = self._found.outliers if self._found is not None else ()
        return tuple(sample for step in steps for sample in step.samples)

    def _fill(self) -> None:
        found = self._found
        self._headline.setText(savings_texts.tax(found.plan, found.outliers) if found else "")
        self._hint.setVisible(bool(self._entries))
        self._fill_buttons()
        if self.isVisible():
            self._fill_lines()
        self._more.setText(tr("And {pictures} more.", pictures=texts.pictures(self._left)))
        self._more.setVisible(self._left > 0)
        self._lock()

    def _fill_lines(self) -> None:
        for place in range(len(self._lines), len(self._entries)):
            made = _Line(place, lambda sample, fate: self._choose((sample,), fate))
            self._list.insertWidget(place, made)
            self._lines.append(made)
        for place, each in enumerate(self._lines):
            each.setVisible(place < len(self._entries))
            if place < len(self._entries) and self._catalog is not None:
                entry = self._entries[place]
                each.show_entry(self._catalog, entry)
                each.picture.set_thumb(self._thumbs.get(entry.sample))

    def _fill_buttons(self) -> None:
        steps = self._found.outliers if self._found is not None else ()
        for fate, made in self._all.items():
            made.setVisible(bool(steps))
            if steps:
                last = steps[-1]
                after = last.array_bytes if fate is Fate.EXCLUDE else last.shrunk_bytes
                made.setToolTip(
                    tr(
                        "{fates} The array shrinks to {after}.",
                        fates=FATES[fate][2],
                        after=format_bytes(after),
                    )
                )

    def _lock(self) -> None:
        locked = self._busy or self._found is None or self._plan is not self._found.plan
        for each in self._lines:
            each.set_locked(locked)
        for made in self._all.values():
            made.setEnabled(not locked)

    def _choose(self, samples: tuple[int, ...], fate: Fate) -> None:
        # The screen decides which button is pressed, and it may change only later.
        for each, entry in zip(self._lines, self._entries, strict=False):
            each.show_fate(entry.fate)
        if self._catalog is not None:
            self.options_changed.emit(with_fate(self._options, self._catalog, samples, fate))


def _costly_entries(found: Savings) -> list[Entry]:
    entries = []
    before = savings_texts.array_bytes(found.plan)
    for place, step in enumerate(found.outliers):
        words = savings_texts.step_words(before, step, first=place == 0)
        for sample in step.samples:
            entries.append(Entry(sample, words, Fate.KEEP))
            words = tr("counted together with the one above")
        before = step.array_bytes
    return entries


def _tamed_entries(found: Savings) -> list[Entry]:
    left_out = found.plan.options.exclude.mask(found.plan.catalog)
    return [
        Entry(
            sample, tr("no longer makes the array larger"), Fate.EXCLUDE if left_out[sample] else Fate.SHRINK
        )
        for sample in found.former_outliers
    ]
