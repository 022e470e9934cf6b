"""The annotations of samples: what all annotation files together say, found for each sample."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Complaint, Objects, Tags
from stackgui.core.annotations.ragged import Ragged

MAX_POINTS = 2**31 - 1
"""Most objects, corners or keypoints; their numbers have to fit into an array's index on every computer."""


@dataclass(frozen=True, slots=True)
class AnnotationSource:
    """Annotation files of one format in one place.

    Attributes
    ----------
    title : str
        The format's own name, for example ``"COCO"``.
    place : str
        The file or, for several, the folder that holds all of them; an absolute name.
    files : int
    pictures : int
        Samples that these files describe.
    objects : int
        Objects in these samples.
    orphans : int
        Objects whose picture is not among the samples.
    """

    title: str
    place: str
    files: int
    pictures: int
    objects: int
    orphans: int


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class SampleAnnotations:
    """The annotations of the samples of a catalog.

    Coordinates are pixels of the upright picture, continuous: the pixel in column i spans from i to i + 1.

    Attributes
    ----------
    samples : int
        Number of samples.
    categories : tuple of str
        Names of the classes of all sources, each once.
    objects : Objects
        With `picture` as the sample's index, which never decreases; objects of a sample keep their order.
    tags : Tags
        Classes of whole samples, in the same way.
    is_annotated : bool, shape (N,)
        Whether an annotation file knows the sample, even if it marks nothing in it.
    keypoint_names : tuple of str
    sources : tuple of AnnotationSource
        Where the annotations are from; not part of the fingerprint.
    complaints : tuple of Complaint
        What was not taken as it stands; not part of the fingerprint.
    """

    categories: tuple[str, ...]
    objects: Objects
    tags: Tags
    is_annotated: NDArray[np.bool_]
    keypoint_names: tuple[str, ...] = ()
    sources: tuple[AnnotationSource, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    @property
    def samples(self) -> int:
        """Return the number of samples."""
        return len(self.is_annotated)

    def among(self, samples: NDArray[np.integer[Any]]) -> SampleAnnotations:
        """Return the annotations of a few `samples`, which may repeat, in that order and without tags.

        Takes time only for their own objects, unlike `take`.
        """
        begin, end = (np.searchsorted(self.objects.picture, samples, side) for side in ("left", "right"))
        places = np.concatenate([np.empty(0, np.int64), *map(np.arange, begin, end)]).astype(np.int64)
        picture = np.repeat(np.arange(len(samples), dtype=np.int32), end - begin)
        return replace(
            self,
            objects=replace(self.objects.take(places), picture=picture),
            tags=Tags.none(),
            is_annotated=self.is_annotated[samples],
        )

    def take(self, samples: NDArray[np.integer[Any]]) -> SampleAnnotations:
        """Return the annotations of only `samples`, which are distinct, in that order."""
        place = np.full(self.samples, -1, np.int32)
        place[samples] = np.arange(len(samples), dtype=np.int32)
        return replace(
            self,
            objects=_moved(self.objects, place),
            tags=Tags(*_moved_columns(place, self.tags.picture, self.tags.category)),
            is_annotated=self.is_annotated[samples],
            complaints=tuple(each.about(place) for each in self.complaints),
        )

    def digest(self) -> bytes:
        """Return 128 bits that change whenever an annotation changes."""
        digest = hashlib.blake2b(digest_size=16)
        for name, column in self.columns():
            digest.update(f"{name}\0{column.shape}\0".encode())
            digest.update(np.ascontiguousarray(column.astype(column.dtype.newbyteorder("<"))).data)
        for names in (self.categories, self.keypoint_names):
            digest.update("".join(f"{name}\0" for name in names).encode("utf-8", "surrogateescape"))
        return digest.digest()

    def columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Yield the name and the values of every column."""
        objects = self.objects
        yield "is_annotated", self.is_annotated
        yield "tag_picture", self.tags.picture
        yield "tag_category", self.tags.category
        for name in _PLAIN:
            yield name, getattr(objects, name)
        yield "ring_starts", objects.ring_starts
        for name in _LISTS:
            ragged: Ragged[Any] = getattr(objects, name)
            yield name, ragged.values
            yield f"{name}_starts", ragged.starts

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, NDArray[Any]], categories: tuple[str, ...], keypoint_names: tuple[str, ...]
    ) -> SampleAnnotations:
        """Rebuild what `columns` yielded.

        Raises
        ------
        KeyError, ValueError
            When a column is missing, or the columns do not belong together: they may come from anyone.
        """
        typed = {name: _of_type(columns[name], dtype, shape) for name, (dtype, shape) in _TYPES.items()}
        made = cls(
            categories=categories,
            objects=_objects(typed),
            tags=Tags(typed["tag_picture"], typed["tag_category"]),
            is_annotated=typed["is_annotated"],
            keypoint_names=keypoint_names,
        )
        made._check()
        return made

    def to_json(self) -> dict[str, Any]:
        """Return the annotations as JSON values, except that columns stay arrays."""
        columns = {
            name: column.astype(np.uint8) if column.dtype == np.bool_ else column
            for name, column in self.columns()
        }
        # JSON has no NaN.
        area = columns["area"]
        columns["area"] = np.where(np.isnan(area), np.float32(-1), area)
        return {
            "categories": list(self.categories),
            "keypoint_names": list(self.keypoint_names),
            "columns": columns,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> SampleAnnotations:
        """Rebuild what `to_json` returned; raises KeyError, TypeError or ValueError for anything else."""
        columns = {str(name): np.asarray(column) for name, column in value["columns"].items()}
        area = columns["area"].astype(np.float32)
        columns["area"] = np.where(area < 0, np.float32(np.nan), area)
        return cls.from_columns(
            columns, tuple(map(str, value["categories"])), tuple(map(str, value["keypoint_names"]))
        )

    def _check(self) -> None:
        objects, count = self.objects, len(self.objects)
        lengths = {len(getattr(objects, name)) for name in (*_PLAIN, "keypoints", "bitmap")} - {count}
        lists: tuple[Ragged[Any], ...] = (objects.rings, objects.keypoints, objects.bitmap)
        starts = [(each.starts, len(each), len(each.values)) for each in lists]
        starts.append((objects.ring_starts, count, len(objects.rings)))
        is_whole = not lengths - {len(objects.is_hole)} and len(objects.is_hole) == len(objects.rings)
        if not is_whole or not all(_divides(*each) for each in starts):
            raise ValueError("annotations whose columns do not belong together")
        picture, tagged = objects.picture, self.tags.picture
        _check_range(picture, 0, self.samples)
        _check_range(tagged, 0, self.samples)
        _check_range(objects.category, -1, len(self.categories))
        _check_range(self.tags.category, 0, len(self.categories))
        if len(tagged) != len(self.tags.category) or (np.diff(picture) < 0).any():
            raise ValueError("annotations that are not in the order of their samples")
        if not (np.isfinite(objects.box).all() and np.isfinite(objects.rings.values).all()):
            raise ValueError("annotations with coordinates that are no numbers")


_PLAIN = ("picture", "category", "box", "flags", "area", "is_hole", "bitmap_size")
_LISTS = ("rings", "keypoints", "bitmap")
_TYPES: Mapping[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "is_annotated": (np.bool_, (-1,)),
    "tag_picture": (np.int32, (-1,)),
    "tag_category": (np.int32, (-1,)),
    "picture": (np.int32, (-1,)),
    "category": (np.int32, (-1,)),
    "box": (np.float64, (-1, 4)),
    "flags": (np.uint8, (-1,)),
    "area": (np.float32, (-1,)),
    "is_hole": (np.bool_, (-1,)),
    "bitmap_size": (np.int32, (-1, 2)),
    "ring_starts": (np.int64, (-1,)),
    "rings": (np.float64, (-1, 2)),
    "rings_starts": (np.int64, (-1,)),
    "keypoints": (np.float64, (-1, 3)),
    "keypoints_starts": (np.int64, (-1,)),
    "bitmap": (np.uint8, (-1,)),
    "bitmap_starts": (np.int64, (-1,)),
}


def _objects(typed: Mapping[str, Any]) -> Objects:
    plain = {name: typed[name] for name in (*_PLAIN, "ring_starts")}
    lists = {name: Ragged(typed[name], typed[f"{name}_starts"]) for name in _LISTS}
    return Objects(**{**plain, **lists})


def _of_type(column: NDArray[Any], dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
    return np.asarray(column).astype(dtype, casting="unsafe", copy=False).reshape(shape)


def _divides(starts: NDArray[np.int64], rows: int, values: int) -> bool:
    """Return whether `starts` divides `values` values into `rows` lists."""
    return (
        len(starts) == rows + 1
        and int(starts[0]) == 0
        and int(starts[-1]) == values
        and not (np.diff(starts) < 0).any()
    )


def _check_range(numbers: NDArray[np.integer[Any]], least: int, end: int) -> None:
    if len(numbers) and not (least <= int(numbers.min()) and int(numbers.max()) < end):
        raise ValueError("annotations that refer to nothing")


def _moved(objects: Objects, place: NDArray[np.int32]) -> Objects:
    """Return the objects of the samples that have a place, in the order of places."""
    now = place[objects.picture]
    if (now >= 0).all() and (np.diff(now) >= 0).all():
        return replace(objects, picture=now)
    order = np.argsort(now, kind="stable")
    order = order[np.count_nonzero(now < 0) :]
    return replace(objects.take(order), picture=now[order])


def _moved_columns(
    place: NDArray[np.int32], picture: NDArray[np.int32], category: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    now = place[picture]
    order = np.argsort(now, kind="stable")[np.count_nonzero(now < 0) :]
    return now[order], category[order]
