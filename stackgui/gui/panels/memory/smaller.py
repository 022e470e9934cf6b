"""The remedies that make the arrays smaller, each a button with what it saves."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from stackgui.core.advice.remedies import Remedy, RemedyKind
from stackgui.core.advice.savings import Savings
from stackgui.core.base.choices import Storage
from stackgui.core.base.units import format_bytes, format_count
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts import savings_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.fold import Fold
from stackgui.gui.widgets.parts import column, named
from stackgui.gui.widgets.theme import SoftLabel, Space


class SmallerPanel(QWidget):
    """One line for each remedy; hidden if there are none.

    Signals
    -------
    options_changed(Options)
    run_changed(RunOptions)
    """

    options_changed = Signal(Options)
    run_changed = Signal(RunOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("smaller")
        self._plan: Plan | None = None
        self._shown: Plan | None = None
        self._busy = False
        self._run = RunOptions("")
        self._remedies: dict[RemedyKind, Remedy] = {}
        self._lines: dict[RemedyKind, tuple[QPushButton, SoftLabel]] = {}
        self._order: list[tuple[QPushButton, SoftLabel]] = []
        self._content = content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(1, 1)
        self._file = self._make_file()
        for kind in RemedyKind:
            self._lines[kind] = self._make_line(kind.name.lower(), *map(tr, savings_texts.REMEDIES[kind]))
            self._lines[kind][0].clicked.connect(lambda _=False, kind=kind: self._choose(kind))
        tip = tr("Shows what would make the stack smaller; each step can be undone.")
        self._fold = Fold("smaller.ways", "", tip, content, opened=True)
        column(self).addWidget(self._fold)
        self._arrange()

    def _make_line(self, name: str, label: str, tip: str) -> tuple[QPushButton, SoftLabel]:
        choose = named(QPushButton(self._content), f"smaller.{name}", label, tip)
        choose.setAutoDefault(False)
        saved = SoftLabel("", self._content)
        saved.setObjectName(f"smaller.{name}.saved")
        saved.setWordWrap(False)
        for each in (choose, saved):
            each.hide()
        return choose, saved

    def _make_file(self) -> tuple[QPushButton, SoftLabel]:
        label = tr("Fill it in a file")
        tip = tr("Writes the array to the disk as it grows, so that no pictures wait in memory.")
        choose, saved = self._make_line("file", label, tip)
        choose.setText(label)
        choose.clicked.connect(lambda: self.run_changed.emit(replace(self._run, storage=Storage.FILE)))
        return choose, saved

    def present(self, screen: Screen) -> None:
        """Lock the results for an earlier plan until those for this plan are known."""
        self._run = screen.run
        self._shown, self._busy = screen.plan, screen.planning
        if screen.plan is None:
            self._plan = None
        self._lock()
        _, saved = self._file
        is_in_memory = screen.run.storage is Storage.MEMORY and not screen.goes_to_bucket
        wanted = is_in_memory and screen.estimate is not None
        if wanted and (found := screen.estimate):
            spared = found.peak_memory_bytes - found.peak_file_bytes
            saved.setText(tr("up to {spared} of memory", spared=format_bytes(spared)))
            saved.setToolTip(
                tr("{bytes}: all pixels that may wait for the disk.", bytes=format_count(spared, "byte"))
            )
        for each in self._file:
            each.setVisible(wanted)
        self._arrange()

    def show_savings(self, found: Savings) -> None:
        """Show the remedies of the current plan."""
        self._plan = found.plan
        self._remedies = {remedy.kind: remedy for remedy in found.remedies}
        for kind, (choose, saved) in self._lines.items():
            remedy = self._remedies.get(kind)
            for each in (choose, saved):
                each.setVisible(remedy is not None)
            if remedy is not None:
                name, figure, tip = savings_texts.remedy_words(found.plan, remedy)
                choose.setText(name)
                choose.setAccessibleName(name)
                choose.setToolTip(tip)
                saved.setText(figure)
        self._lock()
        self._arrange()

    def _lock(self) -> None:
        for choose, _ in self._lines.values():
            choose.setEnabled(self._shown is self._plan and not self._busy)

    def _arrange(self) -> None:
        """Sort the lines by what they save."""
        order = [self._file, *(self._lines[kind] for kind in self._remedies)]
        if order != self._order:  # all around it is laid out anew
            self._order = order
            for row, each in enumerate(order):
                for column_, widget in enumerate(each):
                    self._grid.addWidget(widget, row, column_)
        count = len(self._remedies) + (not self._file[0].isHidden())
        self._fold.set_title(savings_texts.ways(count))
        self._fold.setVisible(count > 0)

    def _choose(self, kind: RemedyKind) -> None:
        self.options_changed.emit(self._remedies[kind].options)
