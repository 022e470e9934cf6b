"""Recognising which samples are masks of which others, by their names and their headers."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import decoding_of
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.masks import NO_MASK
from stackgui.core.catalog.meaning import GREY_ALPHA, PALETTE
from stackgui.core.labels.folder_names import is_part
from stackgui.core.masks.words import MASK_WORDS, OF_OBJECTS, folder_name, mask_stem, picture_stem, words

MIN_PAIRED = 0.5
"""Least share of a group of masks that has a picture, and least share of these of the picture's size."""

MIN_FIT = 0.9
"""Least share of a group whose headers are those of masks."""

_MASK_WORDS = [
    word.encode() for word in sorted(MASK_WORDS) if not any(less in word for less in MASK_WORDS - {word})
]
"""One of these is in whatever holds a mask word. To look for each is as quick as a regular expression, which
holds up all other threads until it has gone through the names of all samples."""

_LETTERS = frozenset(b"".join(_MASK_WORDS))

Key = tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Pairing:
    """The masks among the samples of a catalog, as indices into it.

    Attributes
    ----------
    masks : int64, shape (M,)
        Masks, in order.
    of : int32, shape (N,)
        For each sample its mask, as an index into `masks`, or `NO_MASK`; that of a mask means nothing.
    aside : int64, shape (A,)
        Further masks of the same pictures, which are not used.
    places : tuple of str
        As in `stackgui.core.catalog.masks.Masks`.
    """

    masks: NDArray[np.int64]
    of: NDArray[np.int32]
    aside: NDArray[np.int64]
    places: tuple[str, ...] = ()

    @property
    def paired(self) -> NDArray[np.int64]:
        """Return the masks that belong to a picture, in the order of the pictures."""
        return self.masks[self.of[self.of >= 0]]


@dataclass(eq=False, slots=True)
class Group:
    """Samples that are called alike, such as all in folders ``masks``, and may be masks.

    Attributes
    ----------
    place : str
        What they have in common, for people.
    rank : int
        Groups of lower rank are preferred where a picture has masks in several.
    masks, pictures : list of int
        The samples, and the picture of each or -1.
    """

    place: str
    rank: int
    masks: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)


def mask_groups(catalog: Catalog) -> list[Group]:
    """Return the groups of samples that are masks by names and headers, in the order of preference."""
    own = os.fsencode(" ".join(own for _parent, own in _source_folders(catalog))).lower()
    names = bytes(catalog.path.data).lower()
    if not _has_mask_word(names) and not _has_mask_word(own):
        return []
    pictures, groups = _sorted(catalog)
    for candidates, group in groups.values():
        group.masks += [each.sample for each in candidates]
        group.pictures += [_picture_of(each.keys, pictures) for each in candidates]
    _pair_with_folders_beside(catalog, pictures, list(groups.values()))
    found = [group for _candidates, group in groups.values() if _is_confirmed(catalog, group)]
    return sorted(found, key=lambda group: (group.rank, -len(group.masks)))


def _pair_with_folders_beside(
    catalog: Catalog, pictures: dict[Key, int], groups: Sequence[tuple[Sequence[_Candidate], Group]]
) -> None:
    """Give masks without a picture that of the same name in any folder beside theirs, if it is the only one.

    A folder that is called ``masks`` and nothing else belongs to all folders beside it.
    """
    asked = {
        key for candidates, group in groups for each, picture in zip(candidates, group.pictures, strict=True)
        if picture < 0 for key in each.beside
    }  # fmt: skip
    if not asked:
        return
    found: dict[tuple[Key, Key, str], int] = {}
    own = frozenset(pictures.values())
    for sample, place, stem in _placed(catalog):
        if sample in own and not place.is_mask:
            for begin, after in place.around:
                for each in dict.fromkeys((stem, picture_stem(stem))):
                    key = (begin, after, each.casefold())
                    if key in asked:
                        found[key] = sample if key not in found else -1
    for candidates, group in groups:
        for at, candidate in enumerate(candidates):
            if group.pictures[at] < 0:
                others = (found.get(key, -1) for key in candidate.beside)
                group.pictures[at] = next((sample for sample in others if sample >= 0), -1)


