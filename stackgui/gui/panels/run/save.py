"""The place of the stack, and the buttons that start the run."""

from __future__ import annotations

import os
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from stackgui.core.base.addresses import is_address
from stackgui.core.base.awaited import Awaited
from stackgui.core.base.kinds import typed_path
from stackgui.core.base.text import printable
from stackgui.core.base.typed_addresses import is_meant_as_address
from stackgui.core.run.export_target import address_problem
from stackgui.core.run.run_options import IfUnfinished
from stackgui.gui.control.place import own_parent, proposed_address
from stackgui.gui.control.problems import empty_places
from stackgui.gui.control.screen import Screen, State
from stackgui.gui.texts import bucket_texts, problem_texts, run_texts, texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.parts import Mark, PrimaryButton, Words, button, column, line, named
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Role, Space

LINES = 2
"""Lines that there is always room for, of why the run cannot start."""

TICK_MS = 1000


class SavePanel(QWidget):
    """The destination, and the button that starts the run.

    Signals
    -------
    destination_changed(str), change_wanted(), replace_changed(bool), convert_wanted(), queue_wanted(),
    show_queue_wanted()
    warnings_wanted()
        Show the warnings.
    """

    HELP: ClassVar[str] = "stack"

    destination_changed = Signal(str)
    change_wanted = Signal()
    replace_changed = Signal(bool)
    convert_wanted = Signal()
    queue_wanted = Signal()
    show_queue_wanted = Signal()
    warnings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("save")
        self._screen: Screen | None = None
        self._awaited = Awaited()
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._say)
        self._make_place()
        self._make_starters()
        self._mark = Mark("save.mark")
        self._line = Words("save.line")
        self._warnings = button(
            "save.warnings",
            tr("Look"),
            "warning",
            tr("Shows what is doubtful about the pictures and the plan."),
        )
        self._warnings.clicked.connect(self.warnings_wanted)
        self._free = button("save.free", tr("Save as another"), "save", tr("Saves the stack there instead."))
        self._free_place = ""
        self._lay_out()
        self._connect()

    def _make_place(self) -> None:
        """Create what names the place of the stack."""
        self._path = named(
            QLineEdit(),
            "save.destination",
            tr("Save as"),
            tr(
                "The folder that will hold the stack; it is made for you. Or an address in a bucket, such as "
                "{address}.",
                address="s3://bucket/pets.zarr",
            ),
        )
        self._path.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
        self._change = button(
            "save.change", tr("Ch&ange…"), "folder-open", tr("Chooses another place or name.")
        )
        self._address = button(
            "save.address",
            tr("Address…"),
            "cloud",
            tr("Saves the stack in a bucket: type its address."),
        )
        self._replace = named(
            CheckBox(tr("Replace &it")), "save.replace", tr("Replace the stack that is there"),
            tr("The old stack stays as it is until the new one is complete, and is then replaced."),
        )  # fmt: skip
        policy = self._replace.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._replace.setSizePolicy(policy)

    def _make_starters(self) -> None:
        """Create the buttons that make the stack, now or later."""
        self.convert_button = PrimaryButton(
            "save.convert", tr("&Convert"), "play", tr("Makes the stack (Ctrl+Return).")
        )
        self._queue = button(
            "save.queue",
            tr("Add to &queue"),
            "list",
            tr("Makes the stack later, in turn with others (Ctrl+Shift+Return)."),
        )
        self._show_queue = button(
            "save.showQueue",
            tr("Queue"),
            "clock",
            tr("Shows the stacks that are made one after another (Ctrl+Shift+J)."),
        )

    def _lay_out(self) -> None:
        outer = line(self, spacing=Space.L)
        left = column(spacing=Space.XS)
        place = line()
        label = QLabel(tr("&Save as"))
        label.setBuddy(self._path)
        for widget in (label, self._path, self._change, self._address, self._replace):
            place.addWidget(widget, 1 if widget is self._path else 0)
        left.addLayout(place)
        left.addLayout(self._reason())
        outer.addLayout(left, 1)
        outer.addWidget(self._queue, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addWidget(self.convert_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _reason(self) -> QHBoxLayout:
        """Return the line below the place, and what it may offer."""
        reason = line()
        reason.addWidget(self._mark)
        reason.addWidget(Steady(self._line), 1)
        for offer in (self._free, self._warnings, self._show_queue):
            reason.addWidget(offer)
        # Nothing moves when a button comes, or a second line.
        lines_px = LINES * self._line.fontMetrics().lineSpacing()
        reason.addStrut(max(lines_px, self._warnings.sizeHint().height()))
        return reason

    def _connect(self) -> None:
        self._path.editingFinished.connect(self._tell_destination)
        self._path.returnPressed.connect(self._ask_again)
        self._path.textEdited.connect(lambda _text: self._show_typed())
        self._change.clicked.connect(self.change_wanted)
        self._address.clicked.connect(self.type_address)
        self._replace.clicked.connect(self.replace_changed)
        self.convert_button.clicked.connect(self.convert)
        self._queue.clicked.connect(self.enqueue)
        self._show_queue.clicked.connect(self.show_queue_wanted)
        self._free.clicked.connect(lambda: self.destination_changed.emit(self._free_place))

    def type_address(self) -> None:
        """Propose an address, ready to type or paste another."""
        if (screen := self._screen) is None or not screen.sources:
            return
        start, name = proposed_address(screen.sources, screen.run.destination)
        self._path.setFocus(Qt.FocusReason.ShortcutFocusReason)
        has_bucket = not start.endswith("://")
        self._path.setText(start + name if has_bucket else f"{start}/{name}")
        self._path.setModified(True)
        if has_bucket:
            self._path.setSelection(len(start), len(name))
        else:
            self._path.setCursorPosition(len(start))
        self._show_typed()

    def convert(self) -> None:
        """Make the stack, at the place that was typed last, unless that is none."""
        self._tell_destination()
        if not self._typed_problem():
            self.convert_wanted.emit()

    def enqueue(self) -> None:
        """Make the stack later, at the place that was typed last, unless that is none."""
        self._tell_destination()
        if not self._typed_problem():
            self.queue_wanted.emit()

    def present(self, screen: Screen) -> None:
        """Show the destination of `screen`, and whether the run can start."""
        before, self._screen = self._screen, screen
        is_same = before is not None and before.run.destination == screen.run.destination
        if not self._path.isModified() or not (self._path.hasFocus() or is_same):
            self._path.setText(screen.run.destination)
        for widget in (self._path, self._change, self._address, self._replace):
            widget.setEnabled(bool(screen.sources))
        found = screen.destination
        offered = screen.run.replace or (found is not None and found.replaceable)
        self._replace.setVisible(offered and not screen.is_done and not screen.under_way)
        self._replace.setChecked(screen.run.replace)
        wanted = screen.sources and not screen.under_way and not screen.is_done
        self._present_free(found.free if found and wanted else "")
        self._show_queue.setVisible(bool(screen.queue.queue.jobs))
        pending = len(screen.queue.queue.pending)
        self._show_queue.setText(tr("Queue ({count:,})", count=pending) if pending else tr("Queue"))
        self._show_queue.setAccessibleName(self._show_queue.text())
        problems = screen.problems.serious
        self._warnings.setVisible(problems > 0 and not screen.under_way)
        self._warnings.setText(problem_texts.count_label(screen.problems))
        self._warnings.setAccessibleName(self._warnings.text())
        if not (is_same and before is not None and before.is_asking and screen.is_asking):
            self._awaited.heard()
        self._show_typed()

    def _present_free(self, place: str) -> None:
        """Offer to save to `place` instead, unless it is ``""``."""
        self._free_place = place
        self._free.setVisible(bool(place))
        text = tr("Save as “{place}”", place=printable(os.path.basename(place)))
        self._free.setText(text.replace("&", "&&"))
        self._free.setAccessibleName(text)
        self._free.setToolTip(tr("Saves the stack as {place} instead.", place=printable(place)))

    def _show_typed(self) -> None:
        """Show what becomes of what is typed, and of the place that was typed before."""
        if (screen := self._screen) is None:
            return
        is_possible = screen.can_convert and not self._typed_problem()
        self.convert_button.setEnabled(is_possible)
        self._queue.setEnabled(is_possible)
        if screen.is_asking:
            self._ticks.start()
        else:
            self._ticks.stop()
        self._say()

    def _say(self) -> None:
        screen, typed = self._screen, self._typed()
        assert screen is not None, "there is something to tell of"
        if problem := self._typed_problem():
            role, text = Role.WARNING, tr(problem)
        elif is_address(typed) and screen.sources:
            role, text = Role.INFO, tr(bucket_texts.ASK)
        else:
            role, text = _role(screen), tr(screen.obstacle) or _ready_line(screen)
            if screen.is_asking and (seconds := self._awaited.seconds) and not screen.scan:
                text = tr("{text} No answer for {seconds:,} s.", text=text, seconds=seconds)
        self._mark.set_role(role)
        self._line.setText(text)

    def _typed(self) -> str:
        """Return what was typed since the place was told, or ``""``."""
        return self._path.text().strip() if self._path.isModified() else ""

    def _typed_problem(self) -> str:
        """Return why an address that was typed is no place for a stack, by its text alone, or ``""``."""
        typed = self._typed()
        return address_problem(typed, "") if is_meant_as_address(typed) else ""

    def _folder(self) -> str:
        """Return where a mere name lies: beside the place before, as far as that is on this computer."""
        before = "" if self._screen is None else self._screen.run.destination
        return str(own_parent()) if not before or is_address(before) else os.path.dirname(before)

    def _ask_again(self) -> None:
        found = None if self._screen is None else self._screen.destination
        if self._screen is not None and found is not None and found.problem and not self._path.isModified():
            self.destination_changed.emit(self._screen.run.destination)

    def _tell_destination(self) -> None:
        typed = self._typed()
        if self._path.isModified() and not typed and self._screen is not None:
            self._path.setText(self._screen.run.destination)
        if typed and not self._typed_problem():
            self._path.setModified(False)
            self.destination_changed.emit(typed_path(typed, self._folder()))
        self._show_typed()


def _role(screen: Screen) -> Role:
    is_in_hand = screen.is_queued or screen.is_done
    if screen.state is State.BLOCKED and screen.destination is not None and not is_in_hand:
        return Role.WARNING
    if screen.obstacle or not screen.warned:
        return Role.INFO
    return Role.WARNING if screen.problems.serious else Role.SUCCESS


def _ready_line(screen: Screen) -> str:
    if screen.plan is None or screen.estimate is None:
        return ""
    if not screen.warned:
        return tr("Checking the labels and the plan.")
    size = texts.plan_size(screen.plan, screen.estimate)
    ready = run_texts.ready_line(screen.plan.rows, size, empty_places(screen))
    sentences = [ready, problem_texts.look_first(screen.problems)]
    if screen.goes_to_bucket:
        sentences.append(bucket_texts.idle_choices(screen.options, screen.run))
    if screen.run.unfinished is IfUnfinished.RESTART:
        sentences.append(tr("The rows of the unfinished conversion will be thrown away."))
    return " ".join(filter(None, sentences))
