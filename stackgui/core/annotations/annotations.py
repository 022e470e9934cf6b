"""The tables that readers of annotation files return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntFlag, StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.columns import Paths

MAX_EXAMPLES = 5
"""Number of examples kept of each kind of complaint."""
MAX_LOOKED_AT = 1000
"""Number of pictures kept of each kind of complaint, to be looked at."""


class Flag(IntFlag):
    """What an annotation says about an object besides its class; bits of ``box_flags.npy``."""

    CROWD = 1
    """Many objects under one annotation (COCO's ``iscrowd``, Open Images' ``IsGroupOf``)."""
    IGNORE = 2
    """A region to leave out of training and evaluation (KITTI's ``DontCare``)."""
    DIFFICULT = 4
    TRUNCATED = 8
    """The object goes on beyond the edge of the picture, as the annotator marked it."""
    OCCLUDED = 16


class Units(StrEnum):
    """What coordinates are measured in."""

    PIXELS = "pixels"
    SHARES = "shares"
    """Shares of the picture's width and height, from 0 to 1."""


class Names(StrEnum):
    """How the pictures of annotations are recognised."""

    AS_WRITTEN = "as written"
    """By the name of the picture, with or without folders, that the file gives."""
    BY_STEM = "by stem"
    """By the annotation file's own name: the name of a picture without its suffix."""


def no_points() -> NDArray[np.float64]:
    """Return no points, shape (0, 2)."""
    return np.empty((0, 2), np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class Objects:
    """Objects that annotations mark in pictures; each column has one entry per object.

    Coordinates are continuous: the pixel in column i spans from i to i + 1, and x comes before y. Readers
    bring the conventions of their formats to this one.

    Attributes
    ----------
    picture : int32, shape (M,)
        Index of the picture that each object is in.
    category : int32, shape (M,)
        Index into the categories; -1 without a class.
    box : float64, shape (M, 4)
        Left, top, right and bottom.
    flags : uint8, shape (M,)
        Bits of `Flag`.
    area : float32, shape (M,)
        Area in square pixels if the annotation states it, else NaN.
    rings : Ragged of float64, shape (P, 2)
        The polygons of all objects, ring after ring: x and y of each corner. A ring is closed without its
        first corner being repeated.
    ring_starts : int64, shape (M + 1,)
        Object i has the rings from ``ring_starts[i]`` up to ``ring_starts[i + 1]``.
    is_hole : bool, shape (R,)
        Whether each ring cuts out of the other rings of its object.
    keypoints : Ragged of float64, shape (J, 3)
        For each object the x, y and visibility of its keypoints: 0 not marked (x and y are 0 then), 1 marked
        but hidden, 2 visible.
    bitmap : Ragged of uint8
        For each object its mask over the whole picture, as COCO's compressed RLE (`pycocotools.mask`), or
        nothing.
    bitmap_size : int32, shape (M, 2)
        Height and width of the mask; 0 for an object without one.
    """

    picture: NDArray[np.int32]
    category: NDArray[np.int32]
    box: NDArray[np.float64]
    flags: NDArray[np.uint8]
    area: NDArray[np.float32]
    rings: Ragged[np.float64]
    ring_starts: NDArray[np.int64]
    is_hole: NDArray[np.bool_]
    keypoints: Ragged[np.float64]
    bitmap: Ragged[np.uint8]
    bitmap_size: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.picture)

    @classmethod
    def of_boxes(
        cls,
        picture: NDArray[np.integer[Any]],
        category: NDArray[np.integer[Any]],
        box: NDArray[np.floating[Any]],
        flags: NDArray[np.uint8] | None = None,
        area: NDArray[np.floating[Any]] | None = None,
    ) -> Objects:
        """Return objects that have only boxes; what is not given takes no memory."""
        count = len(picture)
        none = np.broadcast_to(np.int64(0), count + 1)
        return cls(
            picture=picture.astype(np.int32, copy=False),
            category=category.astype(np.int32, copy=False),
            box=box.astype(np.float64, copy=False),
            flags=np.broadcast_to(np.uint8(0), count) if flags is None else flags,
            area=np.broadcast_to(np.float32(np.nan), count)
            if area is None
            else area.astype(np.float32, copy=False),
            rings=Ragged.none(0, no_points()),
            ring_starts=none,
            is_hole=np.empty(0, np.bool_),
            keypoints=Ragged.none(count, np.empty((0, 3))),
            bitmap=Ragged.none(count, np.empty(0, np.uint8)),
            bitmap_size=np.broadcast_to(np.int32(0), (count, 2)),
        )

    @classmethod
    def none(cls) -> Objects:
        """Return no objects."""
        return cls.of_boxes(np.empty(0, np.int32), np.empty(0, np.int32), np.empty((0, 4)))

    @property
    def object_rings(self) -> Ragged[np.int64]:
        """Return for each object the indices of its rings."""
        return Ragged(np.arange(len(self.rings)), self.ring_starts)

    def take(self, objects: NDArray[Any]) -> Objects:
        """Return some objects, given as indices or as a mask, in that order."""
        rings = self.object_rings.take(objects)
        return Objects(
            picture=self.picture[objects],
            category=self.category[objects],
            box=self.box[objects],
            flags=self.flags[objects],
            area=self.area[objects],
            rings=self.rings.take(rings.values),
            ring_starts=rings.starts,
            is_hole=self.is_hole[rings.values],
            keypoints=self.keypoints.take(objects),
            bitmap=self.bitmap.take(objects),
            bitmap_size=self.bitmap_size[objects],
        )

    @classmethod
    def concatenate(cls, parts: Sequence[Objects]) -> Objects:
        """Join the objects of several; `picture` and `category` stay as they are."""
        if not parts:
            return cls.none()
        rings = Ragged.concatenate([part.object_rings for part in parts])
        return cls(
            **{
                name: np.concatenate([getattr(part, name) for part in parts])
                for name in ("picture", "category", "box", "flags", "area", "is_hole", "bitmap_size")
            },
            rings=Ragged.concatenate([part.rings for part in parts]),
            ring_starts=rings.starts,
            keypoints=Ragged.concatenate([part.keypoints for part in parts]),
            bitmap=Ragged.concatenate([part.bitmap for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something in annotation files that was not taken as it stands.

    Attributes
    ----------
    what : str
        One sentence without a count, such as "The box has no area." It is the same for all of its kind.
    count : int
    examples : tuple of str
        Where, at most `MAX_EXAMPLES`: the file, and the line, object or picture in it.
    is_lost : bool
        Whether the annotations concerned are left out; else they were changed or only looked doubtful.
    pictures : tuple of int
        Which pictures it is about as far as that is known, at most `MAX_LOOKED_AT`: indices into the pictures
        of the annotations or, once they are joined, samples.
    """

    what: str
    count: int
    examples: tuple[str, ...]
    is_lost: bool = True
    pictures: tuple[int, ...] = ()

    def about(self, number: NDArray[np.integer[Any]]) -> Complaint:
        """Return the complaint with picture i as ``number[i]``, without those whose number is negative."""
        found = number[list(self.pictures)].tolist() if self.pictures else []
        return replace(self, pictures=tuple(each for each in found if each >= 0))


def joined(complaints: Sequence[Complaint]) -> tuple[Complaint, ...]:
    """Return complaints with those of a kind put together, in order of first appearance."""
    found: dict[tuple[str, bool], Complaint] = {}
    for each in complaints:
        key = (each.what, each.is_lost)
        known = found.get(key, replace(each, count=0, examples=(), pictures=()))
        pictures = dict.fromkeys((*known.pictures, *each.pictures))
        examples = (*known.examples, *each.examples)[:MAX_EXAMPLES]
        found[key] = replace(
            known,
            count=known.count + each.count,
            examples=examples,
            pictures=tuple(pictures)[:MAX_LOOKED_AT],
        )
    return tuple(found.values())


@dataclass(frozen=True, eq=False, slots=True)
class Tags:
    """Classes of whole pictures, which annotation files may give beside objects.

    Attributes
    ----------
    picture, category : int32, shape (T,)
        Index of the picture, and index into the categories. A picture may have several tags.
    """

    picture: NDArray[np.int32]
    category: NDArray[np.int32]

    @classmethod
    def none(cls) -> Tags:
        """Return no tags."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32))


@dataclass(frozen=True, eq=False, slots=True)
class Segments:
    """The segments of COCO's panoptic format, whose pixels are in mask pictures.

    Attributes
    ----------
    mask_name : Paths
        For each picture the name of its mask picture as written, or ``""``.
    picture, category : int32, shape (S,)
    id : int32, shape (S,)
        R + 256 G + 256² B of the segment's pixels in the mask picture.
    is_crowd : bool, shape (S,)
    """

    mask_name: Paths
    picture: NDArray[np.int32]
    category: NDArray[np.int32]
    id: NDArray[np.int32]
    is_crowd: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Annotations:
    """What one or several annotation files of one format say.

    Attributes
    ----------
    format : str
        Name of the format, for example ``"coco"``.
    pictures : Paths
        Name of each picture, with ``/`` between folders; see `names`. A picture without any object is listed
        too, if the file knows it.
    height, width : int32, shape (K,)
        Size of each picture as recorded; 0 where it is not.
    categories : tuple of str
        Names of the classes.
    objects : Objects
        With `picture` as an index into `pictures`.
    units : Units
        Units of all coordinates in `objects`; bitmaps are in pixels always.
    names : Names
    tags : Tags
    keypoint_names : tuple of str
        Names of the keypoints, if the file gives them.
    segments : Segments or None
    complaints : tuple of Complaint
    """

    format: str
    pictures: Paths
    height: NDArray[np.int32]
    width: NDArray[np.int32]
    categories: tuple[str, ...]
    objects: Objects
    units: Units = Units.PIXELS
    names: Names = Names.AS_WRITTEN
    tags: Tags = field(default_factory=Tags.none)
    keypoint_names: tuple[str, ...] = ()
    segments: Segments | None = None
    complaints: tuple[Complaint, ...] = ()
