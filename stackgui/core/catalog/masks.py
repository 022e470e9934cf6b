"""Masks: pictures whose numbers say of each pixel of another picture to which class it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.reading import Turned
from stackgui.core.base.wording import say
from stackgui.core.catalog.mask_classes import MaskClasses, classes_from_json, classes_to_json
from stackgui.core.catalog.mask_segments import MaskSegments

if TYPE_CHECKING:
    from stackgui.core.catalog.catalog import Catalog

NO_MASK = -1

MAX_VALUES = 4096
"""Different numbers that are kept; masks with more hold numbers of objects rather than of classes."""

_SIDEWAYS = 5
"""The first EXIF orientation that swaps height and width; all further ones do."""

_UPRIGHT = 1


def is_untold(catalog: Catalog) -> NDArray[np.bool_]:
    """Return the samples with an orientation mark that the size of a mask cannot prove obeyed, shape (N,)."""
    marked = catalog.orientation != _UPRIGHT
    found: NDArray[np.bool_] = marked & (
        (catalog.orientation < _SIDEWAYS) | (catalog.height == catalog.width)
    )
    return found


@dataclass(frozen=True, eq=False, slots=True)
class MaskValues:
    """The numbers and colours that were found in masks.

    Attributes
    ----------
    keys : int64, shape (V,)
        Ascending; see `stackgui.core.catalog.mask_classes.key_of`.
    pixels, masks : int64, shape (V,)
        How many pixels have each, and how many masks have such pixels.
    is_open : bool
        Whether there are more than `MAX_VALUES`; then the smallest are listed.
    most : int
        The largest number.
    """

    keys: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    pixels: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    masks: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    is_open: bool = False
    most: int = 0

    def joined(self, others: Iterable[MaskValues]) -> MaskValues:
        """Return what was found here and in `others`."""
        parts = [self, *others]
        keys, place = np.unique(np.concatenate([part.keys for part in parts]), return_inverse=True)
        pixels, masks = (np.zeros(len(keys), np.int64) for _ in range(2))
        np.add.at(pixels, place, np.concatenate([part.pixels for part in parts]))
        np.add.at(masks, place, np.concatenate([part.masks for part in parts]))
        return MaskValues(
            keys[:MAX_VALUES],
            pixels[:MAX_VALUES],
            masks[:MAX_VALUES],
            len(keys) > MAX_VALUES or any(part.is_open for part in parts),
            max(part.most for part in parts),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as JSON values."""
        columns = {name: getattr(self, name).tolist() for name in ("keys", "pixels", "masks")}
        return {**columns, "is_open": self.is_open, "most": self.most}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> MaskValues:
        """Rebuild what `to_json` returned; raises KeyError, TypeError, ValueError or OverflowError."""
        keys, pixels, masks = (
            np.array(value[name], np.int64).ravel() for name in ("keys", "pixels", "masks")
        )
        if not len(keys) == len(pixels) == len(masks) <= MAX_VALUES or (np.diff(keys) <= 0).any():
            raise ValueError("its numbers of masks do not belong together")
        return cls(keys, pixels, masks, bool(value["is_open"]), int(value["most"]))


NOTHING_FOUND = MaskValues()


