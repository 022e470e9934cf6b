"""The panel below the plan: the memory and disk that it needs, and whether they are available."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.advice.estimate import Estimate, Resources, Verdict
from stackgui.core.base.units import format_bytes, format_count
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.memory.other_machine import OtherMachinePanel
from stackgui.gui.panels.memory.smaller import SmallerPanel
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.memory_bar import BarPart, MemoryBar
from stackgui.gui.widgets.parts import Mark, Words, column, line
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Role, SoftLabel, Space

ROLES = {
    Verdict.FITS_IN_MEMORY: Role.SUCCESS,
    Verdict.USE_A_FILE: Role.INFO,
    Verdict.IS_SENT: Role.INFO,
    Verdict.DOES_NOT_FIT: Role.ERROR,
}


class MemoryPanel(QWidget):
    """Size of the stack, bars for memory and disk, verdict, remedies, and the check for another computer.

    Signals
    -------
    options_changed(Options)
    run_changed(RunOptions)
    """

    HELP: ClassVar[str] = "memory"

    options_changed = Signal(Options)
    run_changed = Signal(RunOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("memory")
        self._estimate: Estimate | None = None
        self._plan: Plan | None = None
        self._size = Words("memory.size", bold=True)
        self._shape = SoftLabel()
        self._shape.setObjectName("memory.shape")
        self._mark = Mark("memory.mark")
        self._verdict = Words("memory.verdict", bold=True)
        self._reason = Words("memory.reason")
        self._memory = MemoryBar()
        self._memory.setObjectName("memory.memoryBar")
        self._disk = MemoryBar()
        self._disk.setObjectName("memory.diskBar")
        self._disk.setAccessibleName(tr("Disk"))
        self.smaller = SmallerPanel()
        self.smaller.options_changed.connect(self.options_changed)
        self.smaller.run_changed.connect(self.run_changed)
        self.other = OtherMachinePanel()
        self._lay_out()

    def _lay_out(self) -> None:
        layout = column(self, spacing=Space.S)
        layout.addWidget(theme.heading(tr("Memory and disk")))
        layout.addWidget(Steady(self._size))
        layout.addWidget(Steady(self._shape))
        verdict = line()
        verdict.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(Steady(self._verdict), 1)
        layout.addLayout(verdict)
        layout.addWidget(Steady(self._reason))
        layout.addWidget(self._memory)
        layout.addWidget(self._disk)
        layout.addWidget(self.smaller)
        layout.addWidget(self.other)
        layout.addStretch(1)

    def present(self, screen: Screen) -> None:
        """Show the estimate and the remedies of `screen`."""
        plan, found = screen.plan, screen.estimate
        self.smaller.present(screen)
        self.other.present(screen)
        self.setVisible(found is not None and plan is not None)
        same = plan is self._plan and found is self._estimate
        self._plan, self._estimate = plan, found
        if plan is None or found is None or same:
            return
        self._size.setText(texts.plan_size(plan, found))
        self._size.setToolTip(tr(format_count(found.stack_bytes, "byte")))
        self._shape.setText(texts.shape(plan))
        self._present_bars(found, screen.resources)
        self._mark.set_role(ROLES[found.verdict])
        self._verdict.setText(tr(texts.VERDICTS[found.verdict]))
        self._reason.setText(tr(found.reason))
        self._reason.setToolTip(_peak(found))

    def _present_bars(self, found: Estimate, resources: Resources | None) -> None:
        total = resources.total_memory_bytes if resources else found.free_memory_bytes
        array = BarPart(tr("array"), sum(found.array_bytes), Role.ACCENT)
        working = BarPart(tr("working memory"), found.working_bytes, Role.SECOND)
        self._memory.set_parts(
            (working,) if found.verdict is Verdict.IS_SENT else (array, working),
            _in_use(tr("other programs"), total, found.free_memory_bytes),
            BarPart(tr("free memory"), found.free_memory_bytes),
        )
        free = found.free_disk_bytes
        self._disk.setVisible(free is not None)
        self._disk.set_parts(
            (BarPart(tr("stack"), found.stack_bytes, Role.ACCENT),),
            _in_use(tr("other files"), resources.total_disk_bytes if resources else None, free or 0),
            BarPart(tr("free disk"), free or 0),
        )


def _in_use(name: str, total_bytes: int | None, free_bytes: int) -> BarPart | None:
    """Return the part of memory or disk in use by others; None if the total is unknown."""
    return None if total_bytes is None else BarPart(name, max(0, total_bytes - free_bytes), Role.MUTED)


def _peak(found: Estimate) -> str:
    if found.verdict is Verdict.IS_SENT:
        return tr("The whole program needs up to {file} of memory.", file=format_bytes(found.peak_file_bytes))
    file, memory = (format_bytes(most) for most in (found.peak_file_bytes, found.peak_memory_bytes))
    return tr(
        "Filling it in a file, the whole program needs about {file} of memory; filling it in memory, at most "
        "{memory}.",
        file=file,
        memory=memory,
    )
