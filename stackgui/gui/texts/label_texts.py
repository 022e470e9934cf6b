"""What the window says of labels."""

from __future__ import annotations

import numpy as np

from stackgui.core.advice.class_warnings import folders_not_taken
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_count
from stackgui.core.catalog.statistics import label_counts
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.taken import labels_told_by

EXAMPLES = 3
NO_LABELS = (
    "The stack will have no labels. Labels are the names of the first folders inside the ones you "
    "added (not train, val and test, nor images and the like); they are used when most pictures lie in one, "
    "or when you choose so under “More choices”."
)


def counts_of(plan: Plan | None) -> dict[str, int]:
    """Pictures of each label of `plan`, in the order of the labels; empty without labels."""
    return {} if plan is None or plan.label is None else label_counts(plan.label, plan.classes)


def labels_line(plan: Plan | None, counts: dict[str, int]) -> str:
    """How many labels there are, what says them, and how many pictures each has."""
    if plan is None:
        return ""
    if plan.label is None:
        return " ".join([NO_LABELS, *(warning.text for warning in folders_not_taken(plan))])
    most, fewest = max(counts.values()), min(counts.values())
    each = f"{fewest:,} to {most:,}" if most > fewest else f"{most:,}"
    each += agree(most, " picture each", " pictures each")
    line = f"{format_count(len(counts), 'label')}, taken from {labels_told_by(plan)}; {each}."
    return f"{line} {without(plan)}".rstrip()


def without(plan: Plan) -> str:
    """How many pictures have no label; ``""`` when all have one."""
    count = 0 if plan.label is None else int(np.count_nonzero(plan.label < 0))
    return f"Without a label: {count:,}." if count else ""


def examples(plan: Plan | None, counts: dict[str, int]) -> str:
    """For example ``"cat · 1,234, dog · 998 …"``."""
    if plan is None or not counts:
        return ""
    shown = [f"{printable(name)} · {count:,}" for name, count in list(counts.items())[:EXAMPLES]]
    return f"{', '.join(shown)}{' …' if len(counts) > EXAMPLES else '.'} {without(plan)}".rstrip()
