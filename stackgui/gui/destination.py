"""Where a stack is saved unless the person says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from stackgui.core.errors import DestinationError
from stackgui.core.run import RunOptions
from stackgui.gui.screen import Destination

Check = Callable[[Sequence[str], RunOptions], None]
MAX_NUMBER = 10_000


def propose(parent: Path, sources: tuple[str, ...]) -> str:
    """Name a folder in `parent` after the first source, with a number where that name is taken.

    Nothing is made; ``""`` without a source.
    """
    if not sources:
        return ""
    name = Path(sources[0]).name or "stack"
    candidates = (parent / (name if number == 1 else f"{name} {number}") for number in range(1, MAX_NUMBER))
    return str(next((path for path in candidates if not path.exists()), parent / name))


def look_at(check: Check, sources: tuple[str, ...], run: RunOptions) -> Destination:
    """Ask `check` whether `run` can write its stack, and whether replacing what is there would help."""
    problem = _problem(check, sources, run)
    if not problem or run.replace:
        return Destination(problem)
    return Destination(problem, replaceable=not _problem(check, sources, replace(run, replace=True)))


def _problem(check: Check, sources: tuple[str, ...], run: RunOptions) -> str:
    try:
        check(sources, run)
    except DestinationError as error:
        return str(error)
    return ""
