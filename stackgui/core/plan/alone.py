"""A plan for one sample by itself, which shows all of its pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import NOTHING
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.splits import Split
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve


def alone(plan: Plan, sample: int) -> Plan:
    """Return a plan whose only row is `sample` of `plan` at its own size, with colours and numbers as there.

    A sample that was left out has a row here too.

    Raises
    ------
    PlanError
        When the sample cannot be used.
    """
    options = replace(
        plan.options, size=Size(), fit=Fit.PAD, buckets=1, multiple=1, smallest_px=1, shrink=NOTHING,
        exclude=NOTHING, first=NOTHING, labels=Labels(LabelKind.NONE), classes=(), split=Split(),
        group_by=Groups.NONE, stratify=False, shuffle=False,
    )  # fmt: skip
    return resolve(options, plan.catalog.take(np.array([sample])))
