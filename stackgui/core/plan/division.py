"""Which part and which group each sample of a plan belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folder_names import PARTS
from stackgui.core.labels.folders import MIN_PARTS, read_folders
from stackgui.core.labels.groups import GroupKind, chosen_groups, joined_columns
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.labels.look_alikes import look_alike_groups
from stackgui.core.labels.placing import NOT_FIXED, place_groups
from stackgui.core.labels.profiles import Strata
from stackgui.core.labels.shares import sample_hashes, split_by_shares, text_hashes
from stackgui.core.labels.splits import WHOLE, Split, SplitKind, split_as_found, split_by_rule
from stackgui.core.options.options import Options


@dataclass(frozen=True, eq=False, slots=True)
class Division:
    """Which part and which group each sample belongs to.

    Attributes
    ----------
    split : Coded
        Part of the dataset split, or ``""``.
    group : Coded or None
        The group whose samples belong together, or ``""``; None if there are no groups.
    """

    split: Coded
    group: Coded | None


def divided(options: Options, catalog: Catalog, samples: NDArray[np.int64], labels: FoundLabels) -> Division:
    """Return the division of `samples`, which are those with rows; `labels` are those of all samples.

    Raises
    ------
    PlanError
        When the groups that were asked for cannot be found.
    """
    group = groups_of(options, catalog)
    if not is_placed(options, catalog):
        return Division(found_split(options, catalog, samples), group)
    return Division(_placed(catalog, _Asked.of(options, samples, labels, group)), group)


def groups_of(options: Options, catalog: Catalog) -> Coded | None:
    """Return the group of each sample, joined from all that is to keep samples together."""
    kinds = kinds_of_groups(options, catalog)
    return joined_columns([*kinds.values()]) if kinds else None


class Keeper(StrEnum):
    """What keeps samples together."""

    CHOSEN = "chosen groups"
    ALIKE = "near-duplicates"


def kinds_of_groups(options: Options, catalog: Catalog) -> dict[Keeper, Coded]:
    """Return the groups that each choice makes; whatever else keeps samples together is added here."""
    kinds = {
        Keeper.CHOSEN: chosen_groups(catalog, options.group_by),
        Keeper.ALIKE: look_alike_groups(catalog),
    }
    return {keeper: kind for keeper, kind in kinds.items() if kind is not None}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a placement depends on; what takes long to compare is told by its digest alone."""

    split: Split
    seed: int
    digest: bytes
    samples: NDArray[np.int64] = field(compare=False)
    labels: FoundLabels = field(compare=False)
    group: Coded | None = field(compare=False)

    @classmethod
    def of(
        cls, options: Options, samples: NDArray[np.int64], labels: FoundLabels, group: Coded | None
    ) -> _Asked:
        digest = blake2b(samples.tobytes() + repr((options.group_by, labels.classes)).encode())
        for each in (labels.label, None if group is None else group.codes):
            digest.update(b"" if each is None else each.tobytes())
        if labels.sets is not None:
            digest.update(labels.sets.starts.tobytes() + labels.sets.members.tobytes())
        return cls(options.split, options.seed, digest.digest(), samples, labels, group)


@kept(most=2)
def _placed(catalog: Catalog, asked: _Asked) -> Coded:
    """Place the samples with rows; cached, because that takes seconds for a million."""
    samples, labels = asked.samples, asked.labels
    label = None if labels.label is None else labels.label[samples]
    own = replace(labels, label=label)
    group = None if asked.group is None else asked.group.take(samples)
    found = placed_split((asked.split, asked.seed), catalog.take(samples), own, group)
    part = np.zeros(len(catalog), np.int32)
    part[samples] = found.codes
    return Coded(part, found.names)


def makes_groups(options: Options, catalog: Catalog) -> bool:
    """Whether anything keeps samples together."""
    return options.group_by.kind is not GroupKind.NONE or catalog.scan_options.near_duplicates


def is_placed(options: Options, catalog: Catalog) -> bool:
    """Whether groups or classes decide about parts by shares, rather than each file's name alone."""
    by_shares = options.split.kind is SplitKind.SHARES
    return by_shares and (options.stratify or makes_groups(options, catalog))


def found_split(options: Options, catalog: Catalog, samples: NDArray[np.int64]) -> Coded:
    """Return the part of each of `samples` as its own name, folders or lists give it, or ``""``.

    Folders, archives and sources count as parts if there are several kinds of them.
    """
    split = options.split
    if split.kind is SplitKind.SHARES:
        return split_by_shares(catalog, samples, split, options.seed)
    if split.rule is not None:
        return split_by_rule(catalog, split.rule)
    if split.kind is SplitKind.FOUND and set(catalog.split.counts(samples)) - {""}:
        return split_as_found(catalog.split)
    if split.kind is SplitKind.FOUND:
        parts = read_folders(catalog).part
        if len(set(parts.counts(samples)) - {""}) >= MIN_PARTS:
            return parts
    return Coded.constant("", len(catalog))


def placed_split(
    chance: tuple[Split, int],
    catalog: Catalog,
    labels: FoundLabels,
    group: Coded | None,
    fixed: Coded | None = None,
) -> Coded:
    """Return the part of each sample of `catalog`, all of which have rows.

    Parameters
    ----------
    chance
        The shares and the seed.
    catalog
    labels, group
        Of all samples.
    fixed
        The part that samples have already, or ``""``.
    """
    split, seed = chance
    key, identity = _keys(sample_hashes(catalog, seed, each_row=split.each_row), seed, group)
    strata = Strata.of(labels.label, len(labels.classes), labels.sets)
    shares = np.array(split.percent) / WHOLE
    known = None if fixed is None else _known_parts(fixed)
    part = place_groups(key, strata, shares.tolist(), identity, known)
    return Coded(part + 1, ("", *PARTS))


def _keys(
    identity: NDArray[np.uint64], seed: int, group: Coded | None
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return for each sample what keeps it together with others, and what decides where it goes.

    Samples without a group stay together if they have the same name, as rows of one file do.
    """
    key = (identity >> np.uint64(2)).astype(np.int64) | 1 << 62
    if group is None:
        return key, identity
    has_group = ~group.equals("")
    names = text_hashes(group.names, seed)[group.codes]
    return np.where(has_group, group.codes, key), np.where(has_group, names, identity)


def _known_parts(fixed: Coded) -> NDArray[np.int32]:
    number = np.array([PARTS.index(name) if name in PARTS else NOT_FIXED for name in fixed.names], np.int32)
    known: NDArray[np.int32] = number[fixed.codes]
    return known
