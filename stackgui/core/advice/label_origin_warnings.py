"""Warnings about where the labels of a plan come from, and about pictures without one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.advice.level_mends import mend_beside_lists
from stackgui.core.base.units import format_count, format_part
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import say, say_many
from stackgui.core.labels.folders import read_folders
from stackgui.core.labels.labels import (
    LabelKind,
    Labels,
    given_and_folders,
    has_given,
    no_class_folders,
)
from stackgui.core.options.mending import mend
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.taken import has_given_labels, listed


def label_origin_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of labels that come from elsewhere than was perhaps intended, and of pictures without one."""
    yield from folders_not_taken(plan)
    yield from _two_origins(plan)
    yield from _without_label(plan)
    yield from _among_masks(plan)


def by_folders(plan: Plan) -> bool:
    """Tell whether labels come from folders without anybody having asked for it."""
    return plan.options.labels.kind is LabelKind.AUTO and not has_given(plan.catalog, plan.options.label_form)


def folders_not_taken(plan: Plan) -> Iterator[DataWarning]:
    """Explain why the folders that hold some of the pictures are no classes."""
    if not by_folders(plan):
        return
    samples, folders = plan.samples, read_folders(plan.catalog)
    dropped = samples[no_class_folders(plan.catalog, samples)[samples]]
    inside = dropped[folders.level[dropped] > 0]
    if len(inside):
        names = listed(list(folders.label.take(inside).counts()))
        yield about_samples(
            "folders-not-labels",
            say_many(
                len(inside),
                "{part:capital} lies in folders ({names}) and the others in none, so folders were not taken "
                "as labels.",
                "{part:capital} lie in folders ({names}) and the others in none, so folders were not taken "
                "as labels.",
                part=format_part(len(inside), len(dropped), "picture"),
                names=names,
            ),
            plan.catalog,
            np.sort(inside),
            mend(say("Use the folders all the same"), labels=Labels.FOLDERS),
        )


def _two_origins(plan: Plan) -> Iterator[DataWarning]:
    """Warn if some labels come from lists and others from folders, and no name occurs in both."""
    if plan.label is None or not has_given_labels(plan):
        return
    by_folder = given_and_folders(plan.catalog).by_folder
    samples = np.sort(plan.samples)
    has_label = plan.label[samples] >= 0
    folders, lists = (samples[has_label & (by_folder[samples] == each)] for each in (True, False))
    of_folders, of_lists = (class_counts(plan, each) > 0 for each in (folders, lists))
    if len(folders) and len(lists) and not (of_folders & of_lists).any():
        names = listed([plan.classes[number] for number in np.flatnonzero(of_folders).tolist()])
        yield about_samples(
            "labels-of-two-origins",
            say(
                "The labels of {listed} come from lists and those of {others} from folders ({names}), and no "
                "label occurs in both.",
                listed=format_count(len(lists), "picture"),
                others=format_count(len(folders), "picture"),
                names=names,
            ),
            plan.catalog,
            folders,
            mend(say("Use only lists"), labels=Labels.GIVEN),
        )


def _without_label(plan: Plan) -> Iterator[DataWarning]:
    if plan.label is None:
        return
    without = plan.samples[plan.label[plan.samples] < 0]
    if len(without) and plan.label_sets is not None:
        yield about_samples(
            "without-label",
            say_many(
                len(without),
                "{count:,} picture has no label, so its row of labels.npy is all 0. --labels says where "
                "labels come from, and --exclude-from leaves pictures out.",
                "{count:,} pictures have no label, so their rows of labels.npy are all 0. --labels says "
                "where labels come from, and --exclude-from leaves pictures out.",
            ),
            plan.catalog,
            np.sort(without),
        )
    elif len(without):
        yield about_samples(
            "without-label",
            say_many(
                len(without),
                "{count:,} picture has no label, so its row is -1 in labels.npy. --labels says where labels "
                "come from, and --exclude-from leaves pictures out.",
                "{count:,} pictures have no label, so their rows are -1 in labels.npy. --labels says where "
                "labels come from, and --exclude-from leaves pictures out.",
            ),
            plan.catalog,
            np.sort(without),
            mend_beside_lists(plan),
        )


def _among_masks(plan: Plan) -> Iterator[DataWarning]:
    masks = plan.samples[read_folders(plan.catalog).masks[plan.samples]]
    if len(masks):
        yield about_samples(
            "masks-among-pictures",
            say_many(
                len(masks),
                "{count:,} picture lies in folders called masks, labels or the like, beside other pictures, "
                "and each gets a row. --exclude-from leaves them out; for a stack of their own, convert "
                "their folder by itself.",
                "{count:,} pictures lie in folders called masks, labels or the like, beside other pictures, "
                "and each gets a row. --exclude-from leaves them out; for a stack of their own, convert "
                "their folder by itself.",
            ),
            plan.catalog,
            np.sort(masks),
        )