def _has_mask_word(names: bytes) -> bool:
    """Return whether a mask word is in lower-case `names`, perhaps as a part of another word."""
    # To look for a letter takes a tenth of the time of looking for a word, and most names are short of some.
    letters = {letter for letter in _LETTERS if letter in names}
    return any(word in names for word in _MASK_WORDS if letters.issuperset(word))


def paired(catalog: Catalog, groups: Sequence[Group]) -> Pairing:
    """Give each picture the mask of the first group that has one."""
    of = np.full(len(catalog), NO_MASK, np.int64)
    masks: list[int] = []
    aside: list[int] = []
    places: dict[str, None] = {}
    for group in groups:
        pairs = list(zip(group.masks, group.pictures, strict=True))
        taken = {mask for mask, picture in pairs if picture >= 0 and of[picture] < 0}
        if not taken:
            aside += group.masks
            continue
        places[group.place] = None
        for mask, picture in pairs:
            if mask in taken:
                of[picture] = mask
            (masks if mask in taken or picture < 0 else aside).append(mask)
    order = np.array(sorted(masks), np.int64)
    has_mask = of >= 0
    of[has_mask] = np.searchsorted(order, of[has_mask])
    return Pairing(order, of.astype(np.int32), np.array(sorted(aside), np.int64), tuple(places))


class _Candidate(NamedTuple):
    """A sample that may be a mask.

    Attributes
    ----------
    sample : int
    keys : list of Key
        Those of its picture, the likelier ones first.
    beside : list of (Key, Key, str)
        The same for pictures in any folder beside its own: what is above that, what below, and the name.
    """

    sample: int
    keys: list[Key]
    beside: list[tuple[Key, Key, str]]


def _placed(catalog: Catalog) -> Iterator[tuple[int, _Folder, str]]:
    """Yield each sample that has a name of its own, what is read from its folder, and its stem."""
    folders: dict[tuple[int, str], _Folder] = {}
    sources = _source_folders(catalog)
    several = catalog.member > 0  # of several in one file, none has a name of its own
    for sample, (source, path) in enumerate(zip(catalog.source.tolist(), catalog.path, strict=True)):
        folder, _, name = path.replace("\\", "/").rpartition("/")
        if (place := folders.get((source, folder))) is None:
            place = folders[source, folder] = _folder(sources[source], folder)
        if not several[sample]:
            yield sample, place, os.path.splitext(name)[0]


def _sorted(
    catalog: Catalog,
) -> tuple[dict[Key, int], dict[tuple[str, ...], tuple[list[_Candidate], Group]]]:
    """Divide samples by their names into pictures, by key, and groups of candidates."""
    pictures: dict[Key, int] = {}
    groups: dict[tuple[str, ...], tuple[list[_Candidate], Group]] = {}
    for sample, place, stem in _placed(catalog):
        found = mask_stem(stem)
        if not (place.is_mask or found.mark):
            for each in dict.fromkeys((stem, picture_stem(stem))):
                key = (*place.key, each.casefold())
                pictures[key] = sample if key not in pictures else -2
            continue
        kind = (place.place, found.mark.casefold(), "#" if found.number else "")
        if kind not in groups:
            shown = (
                place.place or f"*{found.mark}" if found.mark in stem[1:] else place.place or f"{found.mark}*"
            )
            groups[kind] = [], Group(shown, _rank(place.place, found.mark, found.number))
        bases = dict.fromkeys((stem, found.base) if place.is_mask else (found.base,))
        names = [each.casefold() for base in bases for each in (base, picture_stem(base))]
        beside = [(*around, each) for around in place.around for each in names] if place.is_mask else []
        groups[kind][0].append(_Candidate(sample, [(*place.key, each) for each in names], beside))
    return pictures, groups


