"""Warnings about the labels, the classes and the split of a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.level_mends import level_of_labels, mend_beside_lists, mend_by_level, mend_by_name
from stackgui.core.base.decoding import decoding_of
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, Mend, about_samples
from stackgui.core.base.wording import Wording, joined, say, say_many
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
from stackgui.core.labels.labels import (
    LabelKind,
    Labels,
    given_and_folders,
    has_given,
    no_class_folders,
)
from stackgui.core.labels.levels import are_parts, holding_parts
from stackgui.core.labels.splits import WHOLE, SplitKind
from stackgui.core.options.mending import mend
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
    yield from _two_origins(plan)
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
    if plan.label is None or plan.options.labels.kind is not LabelKind.AUTO or not has_given(plan.catalog):
        return
    by_folder = given_and_folders(plan.catalog).by_folder
    samples = np.sort(plan.samples)
    has_label = plan.label[samples] >= 0
    folders, lists = (samples[has_label & (by_folder[samples] == each)] for each in (True, False))
    if len(folders) and len(lists) and not np.isin(plan.label[folders], plan.label[lists]).any():
        names = listed([plan.classes[code] for code in np.unique(plan.label[folders]).tolist()])
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
    if len(without):
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


def _unusual_counts(plan: Plan, counts: NDArray[np.int64]) -> Iterator[DataWarning]:
    """Warn of too few pictures in a class, or too few classes."""
    labelled, used = int(counts.sum()), np.flatnonzero(counts)
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
        yield _about_classes(
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
        yield _about_classes(
            plan,
            "classes-of-one-picture",
            say_many(
                len(single),
                "{count:,} class has only one picture. --exclude-from leaves pictures out.",
                "{count:,} classes have only one picture. --exclude-from leaves pictures out.",
            ),
            single,
        )


def _unusual_names(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes whose names suggest something other than classes."""
    if plan.options.labels.kind in {LabelKind.FOLDERS, LabelKind.LEVEL} or _by_folders(plan):
        yield from _called_like_no_class(plan)
        yield from _holding_parts(plan)
    if _by_folders(plan):
        yield from _called_like_patients(plan)


def _called_like_no_class(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes named like splits, or like folders for pictures or masks of any class."""
    are = [names_a_part(name) for name in plan.classes]
    if not _by_folders(plan):  # a level was asked for, and trains and tests may be classes
        are = [is_part(name) for name in plan.classes] if are_parts(Counter(plan.classes)) else []
    alike = _classes_where(plan, are)
    if len(alike):
        level = level_of_labels(plan)
        mended = mend_by_level(plan, level - 1) if level and are_parts(Counter(plan.classes)) else None
        yield _about_classes(
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
    kinds = _classes_where(plan, [holds_pictures(name) or holds_masks(name) for name in plan.classes])
    if len(kinds):
        yield _about_classes(
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
    found = _classes_where(plan, [name in names for name in plan.classes])
    if len(found):
        yield _about_classes(
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
        yield _about_classes(
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


def _not_in_training(plan: Plan, counts: NDArray[np.int64]) -> Iterator[DataWarning]:
    if plan.label is None or TRAIN not in plan.parts:
        return
    samples = plan.samples
    trained = samples[plan.part_of(samples) == plan.parts.index(TRAIN)]
    in_training = np.bincount(plan.label[trained] + 1, minlength=len(plan.classes) + 1)[1:]
    if len(missing := np.flatnonzero((counts > 0) & (in_training == 0))):
        text = say_many(
            len(missing),
            "{count:,} class has pictures, but none to train with (--split).",
            "{count:,} classes have pictures, but none to train with (--split).",
        )
        by_chance = plan.options.split.kind is SplitKind.SHARES
        other = say("Another --seed divides differently.") if by_chance else ""
        yield _about_classes(plan, "classes-not-in-training", joined(" ", [text, other]), missing)


def _in_no_part(plan: Plan) -> Iterator[DataWarning]:
    if not plan.parts:
        return
    samples = plan.samples
    without = samples[plan.part_of(samples) < 0]
    if len(without):
        yield about_samples(
            "in-no-part",
            say_many(
                len(without),
                "{count:,} picture belongs to no part of the data; the parts come from {origin}. --split "
                "none makes no parts, and --exclude-from leaves pictures out.",
                "{count:,} pictures belong to no part of the data; the parts come from {origin}. --split "
                "none makes no parts, and --exclude-from leaves pictures out.",
                origin=parts_taken(plan).told_by,
            ),
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
    shares = joined(
        ", ",
        [
            say("{part} {got:.0f} % instead of {asked} %", part=part, got=got[part], asked=percent)
            for part, percent in asked.items()
        ],
    )
    yield DataWarning("shares-missed", _shares_text(shares, together=together), plan.rows)


def _shares_text(shares: str, *, together: bool) -> Wording:
    if together:
        return say(
            "The shares came out as {shares}: rows of one file stay together, but --split rows:… divides "
            "them too.",
            shares=shares,
        )
    return say(
        "The shares came out as {shares}: each file's name decides, and another --seed divides differently.",
        shares=shares,
    )


def _classes_where(plan: Plan, mask: Sequence[bool]) -> NDArray[np.intp]:
    """Return the numbers of the classes where `mask` is true; none if the plan has just one class."""
    return np.flatnonzero(np.array(mask, np.bool_)) if len(plan.classes) > 1 else np.array([], np.intp)


def _about_classes(
    plan: Plan, code: str, text: str, classes: NDArray[np.integer], mended: Mend | None = None
) -> DataWarning:
    names = tuple(printable(plan.classes[number]) for number in classes[:EXAMPLES].tolist())
    return DataWarning(code, text, len(classes), names, mend=mended)