@dataclass(frozen=True, eq=False, slots=True)
class Masks:
    """The masks of the samples of a catalog.

    Attributes
    ----------
    files : Catalog
        The mask pictures, also those of no sample.
    of : int32, shape (N,)
        For each sample its mask, as an index into `files`, or `NO_MASK`.
    found : MaskValues
        What the masks of samples hold.
    classes : tuple of MaskClass
        A table of classes that lies beside them.
    segments : MaskSegments or None
        What the colours of each mask in `files` stand for, if files of annotations say so; a class's key is
        then its place in `classes`.
    places : tuple of str
        Where they lie, such as ``"masks"``, or how they are called, such as ``"*_mask"``; not saved.
    """

    files: Catalog
    of: NDArray[np.int32]
    found: MaskValues = NOTHING_FOUND
    classes: MaskClasses = ()
    segments: MaskSegments | None = None
    places: tuple[str, ...] = ()

    @property
    def has_mask(self) -> NDArray[np.bool_]:
        """Return which samples have a mask, shape (N,)."""
        return self.of >= 0

    @property
    def orphans(self) -> NDArray[np.int64]:
        """Return the masks that belong to no sample, as indices into `files`."""
        is_used = np.zeros(len(self.files), np.bool_)
        is_used[self.of[self.has_mask]] = True
        return np.flatnonzero(~is_used)

    def take(self, samples: NDArray[np.integer[Any]]) -> Masks:
        """Return the masks of only `samples`, in that order, and only their files."""
        of = self.of[samples]
        has_mask = of >= 0
        used, place = np.unique(of[has_mask], return_inverse=True)
        renumbered = np.full(len(of), NO_MASK, np.int32)
        renumbered[has_mask] = place
        segments = None if self.segments is None else self.segments.take(used)
        return replace(self, files=self.files.take(used), of=renumbered, segments=segments)

    def turn(self, catalog: Catalog) -> NDArray[np.uint8]:
        """Return for each sample of `catalog` by which orientation its mask has to be turned; 1 for none.

        A mask of the size of the picture as it is stored was drawn before the mark was obeyed. Where sizes do
        not tell, the choice about annotations decides.
        """
        place = np.maximum(self.of, 0)
        unsure = self.has_mask & is_untold(catalog)
        turns = self.has_mask & (catalog.orientation >= _SIDEWAYS) & ~unsure
        if turns.any():
            turns &= self.files.height[place] == catalog.width
            turns &= self.files.width[place] == catalog.height
        if catalog.scan_options.annotation_turn is Turned.STORED:
            turns |= unsure
        return np.where(turns, catalog.orientation, np.uint8(_UPRIGHT)).astype(np.uint8)

    def misfits(self, catalog: Catalog) -> NDArray[np.bool_]:
        """Return which samples of `catalog` have a mask of another size, shape (N,)."""
        if not len(self.files):
            return np.zeros(len(self.of), np.bool_)
        place = np.maximum(self.of, 0)
        differ = (self.files.height[place] != catalog.height) | (self.files.width[place] != catalog.width)
        is_known = self.files.usable[place] & catalog.usable
        turned = (self.turn(catalog) != _UPRIGHT) & ~is_untold(catalog)
        misfit: NDArray[np.bool_] = self.has_mask & differ & is_known & ~turned
        return misfit

    def digest(self, samples: NDArray[np.integer[Any]], hashed: Callable[[Catalog], str]) -> bytes:
        """Return 128 bits that change whenever the mask of any of `samples` changes.

        Parameters
        ----------
        samples
        hashed
            Returns the fingerprint of a catalog.
        """
        of = self.of[samples]
        digest = hashlib.blake2b(hashed(self.files.take(of[of >= 0])).encode(), digest_size=16)
        digest.update((of >= 0).tobytes())
        if self.segments is not None:
            digest.update(self.segments.take(of[of >= 0]).to_bytes())
        return digest.digest()

    def check(self) -> None:
        """Raise ValueError for anything that no scan produces."""
        if len(self.of) and not (int(self.of.min()) >= -1 and int(self.of.max()) < len(self.files)):
            raise ValueError(say("its masks refer to nothing"))
        self.files.check()
        if self.segments is not None:
            self.segments.check(len(self.files))

    def table_json(self) -> dict[str, Any]:
        """Return the table of what was found as JSON values."""
        files = self.files
        return {
            "found": self.found.to_json(),
            "table": classes_to_json(self.classes),
            "sources": list(files.sources),
            "folders": list(files.folders),
            "archives": [archive.to_json() for archive in files.archives],
        }

    def to_json(self) -> dict[str, Any]:
        """Return the masks as JSON values, except that columns stay arrays."""
        found, table = self.found.to_json(), classes_to_json(self.classes)
        segments = {} if self.segments is None else {"segments": self.segments.to_json()}
        files = dict(self.files.json_items())
        return {"found": found, "table": table, "of": self.of, "files": files, **segments}

    @classmethod
    def from_json(cls, value: Mapping[str, Any], files: Catalog) -> Masks:
        """Rebuild what `to_json` returned, given its `files`; raises as `MaskValues.from_json`."""
        of = np.asarray(value["of"], np.int32).ravel()
        found, table = MaskValues.from_json(value["found"]), classes_from_json(value["table"])
        segments = MaskSegments.from_json(value["segments"], len(files)) if "segments" in value else None
        return cls(files, of, found, table, segments)