@dataclass(frozen=True, slots=True)
class _Folder:
    """What is read from the names of a folder and of those above it.

    Attributes
    ----------
    key : Key
        What they say beside words for masks and pictures.
    is_mask : bool
    place : str
        The folder that says so.
    around : tuple of (Key, Key)
        What is above and below a place where another folder could stand instead: each folder of a picture,
        and that of a mask if it says nothing else.
    """

    key: Key
    is_mask: bool
    place: str
    around: tuple[tuple[Key, Key], ...]


def _source_folders(catalog: Catalog) -> list[tuple[str, str]]:
    """Return for each source the part of its keys and, if there are several sources, its own name."""
    if len(catalog.folders) == 1:
        return [("", "")]
    folders = [os.path.split(folder.rstrip("/\\")) for folder in catalog.folders]
    of_pictures = {above for above, own in folders if not folder_name(own).is_mask}
    return [_divided(above, own, of_pictures) for above, own in folders]


def _divided(above: str, own: str, of_pictures: Collection[str]) -> tuple[str, str]:
    """Divide the name of a source; ``images/train`` belongs together, so that ``masks/train`` is like it.

    In `of_pictures` are the folders that hold sources of pictures: masks beside these are theirs, also if the
    folder that holds both is called like masks.
    """
    around = folder_name(os.path.basename(above))
    if folder_name(own).is_mask and around.is_mask and not around.rest and above not in of_pictures:
        return os.path.split(above)[0], own
    if not is_part(own):
        return above, own
    parent, of_all = os.path.split(above)
    return (above, own) if folder_name(of_all).rest else (parent, f"{of_all}/{own}")


def _folder(source: tuple[str, str], path: str) -> _Folder:
    """Read the names of a folder and of those above it; the lowest that says anything decides."""
    parent, own = source
    is_mask, place = False, ""
    found = [(name, folder_name(name)) for name in (*own.split("/"), *path.split("/")) if name]
    for name, each in found:
        if each.is_mask:
            is_mask, place = True, name
        elif tuple(words(name)) != each.rest:
            is_mask, place = False, ""
    parts = [(parent,), *(each.rest for _name, each in found)]
    mine = [at for at, (_name, each) in enumerate(found, 1) if each.is_mask == is_mask]
    if is_mask and (any(parts[at] for at in mine) or mine[-1] - mine[0] >= len(mine)):
        mine = []
    first_and_last = [(mine[0], mine[-1])] if is_mask and mine else [(at, at) for at in mine if parts[at]]
    around = tuple((_joined(parts[:first]), _joined(parts[last + 1 :])) for first, last in first_and_last)
    return _Folder(_joined(parts), is_mask, place, around)


def _joined(parts: Sequence[Key]) -> Key:
    return tuple(chain.from_iterable(parts))


def _rank(place: str, mark: str, number: str) -> int:
    """Return how late masks are chosen that are called like this."""
    found = {*words(place), *words(mark)}
    return 4 * bool(number) + 2 * bool(found & OF_OBJECTS) + ("train" not in words(mark) and bool(mark))


def _picture_of(keys: Sequence[Key], pictures: dict[Key, int]) -> int:
    return next((sample for key in keys if (sample := pictures.get(key, -1)) >= 0), -1)


def _is_confirmed(catalog: Catalog, group: Group) -> bool:
    """Whether most of a group have a picture of the same size, and nearly all the header of a mask."""
    pairs = [
        (mask, picture) for mask, picture in zip(group.masks, group.pictures, strict=True) if picture >= 0
    ]
    if len({picture for _mask, picture in pairs}) < len(pairs) or len(pairs) < MIN_PAIRED * len(group.masks):
        return False
    usable = catalog.usable
    known = [pair for pair in pairs if usable[list(pair)].all()]
    if not known:
        return False
    masks, pictures = np.array(known, np.int64).T
    return bool(
        may_be_mask(catalog)[masks].mean() >= MIN_FIT
        and _same_size(catalog, masks, pictures).mean() >= MIN_PAIRED
    )


