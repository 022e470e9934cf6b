"""The check whether the arrays fit on the computer that will train with them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from stackgui.core.advice.remedies import Machine, fitness
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.fold import Fold
from stackgui.gui.widgets.parts import Mark, Words, choices_form, column, line, named
from stackgui.gui.widgets.theme import Role, Space

GB = 10**9
MIN_GB, MAX_GB = 0.5, 100_000.0
MAX_BATCH = 1_000_000
FIRST = Machine(16 * GB, 8 * GB, 32)
TITLE = say("Will it fit on another computer?")


class OtherMachinePanel(QWidget):
    """Fields for that computer's memory, and the answer in a sentence or two."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("other")
        self._plan: Plan | None = None
        self._memory = _gigabytes("other.memory", tr("Memory"), tr("Memory of that computer."), MIN_GB)
        self._gpu = _gigabytes(
            "other.gpu", tr("GPU memory"), tr("Memory of its graphics processor; 0 if it has none."), 0.0
        )
        self._gpu.setSpecialValueText(tr("none"))
        self._batch = named(
            QSpinBox(),
            "other.batch",
            tr("Batch size"),
            tr("How many rows the model is trained on at a time."),
        )
        self._batch.setRange(1, MAX_BATCH)
        self._batch.setGroupSeparatorShown(True)
        self._batch.setSuffix(tr(" rows"))
        self._mark = Mark("other.mark")
        self._verdict = Words("other.verdict")
        tip = tr("Type the memory of the computer that will train with the stack.")
        self._fold = Fold("other.fold", tr(TITLE), tip, self._make_content(), opened=False)
        self._fold.opened.connect(self._judge)
        column(self).addWidget(self._fold)
        self.set_machine(FIRST)
        for box in (self._memory, self._gpu, self._batch):
            box.valueChanged.connect(self._judge)

    def _make_content(self) -> QWidget:
        content = QWidget()
        layout = column(content)
        form = choices_form()
        form.setHorizontalSpacing(Space.S)
        for box in (self._memory, self._gpu, self._batch):
            form.addRow(box.accessibleName(), box)
        layout.addLayout(form)
        verdict = line()
        verdict.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(self._verdict, 1)
        layout.addLayout(verdict)
        return content

    def machine(self) -> Machine:
        """Return the computer that was typed."""
        memory, gpu = (round(box.value() * GB) for box in (self._memory, self._gpu))
        return Machine(memory, gpu, self._batch.value())

    def set_machine(self, machine: Machine) -> None:
        """Fill the fields with `machine`."""
        self._memory.setValue(machine.memory_bytes / GB)
        self._gpu.setValue(machine.gpu_bytes / GB)
        self._batch.setValue(machine.batch)

    def present(self, screen: Screen) -> None:
        """Judge the plan of `screen`."""
        if screen.plan is not self._plan:
            self._plan = screen.plan
            self._judge()

    def _judge(self) -> None:
        if self._plan is None or not self._fold.is_open:
            return
        found = fitness(self._plan, self.machine())
        self._verdict.setText(" ".join(map(tr, found.sentences)))
        loaded = Role.SUCCESS if found.floats_in_memory else Role.INFO
        self._mark.set_role(loaded if found.batch_fits else Role.WARNING)


def _gigabytes(name: str, label: str, tip: str, least: float) -> QDoubleSpinBox:
    box = named(QDoubleSpinBox(), name, label, tip)
    box.setRange(least, MAX_GB)
    box.setDecimals(1)
    box.setGroupSeparatorShown(True)
    box.setSuffix(tr(" GB"))
    return box
