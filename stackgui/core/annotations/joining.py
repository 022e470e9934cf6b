"""Puts what several annotation files say about the same samples together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import (
    MAX_EXAMPLES,
    MAX_LOOKED_AT,
    Annotations,
    Complaint,
    Objects,
    Tags,
    Units,
    joined,
)
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.annotations.reading import Turned
from stackgui.core.annotations.sample_annotations import AnnotationSource, SampleAnnotations
from stackgui.core.annotations.turning import TRANSPOSED, turned
from stackgui.core.base.wording import say

NO_SAMPLE, SEVERAL_SAMPLES = -1, -2

MAX_LISTED = 3
"""Files of a folder that are named one by one; of more, only the folder is."""


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What one annotation file says, or many that describe a picture each, and which samples it is about.

    Attributes
    ----------
    annotations : Annotations
    title : str
        The format's own name.
    place : str
        The file, or the folder of all files.
    files : int
    sample : int64, shape (K,)
        For each picture of `annotations` its sample, `NO_SAMPLE` or `SEVERAL_SAMPLES`.
    """

    annotations: Annotations
    title: str
    place: str
    files: int
    sample: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class SampleSizes:
    """Size and orientation of samples.

    Attributes
    ----------
    height, width : int32, shape (N,)
        Of the upright sample, in pixels; 0 if it cannot be read.
    orientation : uint8, shape (N,)
        EXIF orientation, 1 to 8.
    """

    height: NDArray[np.int32]
    width: NDArray[np.int32]
    orientation: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.height)


TurnBitmaps = Callable[[Objects, NDArray[np.uint8]], Objects]
"""Turns the bitmaps of objects by the EXIF orientation of each, shape (M,)."""