def _same_size(catalog: Catalog, masks: NDArray[np.int64], pictures: NDArray[np.int64]) -> NDArray[np.bool_]:
    height, width = catalog.height, catalog.width
    same: NDArray[np.bool_] = (height[masks] == height[pictures]) & (width[masks] == width[pictures])
    stored: NDArray[np.bool_] = (height[masks] == width[pictures]) & (width[masks] == height[pictures])
    return same | stored


def may_be_mask(catalog: Catalog) -> NDArray[np.bool_]:
    """Return the samples whose headers are those of masks: whole numbers that the format stores exactly."""
    whole = np.array([np.dtype(name or "f4").kind in "uib" for name in catalog.dtype.names], np.bool_)
    exact = np.array([decoding_of(name).keeps_numbers for name in catalog.format.names], np.bool_)
    found: NDArray[np.bool_] = whole[catalog.dtype.codes] & catalog.usable
    found &= exact[catalog.format.codes] | catalog.meaning.equals(PALETTE) | ~catalog.axes.equals("")
    is_byte = catalog.dtype.equals("uint8")
    return found & ((catalog.channels <= GREY_ALPHA) | catalog.meaning.equals(PALETTE) | is_byte)


def in_folder(catalog: Catalog, folder: str) -> NDArray[np.bool_]:
    """Return which samples lie in `folder` (absolute)."""
    inside = np.zeros(len(catalog), np.bool_)
    for source, own in enumerate(catalog.folders):
        of_source = catalog.source == source
        if (own + os.sep).startswith(os.path.join(folder, "")):
            inside |= of_source
        elif folder.startswith(os.path.join(own, "")):
            start = os.path.join(os.path.relpath(folder, own), "")
            inside |= of_source & np.fromiter(
                (path.startswith(start) for path in catalog.path), np.bool_, len(catalog)
            )
    return inside


def paired_with_folder(catalog: Catalog, is_mask: NDArray[np.bool_], place: str) -> Pairing:
    """Pair the masks that a person named with the pictures that are called alike."""
    named: defaultdict[str, list[tuple[Key, int]]] = defaultdict(list)
    for sample, path in enumerate(catalog.path):
        if not is_mask[sample] and catalog.member[sample] <= 0:
            folder, stem = _folder_and_stem(path)
            for each in dict.fromkeys((stem, picture_stem(stem))):
                named[each.casefold()].append((folder, sample))
    of = np.full(len(catalog), NO_MASK, np.int32)
    masks = np.flatnonzero(is_mask)
    for place_of_mask, mask in enumerate(masks.tolist()):
        for sample in _called_alike(catalog.path[mask], named):
            if of[sample] == NO_MASK:
                of[sample] = place_of_mask
                break
    return Pairing(masks, of, np.empty(0, np.int64), (place,))


def _folder_and_stem(path: str) -> tuple[Key, str]:
    folder, _, name = path.replace("\\", "/").rpartition("/")
    key = [word for each in filter(None, folder.split("/")) for word in folder_name(each).rest]
    return tuple(key), os.path.splitext(name)[0]


def _called_alike(path: str, named: dict[str, list[tuple[Key, int]]]) -> Iterator[int]:
    """Yield the picture that a mask is called like: the one in the like folder, or the only one."""
    folder, stem = _folder_and_stem(path)
    for each in dict.fromkeys((stem, mask_stem(stem).base)):
        found = named.get(each.casefold(), [])
        alike = [sample for key, sample in found if key[-len(folder) :] == folder[-len(key) :]]
        if len(alike) == 1 or len(found) == 1:
            yield (alike or [sample for _key, sample in found])[0]
