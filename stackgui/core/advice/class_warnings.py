"""Warnings about the labels, the classes and the split of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import decoding_of
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_count, format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.wording import capital
from stackgui.core.catalog.catalog import ONLY_MEMBER
from stackgui.core.labels.folder_names import (
    holds_masks,
    holds_pictures,
    is_numbered_person,
    is_part,
    names_a_part,
    word_before_number,
)
from stackgui.core.labels.folders import own_paths, read_folders
from stackgui.core.labels.labels import LabelKind, has_given, no_class_folders
from stackgui.core.labels.splits import WHOLE, SplitKind
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.taken import listed, parts_taken

MAX_DEVIATION_PERCENT = 5
"""Difference between a share of the split and what was asked for, above which people are warned."""

MANY_ROWS = 1000
"""With this many rows, each from its own file, chance alone misses a share by less than that."""

MIN_CLASSES_LIKE_NAMES = 10
"""Fewer classes than this are never taken for names, since a first trial may have few pictures of each."""

TRAIN = "train"


def class_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of labels, classes and parts that may not be what was intended."""
    yield from folders_not_taken(plan)
    yield from _without_label(plan)
    yield from _among_masks(plan)
    if plan.label is not None:
        samples = plan.samples
        counts = np.bincount(plan.label[samples] + 1, minlength=len(plan.classes) + 1)[1:]
        yield from _unusual_counts(plan, counts)
        yield from _unusual_names(plan)
        yield from _not_in_training(plan, counts)
    yield from _in_no_part(plan)
    yield from _shares_missed(plan)


def _by_folders(plan: Plan) -> bool:
    """Tell whether labels come from folders without anybody having asked for it."""
    return plan.options.labels.kind is LabelKind.AUTO and not has_given(plan.catalog)


def folders_not_taken(plan: Plan) -> Iterator[DataWarning]:
    """Explain why the folders that hold some of the pictures are no classes."""
    if not _by_folders(plan):
        return
    samples, folders = plan.samples, read_folders(plan.catalog)
    dropped = samples[no_class_folders(plan.catalog, samples)[samples]]
    inside = dropped[folders.level[dropped] > 0]
    if len(inside):
        names = listed(list(folders.label.take(inside).counts()))
        yield about_samples(
            "folders-not-labels",
            f"{capital(format_part(len(inside), len(dropped), 'picture'))} "
            f"{agree(len(inside), 'lies', 'lie')} in folders ({names}) and the others in none, so folders "
            "were not taken as labels. --labels folders takes them.",
            plan.catalog,
            np.sort(inside),
        )


def _without_label(plan: Plan) -> Iterator[DataWarning]:
    if plan.label is None:
        return
    without = plan.samples[plan.label[plan.samples] < 0]
    if len(without):
        rows = agree(len(without), "its row is", "their rows are")
        yield about_samples(
            "without-label",
            f"{_pictures(without, 'has', 'have')} no label, so {rows} -1 in labels.npy. --labels says "
            "where labels come from, and --exclude-from leaves pictures out.",
            plan.catalog,
            np.sort(without),
        )


def _among_masks(plan: Plan) -> Iterator[DataWarning]:
    masks = plan.samples[read_folders(plan.catalog).masks[plan.samples]]
    if len(masks):
        yield about_samples(
            "masks-among-pictures",
            f"{_pictures(masks, 'lies', 'lie')} in folders called masks, labels or the like, beside other "
            "pictures, and each gets a row. --exclude-from leaves them out; for a stack of their own, "
            "convert their folder by itself.",
            plan.catalog,
            np.sort(masks),
        )


def _unusual_counts(plan: Plan, counts: NDArray[np.int64]) -> Iterator[DataWarning]:
    """Warn of too few pictures in a class, or too few classes."""
    labelled, used = int(counts.sum()), np.flatnonzero(counts)
    if len(used) == 1 and len(plan.classes) == 1:
        have = f"{format_count(labelled, 'picture')} {agree(labelled, 'has', 'have')}"
        yield DataWarning(
            "one-class",
            f"{have} the label “{printable(plan.classes[0])}”, and no picture has another. --labels takes "
            "labels from somewhere else, for example level:2 from the second folders.",
            labelled,
        )
    elif len(used) >= MIN_CLASSES_LIKE_NAMES and len(used) * 2 > labelled:
        yield _about_classes(
            plan,
            "nearly-each-its-own-class",
            f"{format_count(labelled, 'picture')} have {len(used):,} different labels, more than half as "
            "many as there are pictures. These may be names rather than classes; --labels takes labels from "
            "somewhere else.",
            used,
        )
    elif len(single := np.flatnonzero(counts == 1)):
        yield _about_classes(
            plan,
            "classes-of-one-picture",
            f"{_classes(single, 'has', 'have')} only one picture. --exclude-from leaves pictures out.",
            single,
        )


