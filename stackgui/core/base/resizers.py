"""What scales pictures, and which of the filters it is trusted with."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from stackgui.core.base.choices import Resample, Resizer

SIMD_MODULE = "cykooz_resizer"
"""The library of `Resizer.SIMD`; it has no wheels for some computers."""

SIMD_DISTRIBUTION = "cykooz-resizer"
"""The name by which it is installed."""

SIMD_FILTERS = frozenset({Resample.BILINEAR, Resample.BICUBIC, Resample.LANCZOS})
"""Filters with which it is as exact as Pillow (see docs/adr/0068)."""


AT_ONCE_BYTES = 2**20
"""`Resizer.SIMD` is handed samples of at most this size at once. Bytes then go down first, and across first
otherwise, so numbers depend on this; see `SIMD_REVISION`."""

STRIP_BYTES = 2**19
"""It is handed larger samples in strips of about this size: twice as fast as megabytes at once."""

SIMD_REVISION = 2
"""Goes up whenever the library is called in such a way that it gives other numbers."""


@cache
def has_simd() -> bool:
    """Return whether the library of `Resizer.SIMD` is installed."""
    return find_spec(SIMD_MODULE) is not None


def usual() -> Resizer:
    """Return the resizer that a new job has: the fast one where it is installed."""
    return Resizer.SIMD if has_simd() else Resizer.PILLOW


def used(resizer: Resizer, resample: str) -> Resizer:
    """Return what really makes the pixels if `resizer` is chosen: Pillow, for some filters."""
    return resizer if resample in SIMD_FILTERS else Resizer.PILLOW
