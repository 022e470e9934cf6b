"""The plan: options resolved against a catalog."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog import Catalog
from stackgui.core.choices import Layout
from stackgui.core.columns import Coded
from stackgui.core.geometry import Geometry, place
from stackgui.core.measured import Measured
from stackgui.core.options import Options

PLAN_FORMAT = "stackgui-plan"
PLAN_VERSION = 2

_DIGESTED_TOGETHER = 16_384
"""Texts put together at a time for the fingerprint, so that a million of them take no memory."""


@dataclass(frozen=True, slots=True)
class ArraySpec:
    """One array of a stack.

    Attributes
    ----------
    file : str
        Name in the stack's folder.
    shape : tuple of int
        ``(N, H, W, C)`` or ``(N, C, H, W)``.
    dtype : str
        NumPy name.
    """

    file: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def rows(self) -> int:
        """Length of the first axis."""
        return self.shape[0]

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return math.prod(self.shape[1:]) * np.dtype(self.dtype).itemsize

    @property
    def data_bytes(self) -> int:
        """Bytes of all rows, without the file's header."""
        return self.rows * self.row_bytes

    def to_json(self) -> dict[str, Any]:
        """The array as JSON values."""
        return {"file": self.file, "shape": list(self.shape), "dtype": self.dtype}


@dataclass(frozen=True, eq=False, slots=True)
class Bucket:
    """The rows that share one target size, hence one array.

    Attributes
    ----------
    height, width : int
        Target size in pixels.
    array : ArraySpec
    samples : int64, shape (rows,)
        The catalog's sample in each row.
    """

    height: int
    width: int
    array: ArraySpec
    samples: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Plan:
    """Options resolved against a catalog: what every row of every array will be.

    Attributes
    ----------
    options : Options
    catalog : Catalog
    buckets : tuple of Bucket
    channels : int
        Channels of a row.
    dtype : str
        NumPy name of the arrays' dtype.
    problem : Coded
        For each sample of the catalog why it cannot be part of this plan, or ``""``; its row stays blank.
    label : int32, shape (N,), or None
        Index into `classes` for each sample, -1 without a label; None where the stack has no labels.
    classes : tuple of str
    scaled_down, scaled_up, cropped : int
        How many usable samples are made smaller, larger, or lose their edges.
    waste : float
        Share of the arrays' pixels that is padding, blank rows included: 1 - placed pixels / row pixels.
    measured : Measured or None
        What was found out about all samples, where the options need it; not before the plan is carried out.
        It follows from the samples and the options, hence is no part of the fingerprint.
    origin : Plan or None
        The plan that was carried out, where files were repaired since; made by `stackgui.core.repair`.
    """

    options: Options
    catalog: Catalog
    buckets: tuple[Bucket, ...]
    channels: int
    dtype: str
    problem: Coded
    label: NDArray[np.int32] | None
    classes: tuple[str, ...]
    scaled_down: int
    scaled_up: int
    cropped: int
    waste: float
    measured: Measured | None = None
    origin: Plan | None = None

    @property
    def rows(self) -> int:
        """Rows of all arrays together."""
        return sum(bucket.array.rows for bucket in self.buckets)

    @property
    def arrays(self) -> tuple[ArraySpec, ...]:
        """The arrays, one for each bucket."""
        return tuple(bucket.array for bucket in self.buckets)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Mask of the samples that are expected to get their pixels into a row, shape (N,)."""
        return self.problem.equals("")

    def geometry(self, bucket: Bucket, samples: NDArray[np.int64]) -> Geometry:
        """Where `samples` land in rows of `bucket`; worked out on demand because it is wide and cheap."""
        usable = self.usable_at(samples)
        return place(
            np.where(usable, self.catalog.height[samples], 0),
            np.where(usable, self.catalog.width[samples], 0),
            (bucket.height, bucket.width),
            self.options.fit,
            self.options.anchor,
        )

    @property
    def profiles(self) -> dict[str, int]:
        """Usable samples that "convert to sRGB" changes, by the name of their colour profile."""
        found = self.catalog.profile.take(self.usable).counts()
        found.pop("", None)
        return found

    def usable_at(self, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`usable` for some samples only."""
        return self.problem.take(samples).equals("")

    @cached_property
    def fingerprint(self) -> str:
        """128 bits, as 32 hexadecimal digits, that differ as soon as any row or any option differs.

        Repairing files keeps it, for it tells which job a stack is the result of.
        """
        if self.origin is not None:
            return self.origin.fingerprint
        digest = hashlib.blake2b(digest_size=16)
        digest.update(json.dumps(self._summary(), sort_keys=True).encode())
        catalog = self.catalog
        digest.update(catalog.path.data)
        numbers: tuple[NDArray[Any], ...] = (
            catalog.path.ends, catalog.source, catalog.member, catalog.frames, catalog.height, catalog.width,
            catalog.channels, catalog.orientation, catalog.bits, catalog.file_bytes, catalog.mtime_ns,
            *(b.samples for b in self.buckets),
            *(catalog.inside.columns().values() if catalog.archives else ()),
        )  # fmt: skip
        for column in numbers:
            digest.update(np.ascontiguousarray(column).astype(column.dtype.newbyteorder("<")).tobytes())
        texts_of = (
            catalog.dtype, catalog.format, catalog.axes, catalog.profile, catalog.given_label, catalog.split,
        )  # fmt: skip
        for coded in (*texts_of, self.problem):
            # Every text ends with the separator, so that no two columns run into each other.
            for part in range(0, len(coded), _DIGESTED_TOGETHER):
                texts = coded.take(slice(part, part + _DIGESTED_TOGETHER))
                digest.update("".join(f"{text}\0" for text in texts).encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def header_json(self) -> dict[str, Any]:
        """The plan as JSON values but for its table of rows."""
        return {
            "format": PLAN_FORMAT,
            "version": PLAN_VERSION,
            "fingerprint": self.fingerprint,
            **self._summary(),
            "rows": self.rows,
            "unusable": int(np.count_nonzero(~self.usable)),
            "scaled_down": self.scaled_down,
            "scaled_up": self.scaled_up,
            "cropped": self.cropped,
            "waste": self.waste,
            "measured": None if self.measured is None else self.measured.to_json(),
        }

    def to_json(self) -> dict[str, Any]:
        """The whole plan as JSON values, from which `stackgui.core.saved_plan` makes it again."""
        return {**self.header_json(), "catalog": self.catalog.to_json()}

    def _summary(self) -> dict[str, Any]:
        return {
            "options": self.options.to_json(),
            "sources": list(self.catalog.sources),
            "folders": list(self.catalog.folders),
            "archives": [archive.to_json() for archive in self.catalog.archives],
            "scan_options": self.catalog.scan_options.to_json(),
            "arrays": [array.to_json() for array in self.arrays],
            "channels": self.channels,
            "dtype": self.dtype,
            "classes": list(self.classes),
        }


def array_shape(options: Options, rows: int, size: tuple[int, int], channels: int) -> tuple[int, ...]:
    """Shape of an array of `rows` rows of `size` (height, width) in the layout of `options`."""
    if options.layout is Layout.NCHW:
        return (rows, channels, *size)
    return (rows, *size, channels)
