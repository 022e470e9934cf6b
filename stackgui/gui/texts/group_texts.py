"""What the window says of groups, and of shares that could not be met."""

from __future__ import annotations

from collections.abc import Iterable

from stackgui.core.base.text import printable
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.groups_taken import groups_taken
from stackgui.core.plan.plan import Plan
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.problem_texts import in_window

UNMET = frozenset(
    {
        "no-groups", "groups-of-one", "groups-in-several-parts", "large-group", "without-group",
        "shares-missed", "classes-not-in-training", "classes-not-in-validation", "classes-not-in-test",
    }
)  # fmt: skip
"""Codes of the warnings that say what could not be met."""

SHOWN = 3
"""Groups that are named, the largest first."""


def groups_line(plan: Plan | None) -> str:
    """Describe the groups of `plan`, with the largest of them; ``""`` if there are none to be."""
    took = None if plan is None else groups_taken(plan)
    if took is None:
        return ""
    names = [
        say("{name} ({rows:,})", name=printable(name), rows=rows)
        for name, rows in list(took.largest.items())[1:SHOWN]
    ]
    if not names or took.joined.are_single:
        return tr("{text:capital}.", text=took.text)
    return tr("{text:capital}. Next come {listed}.", text=took.text, listed=joined(", ", names))


def unmet_lines(warnings: Iterable[DataWarning]) -> list[str]:
    """Return what could not be met of groups and shares, each in a sentence or two."""
    return [in_window(warning.text) for warning in warnings if warning.code in UNMET]
