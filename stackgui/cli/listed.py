"""The first of many problems, for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

from stackgui.core.base.units import format_count
from stackgui.core.run.report import Failure

MAX_LISTED = 10
"""Problems or classes listed for people; the JSON and the manifest have all."""

ProblemT = TypeVar("ProblemT")


def listed(
    what: tuple[str, str], problems: Sequence[ProblemT], line: Callable[[ProblemT], str], rest: str
) -> list[str]:
    """List at most `MAX_LISTED` problems, under a heading made from `what` for one and for several.

    There may be one for each row, so a line is made only of those that are listed.
    """
    if not problems:
        return []
    lines = [f"  {format_count(len(problems), *what)}:"]
    lines += [f"    {line(problem)}" for problem in islice(problems, MAX_LISTED)]
    if len(problems) > MAX_LISTED:
        lines.append(f"    … and {len(problems) - MAX_LISTED:,} more; {rest}")
    return lines


def failure_line(failure: Failure) -> str:
    """Return the file of a row, and why it failed."""
    return f"{failure.file}: {failure.reason}"
