"""Which project is open: new ones, opened ones, saved ones, and those that were open before."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say, say_many
from stackgui.core.options.options import Options
from stackgui.core.project.history import History, Work
from stackgui.core.project.project import SUFFIX, Project
from stackgui.core.project.recents import Recent, RecentKind, Recents, named
from stackgui.engine import Control
from stackgui.engine.project_file import OpenedProject, forget_blank, own_folder, read_project, write_project
from stackgui.gui.control.errands import Errands, WaitingView
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.keeping import Keeping
from stackgui.gui.control.recents import RecentList, RecentsView
from stackgui.gui.control.screen import Kind, Screen
from stackgui.gui.texts.language import tr

NEW = say("New project")
JOB = say("open project")
TIDY = "forget blank projects"


class ProjectsView(WaitingView, RecentsView, Protocol):
    """View that shows messages and what was used last."""

    def forget_message(self) -> None:
        """Remove a message that speaks of another project, unless it waits for something."""


class Memory:
    """What outlasts the session; this one forgets at once."""

    def unfinished(self) -> str:
        """Return the destination of the last conversion that began but did not complete, or ``""``."""
        return ""

    def keep_unfinished(self, destination: str) -> None:
        """Save `destination` at once, since a power cut may end the run."""

    def project(self) -> str:
        """Return the file of the project that was open last, or ``""``."""
        return ""

    def keep_project(self, file: str) -> None:
        """Save `file` at once, since a crash may end the program."""

    def recents(self) -> Recents:
        """Return what was used last, the latest first."""
        return ()

    def keep_recents(self, recents: Recents) -> None:
        """Save `recents`."""

    def lock(self, file: str) -> bool:  # noqa: ARG002 - others need it
        """Keep other windows from `file` until this one closes; return False if another has it open."""
        return True


NO_MEMORY = Memory()


def new_file() -> str:
    """Return a file, not yet written, for a project without a name."""
    return os.path.join(own_folder(), f"{time.strftime('%Y-%m-%d %H-%M-%S')} {uuid.uuid4().hex[:4]}{SUFFIX}")


def has_name(file: str) -> bool:
    """Return whether a person named the project in `file`."""
    return os.path.dirname(file) != own_folder()


def project_name(file: str, sources: tuple[str, ...]) -> str:
    """Return what people call a project: its own name, or that of its sources."""
    if has_name(file):
        return printable(os.path.basename(file).removesuffix(SUFFIX))
    if not sources:
        return NEW
    first = printable(os.path.basename(sources[0]) or sources[0])
    more = len(sources) - 1
    if not more:
        return first
    return say_many(more, "{first} and {count:,} other", "{first} and {count:,} others", first=first)


class Projects:
    """Opens projects and keeps the one on the screen in its file.

    Parameters
    ----------
    jobs, errands, view, memory
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    become
        Called with work to put on the screen, and the history from there.
    first_options
        Returns the options of a new project, given those before.

    Attributes
    ----------
    recents : RecentList
    """

    def __init__(
        self,
        jobs: Jobs,
        errands: Errands,
        view: ProjectsView,
        memory: Memory,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
        become: Callable[[Work, History], None],
        first_options: Callable[[Options], Options],
    ) -> None:
        self._jobs = jobs
        self._errands = errands
        self._view = view
        self._memory = memory
        self._screen = screen
        self._show = show
        self._become = become
        self._first_options = first_options
        self._keeping = Keeping(jobs, self._could_not_keep)
        self.recents = RecentList(jobs, view, load=memory.recents, keep=memory.keep_recents)
        self._open_file = ""
        self._blank: Work | None = None

    def begin(self, file: str, *, blank: bool = False) -> None:
        """Open the project in `file`, or else the one of the last session unless work begins meanwhile.

        With `blank`, nothing is opened: other work begins, and the last session's is kept in its file.
        """
        self._blank = self._screen().work
        self._keeping.is_worthless(self._blank)
        self.recents.begin()
        last = file or ("" if blank else self._memory.project())
        self._jobs.start(TIDY, lambda _control: forget_blank(time.time(), last), lambda _ending: None)
        if last:
            self._begin_opening(last, is_asked=bool(file))

    def use(self, screen: Screen) -> None:
        """Keep the work of `screen`, and note what is used in it."""
        work = screen.work
        self._keeping.use(work)
        sources = [named(RecentKind.SOURCE, source) for source in work.project.sources]
        self.recents.note(RecentKind.SOURCE, sources)
        stack = screen.check.stack if screen.check else ""
        if screen.end and screen.end.report:
            stack = screen.end.report.stack
        if stack:
            self.recents.note(RecentKind.STACK, [named(RecentKind.STACK, stack)])
        if work.file != self._open_file and work != self._blank:
            self._open_file = work.file
            self._memory.lock(work.file)
            self._memory.keep_project(work.file)
        elif work == self._blank and self._open_file:
            self._open_file = ""
            self._memory.keep_project("")

    def poll(self) -> None:
        """Write what is due, and note a project once it is in its file."""
        self._keeping.poll()
        work = self._screen().work
        if self._keeping.is_there(work.file) and not work.project.is_blank:
            title = tr(project_name(work.file, work.project.sources))
            self.recents.note(RecentKind.PROJECT, [Recent(RecentKind.PROJECT, work.file, title)])

    def close(self, timeout_s: float) -> None:
        """Write what is left."""
        self._keeping.close(timeout_s)

    # New, open, save as

    def start_new(self) -> None:
        """Begin a new project with the choices that suit any pictures; the old one stays where it is."""
        screen = self._screen()
        if screen.project.is_blank and not has_name(screen.file):
            return
        options = self._first_options(screen.options.for_other_pictures())
        project = Project(options=options, run=replace(screen.run, destination=""))
        work = Work(new_file(), project)
        if self._blank is not None and project == self._blank.project:  # as the program begins anyway
            self._blank = work
            self._keeping.is_worthless(work)
        self._become(work, screen.history.step(screen.work, work, time.monotonic(), NEW))

    def open(self, file: str) -> None:
        """Open the project in `file`; undo leads back to the one before."""
        self._begin_opening(file, is_asked=True)

    def _begin_opening(self, file: str, *, is_asked: bool) -> None:
        at_start = self._screen()

        def ended(ending: Ending[OpenedProject]) -> None:
            if ending.result is None:
                self.recents.look()
                self._view.show_message(Kind.ERROR, tr(ending.text), ending.details)
            elif is_asked or self._screen().work == at_start.work:
                self._opened(ending.result, is_asked=is_asked)

        self._jobs.start(JOB, lambda _control: read_project(os.path.abspath(file)), ended)

    def _opened(self, opened: OpenedProject, *, is_asked: bool) -> None:
        name = project_name(opened.file, opened.project.sources)
        if not self._memory.lock(opened.file):
            if is_asked:
                text = tr("“{name}” is open in another window. Close it there first.", name=name)
                self._view.show_message(Kind.WARNING, text)
            return
        screen = self._screen()
        work = Work(opened.file, opened.project)
        self._keeping.is_read(work, damaged=bool(opened.problem))
        if work == screen.work:
            return
        is_first = screen.project.is_blank and not screen.history.past
        what = say("Open “{name}”", name=name)
        history = History() if is_first else screen.history.step(screen.work, work, time.monotonic(), what)
        self._become(work, history)
        if told := " ".join([tr(opened.problem), *map(_missing, opened.missing)]).strip():
            self._view.show_message(Kind.WARNING, told)

    def save_as(self, file: str) -> None:
        """Keep the project in `file` from now on."""
        target = os.path.abspath(file if file.endswith(SUFFIX) else file + SUFFIX)
        work = self._screen().work
        if not file.endswith(SUFFIX) and target != work.file and os.path.lexists(target):
            # The dialog asked about the name without the ending.
            text = tr(
                "“{target}” is there already. Choose another name.",
                target=printable(os.path.basename(target)),
            )
            self._view.show_message(Kind.WARNING, text)
            return
        if target != work.file and not self._memory.lock(target):
            text = tr(
                "“{target}” is open in another window. Choose another name.",
                target=printable(os.path.basename(target)),
            )
            self._view.show_message(Kind.WARNING, text)
            return

        def save(_control: Control[None]) -> Work:
            write_project(target, work.project)
            if target != work.file and not has_name(work.file):
                with suppress(OSError):  # it is where the person wants it now
                    os.unlink(work.file)
            return work

        self._keeping.forget(work.file)
        text = tr("Saving the project as “{target}”.", target=printable(target))
        self._errands.begin("save project", text, save, lambda saved: self._saved(saved, target))

    def _saved(self, work: Work, target: str) -> None:
        self._keeping.is_read(Work(target, work.project))
        self._move(work.file, target)
        if not has_name(work.file):
            self.recents.drop(work.file)
        self._view.show_message(
            Kind.SUCCESS, tr("Saved as “{target}”. Every change is saved there.", target=printable(target))
        )

    def _move(self, before: str, after: str) -> None:
        """Keep the project of the file `before` in the file `after` from now on."""
        screen = self._screen()
        history = screen.history.moved(before, after)
        self._show(replace(screen, file=after if screen.file == before else screen.file, history=history))

    def _could_not_keep(self, file: str, problem: str) -> None:
        name = printable(os.path.basename(file))
        if not has_name(file):
            self._view.show_message(Kind.ERROR, tr("Your work cannot be saved. {problem}", problem=problem))
            return
        self._move(file, new_file())
        kept = tr("Your work is kept on this computer for now. Save the project elsewhere.")
        self._view.show_message(
            Kind.ERROR,
            tr("“{name}” cannot be saved. {problem} {kept}", name=name, problem=problem, kept=kept),
        )


def _missing(source: str) -> str:
    place = printable(source)
    return tr(
        "{place} is not there. Connect its disk and search again (F5), or remove it from the list.",
        place=place,
    )
