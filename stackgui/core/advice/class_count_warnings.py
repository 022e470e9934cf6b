"""Warnings about too few pictures in a class, and too few or too many classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stackgui.core.advice.class_reports import about_classes, samples_of
from stackgui.core.advice.level_mends import level_of_labels, mend_by_level
from stackgui.core.base.text import printable
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import joined, say, say_many
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts

MIN_CLASSES_LIKE_NAMES = 10
"""Fewer classes than this are never taken for names, since a first trial may have few pictures of each."""


def class_count_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of too few pictures in a class, or too few classes."""
    counts = class_counts(plan, plan.samples)
    used = np.flatnonzero(counts)
    labelled = 0 if plan.label is None else int(np.count_nonzero(plan.label[plan.samples] >= 0))
    if len(used) == 1 and len(plan.classes) == 1:
        mended = mend_by_level(plan, level_of_labels(plan))
        text = say_many(
            labelled,
            "{count:,} picture has the label “{name}”, and no picture has another.",
            "{count:,} pictures have the label “{name}”, and no picture has another.",
            name=printable(plan.classes[0]),
        )
        other = say("Labels can also come from the files' names or from a list (--labels).")
        yield DataWarning("one-class", joined(" ", [text, "" if mended else other]), labelled, mend=mended)
    elif len(used) >= MIN_CLASSES_LIKE_NAMES and len(used) * 2 > labelled:
        yield about_classes(
            plan,
            "nearly-each-its-own-class",
            say(
                "{labelled:,} pictures have {labels:,} different labels, more than half as many as there are "
                "pictures. These may be names rather than classes; --labels takes labels from somewhere "
                "else.",
                labelled=labelled,
                labels=len(used),
            ),
            used,
        )
    elif len(single := np.flatnonzero(counts == 1)):
        warning = about_classes(
            plan,
            "classes-of-one-picture",
            say_many(
                len(single),
                "{count:,} class has only one picture. --exclude-from leaves pictures out.",
                "{count:,} classes have only one picture. --exclude-from leaves pictures out.",
            ),
            single,
        )
        yield replace(warning, samples=samples_of(plan, single))
