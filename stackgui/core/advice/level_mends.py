"""Changes that take the labels, and the split above them, from other folders."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.warnings import Mend
from stackgui.core.base.wording import say
from stackgui.core.labels.folders import read_folders
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.levels import likely_levels, names_at
from stackgui.core.labels.path_rule import PathRule, RuleKind
from stackgui.core.labels.splits import Split, SplitKind
from stackgui.core.options.mending import mend
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.rule_words import told_by_rule
from stackgui.core.plan.taken import has_given_labels


def level_of_labels(plan: Plan) -> int:
    """Return the level, counted from the source, of the folders that are classes; 0 if it is not the same."""
    labels = plan.options.labels
    if labels.kind is LabelKind.LEVEL:
        return max(labels.level, 0)
    if plan.label is None or labels.kind not in {LabelKind.AUTO, LabelKind.FOLDERS}:
        return 0
    labelled = plan.samples[plan.label[plan.samples] >= 0]
    levels = np.unique(read_folders(plan.catalog).level[labelled]).tolist()
    return int(levels[0]) if len(levels) == 1 else 0


def mend_by_level(plan: Plan, below: int) -> Mend | None:
    """Return the change that takes labels from the first likely folders below level `below`, if any."""
    found = likely_levels(plan.catalog, plan.samples, below)
    options = plan.options
    if found is None or (options.labels.kind is LabelKind.LEVEL and options.labels.level == found.label):
        return None
    rule = PathRule(RuleKind.LEVEL, found.label)
    changes: dict[str, object] = {"labels": Labels.by_rule(rule, given_first=bool(plan.catalog.lists))}
    if found.split:
        changes["split"] = Split(SplitKind.RULE, rule=PathRule(RuleKind.LEVEL, found.split))
    if more := set(found.not_classes) - set(options.not_classes):
        changes["not_classes"] = (*options.not_classes, *sorted(more))
    labels = changes["labels"]
    if isinstance(labels, Labels) and labels.given_first:
        return mend(say("Use {folders} where lists say nothing", folders=told_by_rule(rule)), **changes)
    return mend(say("Use {folders} instead", folders=told_by_rule(rule)), **changes)


def mend_beside_lists(plan: Plan) -> Mend | None:
    """Return the change that gives labels of the lists, from folders, to pictures that have none."""
    if not has_given_labels(plan):
        return None
    found = likely_levels(plan.catalog, plan.samples)
    without = plan.samples[plan.label[plan.samples] < 0] if plan.label is not None else plan.samples
    if found is None or not set(names_at(plan.catalog, without, found.label)) & set(plan.classes):
        return None
    return mend_by_level(plan, 0)


def mend_by_name(plan: Plan, names: tuple[str, ...]) -> Mend:
    """Return the change that gives no label to the pictures that have one of `names` as label."""
    return mend(say("Give these pictures no label"), not_classes=(*plan.options.not_classes, *names))
