"""The destination of a stack: a proposed name, and whether the stack can be written there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from pathlib import Path

from stackgui.core.advice.estimate import Resources
from stackgui.core.base.addresses import is_address, is_on_web
from stackgui.core.base.errors import UsageError
from stackgui.core.base.source_names import is_archive_name, is_list_name
from stackgui.core.base.ways import Way
from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Engine
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.place import Destination, own_parent
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.ways_out import told

Check = Callable[[Sequence[str], RunOptions], None]
Find = Callable[[str], Unfinished | None]
MAX_NUMBER = 10_000
MAX_ASKED = 4
"""Names of which a server is asked whether they are free, before people have to find one."""

_NUMBERED = re.compile(r"(.+) [2-9][0-9]*")


def propose(parent: Path, sources: tuple[str, ...], avoided: Container[str] = ()) -> str:
    """Propose a folder in `parent` named after the first source, numbered if that name is taken or avoided.

    Nothing is created; returns ``""`` without a source.
    """
    if not sources:
        return ""
    name = Path(sources[0]).name
    if _is_file(sources[0]):
        # The ending of an archive or a list says nothing of the stack: ``pets.tar.gz`` becomes ``pets``.
        name = name.lstrip(".").partition(".")[0]
    name = name or "stack"
    return _numbered(parent, name, avoided)


def _is_file(source: str) -> bool:
    """Return whether a source is a file; at an address its name has to tell."""
    if is_address(source):
        return is_on_web(source) or is_archive_name(source) or is_list_name(source)
    return Path(source).is_file()


def _numbered(parent: Path, name: str, avoided: Container[str] = ()) -> str:
    def is_taken(path: Path) -> bool:
        return str(path) in avoided or os.path.lexists(path)

    if not is_taken(parent / name):
        return str(parent / name)
    # "pets 3" beside "pets" is the third of these; "photos 2019" by itself is not the 2,019th of anything.
    numbered = _NUMBERED.fullmatch(name)
    base = numbered[1] if numbered and is_taken(parent / numbered[1]) else name
    candidates = (parent / f"{base} {number}" for number in range(2, MAX_NUMBER))
    return str(next((path for path in candidates if not is_taken(path)), parent / name))


def look_at(check: Check, find: Find, sources: tuple[str, ...], run: RunOptions) -> Destination:
    """Check whether `run` can write its stack, and whether replacing an older stack would help.

    `find` returns the unfinished conversion to the same destination.
    """
    error = _error(check, sources, run)
    problem = told(error) if error else ""
    unfinished = resumable(find(run.destination))
    if error is None or unfinished is not None:
        return Destination(problem, unfinished=unfinished)
    if is_address(run.destination):
        is_taken = Way.OTHER_NAME in error.ways
        return Destination(problem, free=_free_address(check, sources, run) if is_taken else "")
    replaceable = not run.replace and not _error(check, sources, replace(run, replace=True))
    return Destination(problem, replaceable, free=_free(check, sources, run))


def _free_address(check: Check, sources: tuple[str, ...], run: RunOptions) -> str:
    """Return a place like that of `run` in its bucket, or ``""``; the server is asked a few times at most."""
    start, dot, ending = run.destination.rpartition(".")
    if not dot or "/" in ending:
        start, dot, ending = run.destination, "", ""
    places = (f"{start}-{number}{dot}{ending}" for number in range(2, 2 + MAX_ASKED))
    runs = (replace(run, destination=place) for place in places)
    return next((each.destination for each in runs if not _error(check, sources, each)), "")


def _free(check: Check, sources: tuple[str, ...], run: RunOptions) -> str:
    """Return a place like that of `run` to which the stack can be saved, or ``""``."""
    wanted = Path(run.destination)
    for parent in dict.fromkeys((wanted.parent, own_parent())):
        place = _numbered(parent, wanted.name or "stack", avoided={run.destination})
        if not _error(check, sources, replace(run, destination=place, replace=False)):
            return place
    return ""


class Survey:
    """Measures free memory and disk, and checks whether the stack can be written to its destination.

    A new check drops the previous one instead of waiting for it, since that may hang on a network drive.

    Parameters
    ----------
    engine, jobs
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    """

    def __init__(
        self, engine: Engine, jobs: Jobs, *, screen: Callable[[], Screen], show: Callable[[Screen], None]
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._screen = screen
        self._show = show

    @property
    def busy(self) -> bool:
        """Whether a check is running."""
        return self._jobs.is_active("survey")

    def look(self) -> None:
        """Start a new check, unless there is no destination yet."""
        sources, run = self._screen().sources, self._screen().run
        if not run.destination:
            self._jobs.drop("survey")
            return

        def work(_control: object) -> tuple[Resources, Destination]:
            found = look_at(self._engine.check_destination, self._engine.unfinished, sources, run)
            return self._engine.resources(run.destination), found

        self._jobs.start("survey", work, self._looked)

    def _looked(self, ending: Ending[tuple[Resources, Destination]]) -> None:
        screen = self._screen()
        if ending.result is None:
            self._show(replace(screen, destination=Destination(ending.text)))
            return
        resources, found = ending.result
        is_written = screen.is_done or found.unfinished is not None
        if is_written and screen.estimate is not None and screen.resources is not None:
            # What the stack takes of the disk is in use by now, so what is left says nothing about it.
            resources = screen.resources
        self._show(transitions.estimated(replace(screen, resources=resources, destination=found)))


def resumable(unfinished: Unfinished | None) -> Unfinished | None:
    """Return `unfinished`, or None if another process is working on it."""
    return None if unfinished is None or unfinished.in_use else unfinished


def _error(check: Check, sources: tuple[str, ...], run: RunOptions) -> UsageError | None:
    try:
        check(sources, run)
    except UsageError as error:
        return error
    return None
