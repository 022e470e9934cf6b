"""Warnings about classes whose names suggest something other than classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from stackgui.core.advice.class_reports import about_classes, classes_where
from stackgui.core.advice.label_origin_warnings import by_folders
from stackgui.core.advice.level_mends import level_of_labels, mend_by_level, mend_by_name
from stackgui.core.base.decoding import decoding_of
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import say, say_many
from stackgui.core.labels.folder_names import (
    holds_masks,
    holds_pictures,
    is_numbered_person,
    is_part,
    names_a_part,
    word_before_number,
)
from stackgui.core.labels.folders import read_folders
from stackgui.core.labels.labels import (
    LabelKind,
)
from stackgui.core.labels.levels import are_parts, holding_parts
from stackgui.core.labels.parents import own_paths
from stackgui.core.plan.plan import Plan


def class_name_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes whose names suggest something other than classes."""
    if plan.label is None:
        return
    if plan.options.labels.kind in {LabelKind.FOLDERS, LabelKind.LEVEL} or by_folders(plan):
        yield from _called_like_no_class(plan)
        yield from _holding_parts(plan)
    if by_folders(plan):
        yield from _called_like_patients(plan)


def _called_like_no_class(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes named like splits, or like folders for pictures or masks of any class."""
    are = [names_a_part(name) for name in plan.classes]
    if not by_folders(plan):  # a level was asked for, and trains and tests may be classes
        are = [is_part(name) for name in plan.classes] if are_parts(Counter(plan.classes)) else []
    alike = classes_where(plan, are)
    if len(alike):
        level = level_of_labels(plan)
        mended = mend_by_level(plan, level - 1) if level and are_parts(Counter(plan.classes)) else None
        yield about_classes(
            plan,
            "classes-called-like-parts",
            say_many(
                len(alike),
                "{count:,} class is named like a part of the data (train, val, test, fold). Labels can "
                "come from other folders (--labels), and the parts too (--split).",
                "{count:,} classes are named like a part of the data (train, val, test, fold). Labels can "
                "come from other folders (--labels), and the parts too (--split).",
            ),
            alike,
            mended,
        )
    kinds = classes_where(plan, [holds_pictures(name) or holds_masks(name) for name in plan.classes])
    if len(kinds):
        yield about_classes(
            plan,
            "classes-called-like-images",
            say_many(
                len(kinds),
                "{count:,} class is named like a folder for pictures or masks of any class.",
                "{count:,} classes are named like a folder for pictures or masks of any class.",
            ),
            kinds,
            mend_by_name(plan, tuple(plan.classes[number] for number in kinds.tolist())),
        )


def _holding_parts(plan: Plan) -> Iterator[DataWarning]:
    """Warn of class folders in which folders called train, val or test lie."""
    level = level_of_labels(plan)
    names = holding_parts(plan.catalog, plan.samples, level) if level and plan.label is not None else ()
    found = classes_where(plan, [name in names for name in plan.classes])
    if len(found):
        yield about_classes(
            plan,
            "classes-hold-parts",
            say_many(
                len(found),
                "{count:,} class holds folders called train, val, test or the like, so the classes may be "
                "the folders below these.",
                "{count:,} classes hold folders called train, val, test or the like, so the classes may be "
                "the folders below these.",
            ),
            found,
            mend_by_level(plan, level),
        )


def _called_like_patients(plan: Plan) -> Iterator[DataWarning]:
    formats = set(plan.catalog.format.take(plan.samples).counts())
    if len(plan.classes) > 1 and (
        (formats and all(decoding_of(name).is_medical for name in formats))
        or all(map(is_numbered_person, plan.classes))
        or _hold_examinations(plan)
    ):
        yield about_classes(
            plan,
            "classes-may-be-patients",
            say(
                "The {labels:,} labels are names of folders that may stand for patients or examinations "
                "rather than classes. --label-list takes labels from a list, --labels from another level of "
                "folders, or none.",
                labels=len(plan.classes),
            ),
            np.arange(len(plan.classes)),
        )


def _hold_examinations(plan: Plan) -> bool:
    """Tell whether classes are folders numbered alike that hold folders with the same names of files."""
    before = {word_before_number(name) for name in plan.classes}
    if len(before) > 1 or "" in before:
        return False
    is_row = np.zeros(len(plan.catalog), np.bool_)
    is_row[plan.samples] = True
    levels = read_folders(plan.catalog).level
    files = set()
    for path, level, taken in zip(own_paths(plan.catalog), levels.tolist(), is_row.tolist(), strict=True):
        if taken and level:
            *folders, name = path.split("/")
            if all(map(_is_generic, folders[level:])):
                return False
            files.add((*folders, name))
    called = Counter(name for *_folders, name in files)
    return 2 * sum(count for count in called.values() if count > 1) > len(files)


def _is_generic(folder: str) -> bool:
    """Tell whether a folder's name says nothing about what its pictures show."""
    return holds_pictures(folder) or holds_masks(folder) or is_part(folder)
