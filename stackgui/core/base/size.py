"""The choice of the target size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say

MAX_SIDE_PX = 1_000_000


class SizeKind(StrEnum):
    """How the target size is determined."""

    MAX = "max"
    EXACT = "exact"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class Size:
    """The requested target size: ``max``, ``HxW``, or a percentile such as ``p95``.

    Attributes
    ----------
    kind : SizeKind
    height, width : int
        In pixels, for ``EXACT``; otherwise 0.
    percentile : float
        Above 0, up to 100, for ``PERCENTILE``; otherwise 0. Heights and widths are taken separately.
    """

    kind: SizeKind = SizeKind.MAX
    height: int = 0
    width: int = 0
    percentile: float = 0.0

    def __post_init__(self) -> None:
        exact = self.kind is SizeKind.EXACT
        if exact and not (0 < self.height <= MAX_SIDE_PX and 0 < self.width <= MAX_SIDE_PX):
            raise UsageError(
                say(
                    "A height of {height:,} and a width of {width:,} are not possible; each side must be "
                    "between 1 and {max_side_px:,} pixels.",
                    height=self.height,
                    width=self.width,
                    max_side_px=MAX_SIDE_PX,
                )
            )
        if self.kind is SizeKind.PERCENTILE and not 0 < self.percentile <= 100:  # noqa: PLR2004
            raise UsageError(
                say(
                    "A percentile of {percentile:g} is not possible; it must be above 0 and at most 100.",
                    percentile=self.percentile,
                )
            )

    @classmethod
    def exact(cls, height: int, width: int) -> Size:
        """Return a size in pixels."""
        return cls(SizeKind.EXACT, height=height, width=width)

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``max``, ``480x640`` (height first), ``224`` for a square, or ``p95``.

        Case, spaces and brackets are ignored; ``480,640`` and ``95%`` are accepted too.

        Raises
        ------
        UsageError
            When `text` is none of these, or names an impossible size.
        """
        bare = text.strip().casefold().strip("()[]").strip()
        if bare in {"max", "largest"}:
            return cls()
        if match := re.fullmatch(r"(-?\d{1,9})(?:\s*px)?(?:\s*[x×*,]\s*|\s+)(-?\d{1,9})(?:\s*px)?", bare):
            return cls.exact(int(match[1]), int(match[2]))
        if match := re.fullmatch(r"(-?\d{1,9})(?:\s*px)?", bare):
            return cls.exact(int(match[1]), int(match[1]))
        if match := re.fullmatch(r"p\s*(\d{1,9}(?:\.\d+)?)\s*%?|(\d{1,9}(?:\.\d+)?)\s*%", bare):
            return cls(SizeKind.PERCENTILE, percentile=float(match[1] or match[2]))
        raise UsageError(
            say(
                "“{text}” is not a size; write max, a height and a width such as 480x640, one "
                "number for both, or a percentile such as p95.",
                text=text,
            )
        )

    def __str__(self) -> str:
        if self.kind is SizeKind.EXACT:
            return f"{self.height}x{self.width}"
        if self.kind is SizeKind.MAX:
            return "max"
        # All digits and no exponent, so that `parse` returns the same number.
        return f"p{np.format_float_positional(self.percentile, trim='-')}"
