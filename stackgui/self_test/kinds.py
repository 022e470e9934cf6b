"""A small file of every kind that the program reads, and what has to come out of each."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from stackgui import resources
from stackgui.imaging.base.declaration import Format

ARCHIVE = "kinds.zip"
LISTING = "kinds.json"

BLOCKS = 4
"""Number of blocks along each side whose means are compared when a kind is not decoded exactly."""

TOLERANCE = 0.04
"""Largest difference between such means, as a share of all that the numbers can express.

Decoders of lossy formats round differently from one version to the next.
"""


@dataclass(frozen=True, slots=True)
class KindFile:
    """A file of one kind.

    Attributes
    ----------
    name : str
        The kind and how its numbers were written, for people.
    path : str
        Where it lies in the archive: its folder says what comes out, so that each folder makes one stack.
    shape : tuple of int
        Height, width and channels that come out.
    dtype : str
        Type of the numbers that come out.
    needs : tuple of str
        Modules of extras without which it is not read.
    digest : str
        SHA-256 of the pixels.
    means : tuple of float
        Means of the blocks of the picture, as shares of all that the numbers can express.
    """

    name: str
    path: str
    shape: tuple[int, ...]
    dtype: str
    needs: tuple[str, ...]
    digest: str
    means: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        lists = {name: tuple(values[name]) for name in ("shape", "needs", "means")}
        return cls(**{**values, **lists})

    def agrees_with(self, pixels: NDArray[Any]) -> bool:
        """Return whether `pixels` are what has to come out: the same, or nearly the same."""
        if pixels.shape != self.shape or pixels.dtype != self.dtype:
            return False
        if _digest(pixels) == self.digest:
            return True
        return bool(np.allclose(_means(pixels), self.means, rtol=0, atol=TOLERANCE))


def outcome(title: str, written: str, channels: int, format_: Format, pixels: NDArray[Any]) -> KindFile:
    """Describe a file from its decoded `pixels`; `written` is the dtype that was written."""
    suffix = format_.suffixes[0] if format_.suffixes else ""
    needs = tuple(library.module for library in format_.libraries if library.extra)
    folder = f"{pixels.dtype}-{pixels.shape[2]}"
    name = f"{title.replace('`', '')}, {channels} × {written}"
    plain = re.sub(r"\W+", "-", name)
    shape, dtype = tuple(pixels.shape), str(pixels.dtype)
    means = tuple(round(float(mean), 4) for mean in _means(pixels))
    return KindFile(name, f"{folder}/{plain}{suffix}", shape, dtype, needs, _digest(pixels), means)


def unpacked(folder: str) -> tuple[KindFile, ...]:
    """Unpack all files into `folder`, and return what they are."""
    with zipfile.ZipFile(resources.path(ARCHIVE)) as archive:
        archive.extractall(folder)
    with open(os.path.join(folder, LISTING), encoding="utf-8") as file:
        return tuple(map(KindFile.from_json, json.load(file)))


def by_folder(kinds: Iterable[KindFile]) -> dict[str, dict[str, KindFile]]:
    """Return the kinds by folder and then by file name."""
    found: dict[str, dict[str, KindFile]] = {}
    for kind in kinds:
        folder, _, name = kind.path.partition("/")
        found.setdefault(folder, {})[name] = kind
    return found


def _digest(pixels: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


def _means(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """Return the means of blocks of every channel, as shares of the numbers' whole range."""
    height, width, channels = pixels.shape
    cut = pixels[: height - height % BLOCKS, : width - width % BLOCKS].astype(np.float64)
    parts = cut.reshape(BLOCKS, -1, BLOCKS, cut.shape[1] // BLOCKS, channels)
    means: NDArray[np.float64] = parts.mean(axis=(1, 3)).ravel()
    if pixels.dtype.kind == "f":
        return means
    limits = np.iinfo(pixels.dtype)
    return np.asarray((means - limits.min) / (float(limits.max) - limits.min))
