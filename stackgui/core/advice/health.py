"""Samples that may have something wrong with them, found before they are converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.units import format_count
from stackgui.core.catalog.catalog import Catalog

FENCE = 3.0
"""Distance from the nearer quartile, in interquartile ranges, beyond which a value is odd.

Of normally distributed sizes, two in a million lie that far out, so each finding deserves a look.
"""

DARK, LIGHT = 0.06, 0.94
"""Mean brightness, from black 0 to white 1, below or above which a picture is too dark or too light.

15 and 240 of 255: photographs of the night or of snow are well inside, a closed shutter or a flash is not.
"""

BLANK_SPREAD = 0.01
"""Standard deviation of the brightness below which a picture shows next to nothing.

2.5 of 255, about the noise in a camera's picture of an even wall.
"""

UPRIGHT = 1
"""The orientation mark (EXIF) of a picture that needs no turning."""


class HealthKind(StrEnum):
    """What may be wrong with samples."""

    UNREADABLE = "unreadable"
    ODD_SIZE = "odd size"
    ODD_SHAPE = "odd aspect ratio"
    TURNED = "turned by its orientation mark"
    DAMAGED = "damaged"
    DUPLICATE = "duplicate"
    BLANK = "nearly blank"
    DARK = "too dark"
    LIGHT = "too light"


SAID = {
    HealthKind.UNREADABLE: ("cannot be read", "cannot be read"),
    HealthKind.ODD_SIZE: ("has an unusual size", "have an unusual size"),
    HealthKind.ODD_SHAPE: ("has an unusual shape", "have an unusual shape"),
    HealthKind.TURNED: (
        "has a camera's orientation mark, unlike others",
        "have a camera's orientation mark, unlike others",
    ),
    HealthKind.DAMAGED: ("is damaged or cut off", "are damaged or cut off"),
    HealthKind.DUPLICATE: ("repeats an earlier one exactly", "repeat an earlier one exactly"),
    HealthKind.BLANK: ("shows next to nothing", "show next to nothing"),
    HealthKind.DARK: ("is very dark", "are very dark"),
    HealthKind.LIGHT: ("is very light", "are very light"),
}
"""What follows the number of pictures in a sentence: for one picture, and for several."""


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """Samples that may have the same thing wrong with them.

    Attributes
    ----------
    kind : HealthKind
    samples : int64, shape (n,)
        Indices into the catalog, in order; of duplicates all but the first of each.
    """

    kind: HealthKind
    samples: NDArray[np.int64]

    @property
    def said(self) -> str:
        """Return what follows "3 pictures" in a sentence."""
        return SAID[self.kind][len(self.samples) != 1]

    def __str__(self) -> str:
        return f"{format_count(len(self.samples), 'picture')} {self.said}"


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


def from_headers(catalog: Catalog) -> tuple[Finding, ...]:
    """Find what headers alone reveal; kinds without samples are left out.

    Orientation marks are reported only if some pictures have one and others do not: programs that ignore the
    marks then show the pictures in different orientations.
    """
    usable = catalog.usable
    height, width = (side.astype(np.float64) for side in (catalog.height, catalog.width))
    turned = usable & (catalog.orientation > UPRIGHT)
    mixed = turned if (usable & ~turned).any() else np.zeros_like(turned)
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = np.log(width / height)
    return _found(
        {
            HealthKind.UNREADABLE: ~usable,
            HealthKind.ODD_SIZE: _odd(np.sqrt(height * width), usable),
            HealthKind.ODD_SHAPE: _odd(shape, usable),
            HealthKind.TURNED: mixed,
        }
    )


def from_checks(catalog: Catalog, checks: Checks) -> tuple[Finding, ...]:
    """Find what decoding reveals; kinds without samples are left out.

    Duplicates are exact: the size is the same, and so is a 64-bit checksum of the pixels.
    """
    decoded = checks.problem.equals("") & (checks.checksum != 0)
    blank = decoded & (checks.spread < BLANK_SPREAD)
    return _found(
        {
            HealthKind.DAMAGED: ~checks.problem.equals(""),
            HealthKind.DUPLICATE: _repeated(catalog, checks.checksum, decoded),
            HealthKind.BLANK: blank,
            HealthKind.DARK: decoded & ~blank & (checks.brightness < DARK),
            HealthKind.LIGHT: decoded & ~blank & (checks.brightness > LIGHT),
        }
    )


def _found(masks: dict[HealthKind, NDArray[np.bool_]]) -> tuple[Finding, ...]:
    return tuple(Finding(kind, np.flatnonzero(mask)) for kind, mask in masks.items() if mask.any())


def _odd(value: NDArray[np.float64], usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask of the usable values that lie far outside the middle half of all usable ones."""
    if not usable.any():
        return np.zeros_like(usable)
    low, high = np.percentile(value[usable], [25, 75])
    fence = FENCE * (high - low)
    return np.asarray(usable & ((value < low - fence) | (value > high + fence)))


def _repeated(
    catalog: Catalog, checksum: NDArray[np.uint64], decoded: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return a mask of the samples that equal an earlier one."""
    samples = np.flatnonzero(decoded)
    key = np.stack(
        [
            checksum[samples],
            catalog.height[samples].astype(np.uint64),
            catalog.width[samples].astype(np.uint64),
        ]
    )
    _, first = np.unique(key, axis=1, return_index=True)
    repeated = decoded.copy()
    repeated[samples[first]] = False
    return repeated
