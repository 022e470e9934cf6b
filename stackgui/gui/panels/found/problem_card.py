"""One problem: what it is, what to do, some of its pictures or files, and the buttons for it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton

from stackgui.core.advice.problem_files import files_of_examples
from stackgui.core.advice.problem_words import Severity
from stackgui.core.advice.problems import Deed, Problem
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import Mend
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts import problem_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Mark, Words, button, column, line
from stackgui.gui.widgets.row_view import RowView
from stackgui.gui.widgets.theme import Role, Space

MAX_PICTURES = 4
PICTURE_PX = QSize(84, 60)
ROLES = {
    Severity.CANNOT_BE_USED: Role.ERROR,
    Severity.LOOK_AT_IT: Role.WARNING,
    Severity.LEFT_ASIDE: Role.INFO,
}


class ProblemCard(QFrame):
    """One problem.

    Parameters
    ----------
    name
        Object name; those of the parts begin with it.

    Signals
    -------
    done(Deed, Problem)
        The person wants this done about the problem.
    files_wanted(Problem)
        Show all of its files.
    mend_wanted(Mend)
        Change the choices so that there is no such problem.
    """

    done = Signal(object, object)
    files_wanted = Signal(object)
    mend_wanted = Signal(Mend)

    def __init__(self, name: str, problem: Problem) -> None:
        super().__init__()
        self.setObjectName(name)
        self._problem = problem
        self._mark = Mark(f"{name}.mark")
        self._words = Words(f"{name}.words", bold=problem.severity is not Severity.LEFT_ASIDE)
        self._advice = Words(f"{name}.advice")
        self._files = Words(f"{name}.files")
        self.examples = tuple(
            RowView(f"{name}.example.{place}", PICTURE_PX, padded=False) for place in range(MAX_PICTURES)
        )
        self._buttons = {deed: self._make_button(name, deed) for deed in Deed}
        self._mend = button(
            f"{name}.mend",
            tr("Change it"),
            "check",
            tr("Changes the choices accordingly; Undo takes it back."),
        )
        self._mend.clicked.connect(self._tell_mend)
        self._all = button(f"{name}.all", "", "list", tr("Lists them all, with the reasons."))
        self._all.clicked.connect(lambda: self.files_wanted.emit(self._problem))
        self._lay_out()
        self.present(problem, busy=False)

    def _make_button(self, name: str, deed: Deed) -> QPushButton:
        text, icon, tip = problem_texts.DEEDS[deed]
        made = button(f"{name}.{deed.name.lower()}", tr(text), icon, tr(tip))
        made.clicked.connect(lambda: self.done.emit(deed, self._problem))
        return made

    def _lay_out(self) -> None:
        outer = line(self, spacing=Space.S)
        outer.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        inside = column(spacing=Space.XS)
        for words in (self._words, self._advice, self._files):
            # A long name without a place to break it must not widen the window.
            words.setMinimumWidth(1)
            inside.addWidget(words)
        for widgets in (self.examples, (self._mend, *self._buttons.values(), self._all)):
            inside.addLayout(flowing(*widgets))
        outer.addLayout(inside, 1)

    def present(self, problem: Problem, *, busy: bool) -> None:
        """Show `problem`; nothing can be retried while a run is active (`busy`)."""
        self._problem = problem
        aside = problem.severity is Severity.LEFT_ASIDE
        self._mark.set_role(ROLES[problem.severity])
        for words, text in (
            (self._words, problem_texts.in_window(problem.text)),
            (self._advice, problem_texts.advice(problem)),
            (self._files, "" if aside else problem_texts.first_files(problem)),
        ):
            words.setText(text)
            words.setVisible(bool(text))
        for place, example in enumerate(self.examples):
            example.setVisible(place < len(self.samples()))
        for deed, made in self._buttons.items():
            made.setVisible(deed in problem.deeds)
            made.setText(problem_texts.deed_label(deed, problem.count))
            made.setEnabled(not (busy and deed is Deed.RETRY))
        self._mend.setVisible(problem.mend is not None)
        if problem.mend is not None:
            self._mend.setText(tr(problem.mend.caption).replace("&", "&&"))
            self._mend.setAccessibleName(tr(problem.mend.caption))
        count = len(problem.files)
        self._all.setVisible(count > (0 if aside else problem_texts.SHOWN_FILES))
        self._all.setText(problem_texts.list_label(count))
        files = format_count(count, "file")
        self._all.setAccessibleName(tr("{label}: {files}", label=self._all.text(), files=files))

    def let_go(self) -> None:
        """Hide, and keep nothing of the catalog alive until there is another problem to show."""
        self.hide()
        self._problem = replace(self._problem, files=files_of_examples(()), samples=None, side_by_side=None)

    def _tell_mend(self) -> None:
        if self._problem.mend is not None:
            self.mend_wanted.emit(self._problem.mend)

    def samples(self) -> tuple[int, ...]:
        """Return the samples whose thumbnails it shows; what cannot be read has none."""
        problem = self._problem
        samples = problem.samples if problem.side_by_side is None else problem.side_by_side
        if samples is None or self._problem.severity is not Severity.LOOK_AT_IT:
            return ()
        return tuple(samples[:MAX_PICTURES].tolist())

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of `sample`, if it is an example."""
        for place, each in enumerate(self.samples()):
            if each == sample:
                self.examples[place].set_thumb(thumb)
