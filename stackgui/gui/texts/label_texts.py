"""Sentences about labels."""

from __future__ import annotations

import numpy as np

from stackgui.core.advice.label_origin_warnings import folders_not_taken
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.taken import labels_told_by
from stackgui.gui.texts.language import tr, tr_many

EXAMPLES = 3
NO_LABELS = say(
    "The stack will have no labels. Labels can be the names of the folders directly inside the ones you "
    "added, leaving aside train, val, test, images and the like. They are used when most pictures are in "
    "such a folder, or when you choose them under “More choices”."
)


def counts_of(plan: Plan | None) -> dict[str, int]:
    """Count the pictures of each label of `plan`, in the order of the labels; empty without labels."""
    if plan is None or plan.label is None:
        return {}
    return dict(zip(plan.classes, class_counts(plan, plan.samples).tolist(), strict=True))


def labels_line(plan: Plan | None, counts: dict[str, int]) -> str:
    """Say how many labels there are, where they come from, and how many pictures each has."""
    if plan is None:
        return ""
    if plan.label is None:
        return " ".join(map(tr, [NO_LABELS, *(warning.text for warning in folders_not_taken(plan))]))
    most, fewest = max(counts.values()), min(counts.values())
    each = tr_many(most, "{count:,} picture each", "{count:,} pictures each")
    if most > fewest:
        each = tr("{fewest:,} to {most:,} pictures each", fewest=fewest, most=most)
    if plan.label_sets is not None:
        each = tr("{each}, of which a picture may have several", each=each)
    line = tr(
        "{labels}, taken from {source}; {each}.",
        labels=format_count(len(counts), "label"),
        source=labels_told_by(plan),
        each=each,
    )
    return f"{line} {without(plan)}".rstrip()


def without(plan: Plan) -> str:
    """Say how many pictures have no label; ``""`` if all have one."""
    count = 0 if plan.label is None else int(np.count_nonzero(plan.label[plan.samples] < 0))
    return tr("Without a label: {count:,}.", count=count) if count else ""


def examples(plan: Plan | None, counts: dict[str, int]) -> str:
    """Name the first few labels with their counts, such as ``"cat · 1,234, dog · 998 …"``."""
    if plan is None or not counts:
        return ""
    shown = [
        tr("{name} · {count:,}", name=printable(name), count=count)
        for name, count in list(counts.items())[:EXAMPLES]
    ]
    return f"{', '.join(shown)}{' …' if len(counts) > EXAMPLES else '.'} {without(plan)}".rstrip()
