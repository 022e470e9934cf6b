"""What becomes of boxes, polygons and keypoints in a plan, in figures and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Complaint
from stackgui.core.annotations.sample_annotations import AnnotationSource
from stackgui.core.base.kept import kept
from stackgui.core.base.text import printable
from stackgui.core.base.units import enumerated, format_count, format_part, format_share
from stackgui.core.base.wording import Wording, say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.placed_objects import Fate, placed, placed_for, row_places, valid_bits
from stackgui.core.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class ObjectsTaken:
    """The objects of a plan's rows.

    Attributes
    ----------
    sources : tuple of AnnotationSource
    fates : mapping of Fate to int
        How many objects met which fate.
    counts : dict of str to int
        Objects of each class in the rows, in order of class number.
    pictures : int
        Rows with at least one object.
    emptied : int
        Rows whose objects all met a fate that keeps them out.
    refused : int
        Rows all of whose objects could not be used, as far as complaints name their pictures.
    bare : int
        Other rows that an annotation file knows, without any object in them.
    unknown : int
        Rows that no annotation file knows.
    least_visible, least_side : float
        As in `Options`.
    """

    sources: tuple[AnnotationSource, ...]
    fates: Mapping[Fate, int]
    counts: dict[str, int] = field(default_factory=dict)
    pictures: int = 0
    emptied: int = 0
    refused: int = 0
    bare: int = 0
    unknown: int = 0
    least_visible: float = 0.0
    least_side: float = 1.0

    @property
    def empty(self) -> int:
        """Return the number of rows that an annotation file knows, without any object in them."""
        return self.emptied + self.refused + self.bare

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return self.pictures + self.empty + self.unknown

    @property
    def objects(self) -> int:
        """Return the number of objects in the rows."""
        return self.fates[Fate.KEPT] + self.fates[Fate.CLIPPED]

    @property
    def text(self) -> str:
        """Describe them, for example ``"19 in 12 of 20 pictures, 2 classes, from COCO"``."""
        titles = enumerated(list(dict.fromkeys(source.title for source in self.sources)))
        return say(
            "{objects} in {pictures}, {classes}, from {titles}",
            objects=f"{self.objects:,}",
            pictures=format_part(self.pictures, self.rows, "picture"),
            classes=format_count(len(self.counts), "class", "classes"),
            titles=titles,
        )

    def details(self) -> Iterator[str]:
        """Yield what else is to be said: what is cut or left out, and pictures without annotations."""
        if cut := self.fates[Fate.CLIPPED]:
            yield say_many(
                cut,
                "{count:,} box is cut at the edge of what its row shows",
                "{count:,} boxes are cut at the edge of what their rows show",
            )
        for fate, count in self.fates.items():
            if count and fate not in (Fate.KEPT, Fate.CLIPPED):
                yield _left_out(fate, count, self.least_visible, self.least_side)
        if self.emptied:
            yield say_many(
                self.emptied,
                "{count:,} picture has no box left of those that it had",
                "{count:,} pictures have no box left of those that they had",
            )
        if self.refused:
            yield say_many(
                self.refused,
                "{count:,} picture has no box, because its annotations cannot be used",
                "{count:,} pictures have no box, because their annotations cannot be used",
            )
        if self.bare:
            yield say_many(
                self.bare,
                "{count:,} picture is marked as having no box",
                "{count:,} pictures are marked as having no box",
            )
        if self.unknown:
            yield say_many(
                self.unknown,
                "{count:,} picture is in no annotation file",
                "{count:,} pictures are in no annotation file",
            )

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {
            "formats": list(dict.fromkeys(source.title for source in self.sources)),
            "kept": self.objects,
            "fates": {fate.value: count for fate, count in self.fates.items()},
            "classes": list(self.counts),
            "counts": list(self.counts.values()),
            "pictures": self.pictures,
            "without": self.empty,
            "unannotated": self.unknown,
        }


def _left_out(fate: Fate, count: int, share: float, side: float) -> Wording:
    """Say that objects met a fate that keeps them out of their rows."""
    match fate:
        case Fate.CUT_OFF:
            return say_many(
                count,
                "{count:,} box is left out: the fit cuts it off wholly",
                "{count:,} boxes are left out: the fit cuts them off wholly",
            )
        case Fate.HIDDEN:
            return say_many(
                count,
                "{count:,} box is left out: less than {share} of it is visible",
                "{count:,} boxes are left out: less than {share} of each is visible",
                share=format_share(share),
            )
        case Fate.SMALL:
            return say_many(
                count,
                "{count:,} box is left out: in its row it is narrower or lower than {side:g} px",
                "{count:,} boxes are left out: in their rows they are narrower or lower than {side:g} px",
                side=side,
            )
        case Fate.CROWD:
            return say_many(
                count,
                "{count:,} crowd or region to ignore is left out, as chosen",
                "{count:,} crowds or regions to ignore are left out, as chosen",
            )
        case Fate.CLASS:
            return say_many(
                count,
                "{count:,} box is left out with its class, as chosen",
                "{count:,} boxes are left out with their classes, as chosen",
            )
        case _:
            return say_many(
                count,
                "{count:,} box is left out with its picture, which cannot be used",
                "{count:,} boxes are left out with their pictures, which cannot be used",
            )


def objects_taken(plan: Plan, valid: NDArray[np.bool_] | None = None) -> ObjectsTaken | None:
    """Return what becomes of the objects of `plan`; None if its pictures have no annotations.

    Parameters
    ----------
    plan
    valid : bool, shape (rows,), optional
        False for rows that stayed blank, if the plan was carried out.
    """
    return _taken_for(plan, valid_bits(plan, valid))


@kept(most=2)
def _taken_for(plan: Plan, bits: bytes) -> ObjectsTaken | None:
    objects, annotations = placed_for(plan, bits), plan.catalog.annotations
    if annotations is None or objects is None:
        return None
    classes = plan.object_classes.names
    numbers = np.bincount(objects.category[objects.category >= 0], minlength=len(classes)).tolist()
    has_any = np.zeros(plan.rows, np.bool_)
    has_any[objects.row] = True
    without = ~has_any
    had_any = np.isin(plan.samples, annotations.objects.picture)
    lost = [each.pictures for each in annotations.complaints if each.is_lost]
    refused = without & ~had_any & np.isin(plan.samples, np.array(list(chain(*lost)), np.int64))
    known = annotations.is_annotated[plan.samples]
    return ObjectsTaken(
        sources=annotations.sources,
        fates=objects.fates,
        counts=dict(zip(classes, numbers, strict=True)),
        pictures=int(np.count_nonzero(has_any)),
        emptied=int(np.count_nonzero(without & had_any)),
        refused=int(np.count_nonzero(refused)),
        bare=int(np.count_nonzero(without & known & ~had_any & ~refused)),
        unknown=int(np.count_nonzero(without & ~known & ~refused)),
        least_visible=plan.options.least_visible,
        least_side=plan.options.least_side,
    )


def taken_without(plan: Plan, taken: ObjectsTaken, failed: NDArray[np.int64]) -> ObjectsTaken:
    """Return what becomes of the objects of `plan` if further samples turn out to be unreadable.

    It looks at these samples only, and is therefore quick where `objects_taken` is not.

    Parameters
    ----------
    plan
    taken
        What becomes of them without that.
    failed : int64, shape (F,)
        Samples that `plan` takes for readable.
    """
    rows, annotations = np.flatnonzero(np.isin(plan.samples, failed)), plan.catalog.annotations
    if annotations is None or not len(rows):
        return taken
    lost = placed(
        annotations.take(plan.samples[rows]),
        row_places(plan).take(rows),
        plan.object_classes,
        plan.options,
        np.ones(len(rows), np.bool_),
    )
    fates = {fate: count - lost.fates[fate] for fate, count in taken.fates.items()}
    fates[Fate.BLANK] += sum(lost.fates.values())
    numbers = np.bincount(lost.category[lost.category >= 0], minlength=len(taken.counts)).tolist()
    emptied = len(np.unique(lost.row))
    return replace(
        taken,
        fates=fates,
        counts={name: taken.counts[name] - each for name, each in zip(taken.counts, numbers, strict=True)},
        pictures=taken.pictures - emptied,
        emptied=taken.emptied + emptied,
    )


def annotations_json(catalog: Catalog) -> dict[str, Any]:
    """Return what a scan has found of annotations as JSON values; nothing without annotations."""
    if (found := catalog.annotations) is None:
        return {}
    return {
        "annotations": {
            "objects": len(found.objects),
            "classes": list(found.categories),
            "pictures": int(np.count_nonzero(found.is_annotated)),
            "sources": [asdict(source) for source in found.sources],
            "complaints": [_complaint_json(each) for each in found.complaints],
        }
    }


def _complaint_json(complaint: Complaint) -> dict[str, Any]:
    """Return a complaint as JSON values, without samples, whose numbers mean nothing elsewhere."""
    return {name: value for name, value in asdict(complaint).items() if name != "pictures"}


def source_lines(sources: Iterable[AnnotationSource]) -> Iterator[Wording]:
    """Yield a sentence about each place that annotations are from."""
    for source in sources:
        yield say(
            "{title}: {objects} for {pictures}, from {files}, {place}",
            title=source.title,
            objects=format_count(source.objects, "box", "boxes"),
            pictures=format_count(source.pictures, "picture"),
            files=format_count(source.files, "file"),
            place=printable(source.place),
        )