def join(
    parts: Sequence[Found],
    sizes: SampleSizes,
    turn: Turned,
    turn_bitmaps: TurnBitmaps,
    *,
    name_orphans: bool = True,
) -> SampleAnnotations:
    """Return the annotations of samples of `sizes`, in pixels of the upright pictures.

    Parameters
    ----------
    parts
    sizes
    turn
        Which way up annotations are where their files do not tell.
    turn_bitmaps
    name_orphans
        Whether to complain of pictures that are no samples.
    """
    categories: dict[str, int] = {}
    names = max((part.annotations.keypoint_names for part in parts), key=len, default=())
    pieces = [_Part(part, sizes, turn, turn_bitmaps).joined(categories, name_orphans) for part in parts]
    complaints = [each for piece in pieces for each in piece.complaints]
    objects, tags = Objects.concatenate([piece.objects for piece in pieces]), [piece.tags for piece in pieces]
    part_of = np.repeat(np.arange(len(pieces)), [len(piece.objects) for piece in pieces])
    if len(pieces) > 1:
        of_segments = np.array([part.annotations.segments is not None for part in parts], np.bool_)[part_of]
        kept, doubled = _without_known_segments(objects, of_segments)
        objects, part_of = objects.take(kept), part_of[kept]
        complaints += doubled
        kept, doubled = _without_doubles(objects, part_of)
        objects = objects.take(kept)
        complaints += doubled
    order = np.argsort(objects.picture, kind="stable")
    is_annotated = np.zeros(len(sizes), np.bool_)
    for piece in pieces:
        is_annotated[piece.samples] = True
    return SampleAnnotations(
        categories=tuple(categories),
        objects=objects.take(order),
        tags=_sorted(tags),
        is_annotated=is_annotated,
        keypoint_names=names,
        sources=_merged([piece.source for piece in pieces]),
        complaints=joined(complaints),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Piece:
    objects: Objects
    tags: Tags
    samples: NDArray[np.int64]
    source: AnnotationSource
    complaints: tuple[Complaint, ...]


class _Part:
    """One part on its way to samples."""

    def __init__(self, part: Found, sizes: SampleSizes, turn: Turned, turn_bitmaps: TurnBitmaps) -> None:
        self._part, self._sizes, self._turn, self._turn_bitmaps = part, sizes, turn, turn_bitmaps
        self._said = part.annotations
        self._sample = part.sample.copy()
        self._complaints = [each.about(part.sample) for each in part.annotations.complaints]

    def joined(self, categories: dict[str, int], name_orphans: bool) -> _Piece:  # noqa: FBT001 - private
        """Return the objects that have a sample, with numbers of `categories`; new ones are added."""
        said = self._said
        if name_orphans:
            self._refuse(self._sample == NO_SAMPLE, _ORPHAN)
        self._refuse(self._sample == SEVERAL_SAMPLES, _AMBIGUOUS)
        orphans = int(np.count_nonzero(self._sample[said.objects.picture] < 0))
        orientation = self._orientations()
        known = self._sample >= 0
        self._refuse(known & (self._sizes.height[self._sample] == 0), _UNREADABLE)
        objects = said.objects.take(self._sample[said.objects.picture] >= 0)
        objects = self._outside_left_out(self._in_pixels(objects, orientation))
        number = np.array([categories.setdefault(name, len(categories)) for name in said.categories] + [-1])
        tagged = self._sample[said.tags.picture] >= 0
        source = AnnotationSource(
            title=self._part.title,
            place=self._part.place,
            files=self._part.files,
            pictures=len(np.unique(self._sample[self._sample >= 0])),
            objects=len(objects),
            orphans=orphans,
        )
        return _Piece(
            replace(
                objects,
                picture=self._sample[objects.picture].astype(np.int32),
                category=number[objects.category].astype(np.int32),
            ),
            Tags(
                self._sample[said.tags.picture[tagged]].astype(np.int32),
                number[said.tags.category[tagged]].astype(np.int32),
            ),
            self._sample[self._sample >= 0],
            source,
            tuple(self._complaints),
        )

    def _refuse(self, pictures: NDArray[np.bool_], what: str) -> None:
        """Complain about pictures, and give up their annotations."""
        self._complain(pictures, what, is_lost=True)
        self._sample[pictures] = np.where(self._sample[pictures] >= 0, NO_SAMPLE, self._sample[pictures])

    def _complain(self, pictures: NDArray[np.bool_], what: str, *, is_lost: bool) -> None:
        if count := int(np.count_nonzero(pictures)):
            examples = tuple(self._said.pictures[index] for index in np.flatnonzero(pictures)[:MAX_EXAMPLES])
            samples = self._sample[np.flatnonzero(pictures)[:MAX_LOOKED_AT]]
            about = tuple(samples[samples >= 0].tolist())
            self._complaints.append(Complaint(what, count, examples, is_lost, about))

    def _orientations(self) -> NDArray[np.uint8]:
        """Return how the annotations of each picture have to be turned, shape (K,), and complain of doubts.

        A recorded size tells: it is that of the upright or of the stored picture. Where both are the same, or
        none is recorded, the person's choice decides.
        """
        said, sample = self._said, np.maximum(self._sample, 0)
        height, width, mark = (
            self._sizes.height[sample],
            self._sizes.width[sample],
            self._sizes.orientation[sample],
        )
        recorded = (said.height > 0) & (said.width > 0)
        is_upright = (said.height == height) & (said.width == width)
        is_stored = (mark >= TRANSPOSED) & (said.height == width) & (said.width == height)
        known = (self._sample >= 0) & (height > 0)
        self._refuse(known & recorded & ~is_upright & ~is_stored, _OTHER_SIZE)
        is_same = (mark < TRANSPOSED) | (height == width)
        unclear = (mark != 1) & (~recorded | (is_same & is_upright)) & (self._sample >= 0)
        self._complain(unclear, UNCLEAR[self._turn], is_lost=False)
        is_turned = np.where(unclear, self._turn is Turned.STORED, is_stored & ~is_upright)
        return np.where(is_turned, mark, np.uint8(1)).astype(np.uint8)

    def _in_pixels(self, objects: Objects, orientation: NDArray[np.uint8]) -> Objects:
        """Return `objects`, whose pictures have a sample, in pixels of the upright pictures."""
        sample, mark = self._sample[objects.picture], orientation[objects.picture]
        height = self._sizes.height[sample].astype(np.float64)
        width = self._sizes.width[sample].astype(np.float64)
        swapped = mark >= TRANSPOSED
        height, width = np.where(swapped, width, height), np.where(swapped, height, width)
        if self._said.units is Units.SHARES:
            objects = _scaled(objects, height, width)
        return self._turn_bitmaps(turned(objects, mark, height, width), mark)

    def _outside_left_out(self, objects: Objects) -> Objects:
        """Return `objects` without those that are wholly outside their pictures, and complain of them."""
        sample = self._sample[objects.picture]
        left, top, right, bottom = objects.box.T
        outside = (right <= 0) | (bottom <= 0) | (left >= self._sizes.width[sample])
        outside |= top >= self._sizes.height[sample]
        if not outside.any():
            return objects
        places = np.flatnonzero(outside)
        examples = tuple(self._said.pictures[int(objects.picture[index])] for index in places[:MAX_EXAMPLES])
        self._complaints.append(Complaint(_OUTSIDE, len(places), examples, pictures=_first(sample[places])))
        return objects.take(~outside)


_ORPHAN = say("The picture that the annotations are about is not there.")
_AMBIGUOUS = say("Several pictures could be the one that the annotations are about.")
_UNREADABLE = say("The picture that the annotations are about cannot be read.")
_OTHER_SIZE = say("The size recorded with the annotations is not that of the picture.")
_OUTSIDE = say("The box lies outside its picture.")
_DOUBLE = say("Two annotation files mark the same object, which was taken once.")
_SHARED = say("Two annotation files describe the picture, and what they mark differs; all of it was taken.")
UNCLEAR = {
    Turned.UPRIGHT: say(
        "The picture has an orientation mark, and nothing tells which way up its annotations are; they were "
        "taken as people see the picture."
    ),
    Turned.STORED: say(
        "The picture has an orientation mark, and nothing tells which way up its annotations are; they were "
        "taken as the picture is stored."
    ),
}


def _scaled(objects: Objects, height: NDArray[np.float64], width: NDArray[np.float64]) -> Objects:
    """Return objects whose coordinates were shares of their pictures' sides, in pixels."""
    size = np.stack([width, height], axis=1)
    rings, keypoints = objects.rings, objects.keypoints
    marked = keypoints.values.copy()
    marked[:, :2] *= size[keypoints.rows]
    return replace(
        objects,
        box=objects.box * np.tile(size, 2),
        area=(objects.area * width * height).astype(np.float32),
        rings=_with(rings, rings.values * size[objects.object_rings.rows[rings.rows]]),
        keypoints=_with(keypoints, marked),
    )


def _with(ragged: Ragged[Any], values: NDArray[Any]) -> Ragged[Any]:
    return ragged.with_values(values) if len(values) else ragged


def _without_known_segments(
    objects: Objects, of_segments: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], list[Complaint]]:
    """Return a mask of the objects without segments of a class that other files mark in the picture, too.

    The boxes of segments are those of their pixels, and differ a little from those that people drew.
    """
    key = objects.picture.astype(np.int64) * (int(objects.category.max(initial=0)) + 2) + objects.category
    known = of_segments & np.isin(key, key[~of_segments])
    return ~known, _doubled(objects, known)


