"""Samples that can be read but may have something wrong with them, found before they are converted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.exceptions import exceptions
from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.base.wording import Wording, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.grouping import NO_KEY
from stackgui.core.labels.look_alikes import look_alikes

DARK, LIGHT = 0.06, 0.94
"""Mean brightness, from black 0 to white 1, below or above which a picture is too dark or too light.

15 and 240 of 255: photographs of the night or of snow are well inside, a closed shutter or a flash is not.
"""

BLANK_SPREAD = 0.01
"""Standard deviation of the brightness below which a picture shows next to nothing.

2.5 of 255, about the noise in a camera's picture of an even wall.
"""


class HealthKind(StrEnum):
    """What may be wrong with samples."""

    ODD_SIZE = "odd size"
    ODD_SHAPE = "odd aspect ratio"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near-duplicate"
    BLANK = "nearly blank"
    DARK = "too dark"
    LIGHT = "too light"


SAID: Mapping[HealthKind, Callable[[int], Wording]] = {
    HealthKind.ODD_SIZE: lambda count: say_many(
        count, "{count:,} picture has an unusual size.", "{count:,} pictures have an unusual size."
    ),
    HealthKind.ODD_SHAPE: lambda count: say_many(
        count, "{count:,} picture has an unusual shape.", "{count:,} pictures have an unusual shape."
    ),
    HealthKind.DUPLICATE: lambda count: say_many(
        count,
        "{count:,} picture repeats an earlier one exactly.",
        "{count:,} pictures repeat an earlier one exactly.",
    ),
    HealthKind.NEAR_DUPLICATE: lambda count: say_many(
        count,
        "{count:,} picture looks almost like an earlier one.",
        "{count:,} pictures look almost like an earlier one.",
    ),
    HealthKind.BLANK: lambda count: say_many(
        count, "{count:,} picture shows next to nothing.", "{count:,} pictures show next to nothing."
    ),
    HealthKind.DARK: lambda count: say_many(
        count, "{count:,} picture is very dark.", "{count:,} pictures are very dark."
    ),
    HealthKind.LIGHT: lambda count: say_many(
        count, "{count:,} picture is very light.", "{count:,} pictures are very light."
    ),
}
"""What is said of so many pictures."""

_WHICH: Mapping[HealthKind, Callable[[int], Wording]] = {
    HealthKind.ODD_SIZE: lambda count: say_many(
        count, "that has an unusual size", "that have an unusual size"
    ),
    HealthKind.ODD_SHAPE: lambda count: say_many(
        count, "that has an unusual shape", "that have an unusual shape"
    ),
    HealthKind.DUPLICATE: lambda count: say_many(
        count, "that repeats an earlier one exactly", "that repeat an earlier one exactly"
    ),
    HealthKind.NEAR_DUPLICATE: lambda count: say_many(
        count, "that looks almost like an earlier one", "that look almost like an earlier one"
    ),
    HealthKind.BLANK: lambda count: say_many(
        count, "that shows next to nothing", "that show next to nothing"
    ),
    HealthKind.DARK: lambda count: say_many(count, "that is very dark", "that are very dark"),
    HealthKind.LIGHT: lambda count: say_many(count, "that is very light", "that are very light"),
}


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """Samples that may have the same thing wrong with them.

    Attributes
    ----------
    kind : HealthKind
    samples : int64, shape (n,)
        Indices into the catalog, in order; of duplicates all but the first of each.
    earlier : int64, shape (n,), or None
        Of each duplicate the first sample with the same pixels or, of a near-duplicate, the first of those
        that look almost alike.
    """

    kind: HealthKind
    samples: NDArray[np.int64]
    earlier: NDArray[np.int64] | None = None

    def left_of(self, excluded: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the samples that still have this wrong with them when others are `excluded`, shape (N,).

        Where the first of some duplicates is excluded, the next of them is the first.
        """
        left = ~excluded[self.samples]
        if self.earlier is not None:
            orphans = np.flatnonzero(left & excluded[self.earlier])
            _, firsts = np.unique(self.earlier[orphans], return_index=True)
            left[orphans[firsts]] = False
        return self.samples[left]

    def side_by_side(self, excluded: NDArray[np.bool_]) -> NDArray[np.int64] | None:
        """Return what is left of duplicates, each after the one that it repeats; None if they are none."""
        if self.earlier is None:
            return None
        firsts = np.unique(self.earlier)
        samples, of = np.concatenate((firsts, self.samples)), np.concatenate((firsts, self.earlier))
        left = ~excluded[samples]
        samples, of = samples[left], of[left]
        _, group, count = np.unique(of, return_inverse=True, return_counts=True)
        several = count[group] > 1
        samples, of = samples[several], of[several]
        ordered: NDArray[np.int64] = samples[np.lexsort((samples, of))]
        return ordered


