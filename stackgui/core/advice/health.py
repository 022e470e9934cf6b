"""What may be wrong with samples, before they are converted. Nothing is decided here, only told."""

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
"""Distance from the quartiles, in their own distance from each other, from which on a value is odd.

Of sizes that scatter as a bell curve does, two in a million lie so far out: what is told deserves a look.
"""

DARK, LIGHT = 0.06, 0.94
"""Mean brightness, from black 0 to white 1, below or above which a picture is too dark or too light.

15 and 240 of 255: a photograph of the night or of snow is well inside, a closed shutter or a flash is not.
"""

BLANK_SPREAD = 0.01
"""Standard deviation of the brightness below which next to nothing is to be seen.

2.5 of 255, about the noise of a camera on an even wall.
"""

UPRIGHT = 1


class HealthKind(StrEnum):
    """What may be wrong."""

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
        "has a camera's mark of orientation, unlike others",
        "have a camera's mark of orientation, unlike others",
    ),
    HealthKind.DAMAGED: ("is damaged or cut off", "are damaged or cut off"),
    HealthKind.DUPLICATE: ("repeats an earlier one exactly", "repeat an earlier one exactly"),
    HealthKind.BLANK: ("shows next to nothing", "show next to nothing"),
    HealthKind.DARK: ("is very dark", "are very dark"),
    HealthKind.LIGHT: ("is very light", "are very light"),
}
"""What is said of one picture, and of several, as it follows their number."""


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """Samples that have something in common that may be wrong.

    Attributes
    ----------
    samples : int64, shape (n,)
        Of the catalog, in order; of duplicates all but the first of each.
    """

    kind: HealthKind
    samples: NDArray[np.int64]

    @property
    def said(self) -> str:
        """What the samples have in common, as it follows "3 pictures"."""
        return SAID[self.kind][len(self.samples) != 1]

    def __str__(self) -> str:
        return f"{format_count(len(self.samples), 'picture')} {self.said}"


@dataclass(frozen=True, eq=False, slots=True)
class Checks:
    """What decoding tells of each sample of a catalog.

    Attributes
    ----------
    checksum : uint64, shape (N,)
        Of the pixels; 0 where they could not be decoded or were not looked at.
    brightness, spread : float32, shape (N,)
        Mean and standard deviation of the pixels, from black 0 to white 1.
    problem : Coded
        Why the sample is damaged, or ``""``.
    doubts : mapping of int to tuple of str
        What decoders doubt about samples; see `stackgui.core.catalog.doubts.Doubt`.
    """

    checksum: NDArray[np.uint64]
    brightness: NDArray[np.float32]
    spread: NDArray[np.float32]
    problem: Coded
    doubts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def from_headers(catalog: Catalog) -> tuple[Finding, ...]:
    """What the headers alone tell; kinds without samples are left out.

    Orientation marks are told only where some pictures have one and others have none: then a program that
    does not obey them shows the pictures in different ways.
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
    """What decoding tells; kinds without samples are left out.

    Duplicates are exact: of the same size, and of the same pixels by a checksum of 64 bits.
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
    """Which values lie far outside the middle half of those that are usable."""
    if not usable.any():
        return np.zeros_like(usable)
    low, high = np.percentile(value[usable], [25, 75])
    fence = FENCE * (high - low)
    return np.asarray(usable & ((value < low - fence) | (value > high + fence)))


def _repeated(
    catalog: Catalog, checksum: NDArray[np.uint64], decoded: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Samples that are equal to one before them."""
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
