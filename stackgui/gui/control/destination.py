"""Where a stack is saved unless the person says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from pathlib import Path

from stackgui.core.advice.estimate import Resources
from stackgui.core.base.errors import DestinationError
from stackgui.core.run.run import RunOptions, Unfinished
from stackgui.engine import Engine
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.screen import Destination, Screen
from stackgui.gui.texts.ways_out import told

Check = Callable[[Sequence[str], RunOptions], None]
Find = Callable[[str], Unfinished | None]
MAX_NUMBER = 10_000


def propose(parent: Path, sources: tuple[str, ...], avoided: Container[str] = ()) -> str:
    """Name a folder in `parent` after the first source, with a number where that name is taken or avoided.

    Nothing is made; ``""`` without a source.
    """
    if not sources:
        return ""
    first = Path(sources[0])
    # The ending of an archive or a list says nothing of the stack: ``pets.tar.gz`` becomes ``pets``.
    name = (first.name.lstrip(".").partition(".")[0] if first.is_file() else first.name) or "stack"
    candidates = (parent / (name if number == 1 else f"{name} {number}") for number in range(1, MAX_NUMBER))
    free = (path for path in candidates if str(path) not in avoided and not path.exists())
    return str(next(free, parent / name))


def look_at(check: Check, find: Find, sources: tuple[str, ...], run: RunOptions) -> Destination:
    """Ask `check` whether `run` can write its stack and whether replacing what is there would help.

    `find` tells of an unfinished conversion to the same place.
    """
    problem = _problem(check, sources, run)
    unfinished = resumable(find(run.destination))
    offers = bool(problem) and not run.replace and unfinished is None
    replaceable = offers and not _problem(check, sources, replace(run, replace=True))
    return Destination(problem, replaceable, unfinished)


class Survey:
    """Measures what the machine has to give, and looks whether the stack can be written to its destination.

    A new look drops the one before rather than waiting for it: that one may hang at a place on a network.

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
        """Whether it looks at this moment."""
        return self._jobs.is_active("survey")

    def look(self) -> None:
        """Look anew; at nothing while no destination is known."""
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
        self._show(transitions.estimated(replace(screen, resources=resources, destination=found)))


def resumable(unfinished: Unfinished | None) -> Unfinished | None:
    """`unfinished` unless somebody is working on it at this moment."""
    return None if unfinished is None or unfinished.in_use else unfinished


def _problem(check: Check, sources: tuple[str, ...], run: RunOptions) -> str:
    try:
        check(sources, run)
    except DestinationError as error:
        return told(error)
    return ""