def said_of(kind: HealthKind, count: int) -> Wording:
    """Return the sentence that says of `count` pictures what may be wrong with them."""
    return SAID[kind](count)


def which_of(kind: HealthKind, count: int) -> Wording:
    """Return what `count` pictures have in common, to follow their number."""
    return _WHICH[kind](count)


@dataclass(frozen=True, eq=False, slots=True)
class Checks:
    """What decoding found out about each sample of a catalog.

    Attributes
    ----------
    checksum : uint64, shape (N,)
        Checksum of the pixels; 0 if they were not decoded.
    brightness, spread : float32, shape (N,)
        Mean and standard deviation of the pixels, from black 0 to white 1.
    problem : Coded
        Why the sample is damaged, or ``""``.
    doubts : mapping of int to tuple of str
        The decoders' doubts about samples; see `stackgui.core.catalog.doubts.Doubt`.
    """

    checksum: NDArray[np.uint64]
    brightness: NDArray[np.float32]
    spread: NDArray[np.float32]
    problem: Coded
    doubts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def failed(self) -> dict[int, str]:
        """Return for each damaged sample the reason."""
        samples = np.flatnonzero(~self.problem.equals(""))
        return dict(zip(samples.tolist(), self.problem.take(samples), strict=True))


@dataclass(frozen=True, slots=True)
class Decoded:
    """How many of the pictures of a plan were decoded by now.

    Attributes
    ----------
    pictures : int
        How many there are.
    checked, converted : int or None
        How many a check has decoded, and how many a run; None before the first.
    """

    pictures: int = 0
    checked: int | None = None
    converted: int | None = None


def from_headers(catalog: Catalog) -> tuple[Finding, ...]:
    """Find what headers alone reveal; kinds without samples are left out."""
    usable = catalog.usable
    height, width = (np.where(usable, side, 1).astype(np.float64) for side in (catalog.height, catalog.width))
    return _found(
        {
            HealthKind.ODD_SIZE: exceptions(np.sqrt(height * width), usable),
            HealthKind.ODD_SHAPE: exceptions(width / height, usable),
        }
    )


def from_checks(catalog: Catalog, checks: Checks) -> tuple[Finding, ...]:
    """Find what decoding reveals; kinds without samples are left out.

    Duplicates are exact: the size is the same, and so is a 64-bit checksum of the pixels.
    """
    decoded = checks.problem.equals("") & (checks.checksum != 0)
    blank = decoded & (checks.spread < BLANK_SPREAD)
    return (
        *_repeated(catalog, checks.checksum, decoded),
        *_found(
            {
                HealthKind.BLANK: blank,
                HealthKind.DARK: decoded & ~blank & (checks.brightness < DARK),
                HealthKind.LIGHT: decoded & ~blank & (checks.brightness > LIGHT),
            }
        ),
    )


@kept()
def near_duplicates(catalog: Catalog) -> tuple[Finding, ...]:
    """Find the samples that look almost like an earlier one, if the scan looked for them."""
    first = look_alikes(catalog)
    samples = np.flatnonzero((first != NO_KEY) & (first != np.arange(len(first))))
    return (Finding(HealthKind.NEAR_DUPLICATE, samples, first[samples]),) if len(samples) else ()


def _found(masks: dict[HealthKind, NDArray[np.bool_]]) -> tuple[Finding, ...]:
    return tuple(Finding(kind, np.flatnonzero(mask)) for kind, mask in masks.items() if mask.any())


def _repeated(
    catalog: Catalog, checksum: NDArray[np.uint64], decoded: NDArray[np.bool_]
) -> tuple[Finding, ...]:
    """Return the samples that equal an earlier one."""
    samples = np.flatnonzero(decoded)
    key = np.stack(
        [
            checksum[samples],
            catalog.height[samples].astype(np.uint64),
            catalog.width[samples].astype(np.uint64),
        ]
    )
    _, first, alike = np.unique(key, axis=1, return_index=True, return_inverse=True)
    earlier = samples[first[alike.reshape(-1)]]
    repeats = earlier != samples
    if not repeats.any():
        return ()
    return (Finding(HealthKind.DUPLICATE, samples[repeats], earlier[repeats]),)