def _unusual_names(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes whose names suggest something other than classes."""
    if not _by_folders(plan):
        return
    alike = _classes_where(plan, [names_a_part(name) for name in plan.classes])
    if len(alike):
        yield _about_classes(
            plan,
            "classes-called-like-parts",
            f"{_classes(alike, 'is', 'are')} named like a part of the data (train, val, test, fold). If "
            "that is right, --labels level:2 takes the folders below as labels, and a list of files can "
            "assign the parts.",
            alike,
        )
    kinds = _classes_where(plan, [holds_pictures(name) or holds_masks(name) for name in plan.classes])
    if len(kinds):
        yield _about_classes(
            plan,
            "classes-called-like-images",
            f"{_classes(kinds, 'is', 'are')} named like a folder for pictures or masks of any class. "
            "--labels takes labels from somewhere else.",
            kinds,
        )
    formats = set(plan.catalog.format.take(plan.samples).counts())
    if len(plan.classes) > 1 and (
        (formats and all(decoding_of(name).is_medical for name in formats))
        or all(map(is_numbered_person, plan.classes))
        or _hold_examinations(plan)
    ):
        yield _about_classes(
            plan,
            "classes-may-be-patients",
            f"The {len(plan.classes):,} labels are names of folders that may stand for patients or "
            "examinations rather than classes. --label-list takes labels from a list, --labels from another "
            "level of folders, or none.",
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


def _not_in_training(plan: Plan, counts: NDArray[np.int64]) -> Iterator[DataWarning]:
    if plan.label is None or TRAIN not in plan.parts:
        return
    samples = plan.samples
    trained = samples[plan.part_of(samples) == plan.parts.index(TRAIN)]
    in_training = np.bincount(plan.label[trained] + 1, minlength=len(plan.classes) + 1)[1:]
    if len(missing := np.flatnonzero((counts > 0) & (in_training == 0))):
        other = "; another --seed divides differently" if plan.options.split.kind is SplitKind.SHARES else ""
        yield _about_classes(
            plan,
            "classes-not-in-training",
            f"{_classes(missing, 'has', 'have')} pictures, but none to train with (--split{other}).",
            missing,
        )


def _in_no_part(plan: Plan) -> Iterator[DataWarning]:
    if not plan.parts:
        return
    samples = plan.samples
    without = samples[plan.part_of(samples) < 0]
    if len(without):
        yield about_samples(
            "in-no-part",
            f"{_pictures(without, 'belongs', 'belong')} to no part of the data; the parts come from "
            f"{parts_taken(plan).told_by}. --split none makes no parts, and --exclude-from leaves pictures "
            "out.",
            plan.catalog,
            np.sort(without),
        )


def _shares_missed(plan: Plan) -> Iterator[DataWarning]:
    """Warn of shares far from what was asked for, as happens with few files or with few large ones."""
    split = plan.options.split
    if split.kind is not SplitKind.SHARES:
        return
    catalog = plan.catalog
    together = not split.each_row and bool((catalog.member[plan.samples] != ONLY_MEMBER).any())
    took = parts_taken(plan)
    asked = {part: percent for part, percent in split.of_parts if percent}
    got = {part: WHOLE * took.counts.get(part, 0) / plan.rows for part in asked}
    deviation = max(abs(got[part] - percent) for part, percent in asked.items())
    empty = [part for part in asked if not took.counts.get(part)]
    if not empty and (deviation <= MAX_DEVIATION_PERCENT or (plan.rows < MANY_ROWS and not together)):
        return
    shares = ", ".join(f"{part} {got[part]:.0f} % instead of {percent} %" for part, percent in asked.items())
    why = (
        "rows of one file stay together, but --split rows:… divides them too"
        if together
        else "each file's name decides, and another --seed divides differently"
    )
    yield DataWarning("shares-missed", f"The shares came out as {shares}: {why}.", plan.rows)


def _pictures(found: NDArray[np.integer], one: str, many: str) -> str:
    """Return for example ``"1 picture has"`` or ``"2 pictures have"``."""
    return f"{format_count(len(found), 'picture')} {agree(len(found), one, many)}"


def _classes(found: NDArray[np.integer], one: str, many: str) -> str:
    return f"{format_count(len(found), 'class', 'classes')} {agree(len(found), one, many)}"


def _classes_where(plan: Plan, mask: Sequence[bool]) -> NDArray[np.intp]:
    """Return the numbers of the classes where `mask` is true; none if the plan has just one class."""
    return np.flatnonzero(np.array(mask, np.bool_)) if len(plan.classes) > 1 else np.array([], np.intp)


def _about_classes(plan: Plan, code: str, text: str, classes: NDArray[np.integer]) -> DataWarning:
    names = tuple(printable(plan.classes[number]) for number in classes[:EXAMPLES].tolist())
    return DataWarning(code, text, len(classes), names)