def _doubled(objects: Objects, twice: NDArray[np.bool_]) -> list[Complaint]:
    """Complain of the objects that are marked `twice`, if there are any."""
    count = int(np.count_nonzero(twice))
    about = _first(objects.picture[twice])
    return [Complaint(_DOUBLE, count, (), is_lost=False, pictures=about)] if count else []


def _without_doubles(
    objects: Objects, part_of: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], list[Complaint]]:
    """Return a mask of the objects without those that an earlier part has too, and complaints.

    Several files often describe the same objects, one with boxes and one with keypoints; the richer stays.
    """
    # Objects are the same if class and box agree to within about half a pixel.
    columns = (objects.picture, objects.category, *np.rint(objects.box).T)
    key = np.stack([column.astype(np.int64) for column in columns], axis=1)
    _values, group = np.unique(key, axis=0, return_inverse=True)
    group = group.reshape(-1)
    richness = (
        (objects.keypoints.lengths > 0) * 4
        + (objects.bitmap.lengths > 0) * 2
        + (np.diff(objects.ring_starts) > 0) * 1
    )
    order = np.lexsort((part_of, -richness, group))
    first_of_group = np.ones(len(order), np.bool_)
    first_of_group[1:] = group[order][1:] != group[order][:-1]
    leader = order[np.maximum.accumulate(np.where(first_of_group, np.arange(len(order)), 0))]
    kept = np.ones(len(objects), np.bool_)
    kept[order] = first_of_group | (part_of[order] == part_of[leader])
    complaints = _doubled(objects, ~kept)
    pairs = np.unique(np.stack([objects.picture[kept], part_of[kept]], axis=1), axis=0)
    pictures, counts = np.unique(pairs[:, 0], return_counts=True)
    if shared := int(np.count_nonzero(counts > 1)):
        complaints.append(
            Complaint(_SHARED, shared, (), is_lost=False, pictures=_first(pictures[counts > 1]))
        )
    return kept, complaints


def _first(samples: NDArray[np.integer[Any]]) -> tuple[int, ...]:
    """Return the first samples, each once."""
    return tuple(np.unique(samples)[:MAX_LOOKED_AT].tolist())


def _merged(sources: Sequence[AnnotationSource]) -> tuple[AnnotationSource, ...]:
    """Return sources with those of a format in one place, or in a folder of many files, put together."""
    in_folder = Counter((each.title, os.path.dirname(each.place)) for each in sources)
    found: dict[tuple[str, str], AnnotationSource] = {}
    for each in sources:
        folder = os.path.dirname(each.place)
        place = folder if in_folder[each.title, folder] > MAX_LISTED else each.place
        before = found.get((each.title, place))
        figures = {name: getattr(each, name) + getattr(before, name, 0) for name in _FIGURES}
        found[each.title, place] = replace(each, place=place, **figures)
    return tuple(found.values())


_FIGURES = ("files", "pictures", "objects", "orphans")


def _sorted(tags: Sequence[Tags]) -> Tags:
    """Return tags in the order of samples, each once."""
    if not tags:
        return Tags.none()
    picture, category = (
        np.concatenate([getattr(each, name) for each in tags]) for name in ("picture", "category")
    )
    pairs = np.unique(np.stack([picture, category], axis=1), axis=0)
    return Tags(pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32))
