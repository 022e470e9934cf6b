"""What a decoder may doubt about a sample that it can read, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.units import format_count


class Doubt(StrEnum):
    """The kinds of doubt; a sample may have several."""

    STRAY_BYTES = "stray-bytes"
    NO_END_MARK = "no-end-mark"
    COARSE = "coarse"
    WRONG_CHECKSUM = "wrong-checksum"
    LABEL_VALUES = "label-values"
    LOW_NUMBERS = "low-numbers"
    MORE_THAN_COLOURS = "channels-left-out"


_OF_SOME = "Only some of the pictures were examined for this."

SAID = {
    Doubt.STRAY_BYTES: (
        "has bytes in its file that belong to no part of it; all of its pixels are there.",
        "have bytes in their files that belong to no part of them; all of their pixels are there.",
    ),
    Doubt.NO_END_MARK: (
        "lacks the mark at the end of its file; all of its pixels are there.",
        "lack the mark at the end of their files; all of their pixels are there.",
    ),
    Doubt.COARSE: (
        "lacks the finest details that a progressive JPEG file can have: it may have been cut off.",
        "lack the finest details that a progressive JPEG file can have: they may have been cut off.",
    ),
    Doubt.LABEL_VALUES: (
        f"looks like a mask or class ids, by its few distinct numbers. {_OF_SOME}",
        f"look like masks or class ids, by their few distinct numbers. {_OF_SOME}",
    ),
    Doubt.LOW_NUMBERS: (
        f"uses less than a sixteenth of what its numbers can hold. {_OF_SOME}",
        f"use less than a sixteenth of what their numbers can hold. {_OF_SOME}",
    ),
    Doubt.WRONG_CHECKSUM: (
        "has a wrong checksum in what its file says beside the pixels; the pixels themselves are intact.",
        "have wrong checksums in what their files say beside the pixels; the pixels themselves are intact.",
    ),
    Doubt.MORE_THAN_COLOURS: (
        "has channels beside its inks or its palette, which are left out.",
        "have channels beside their inks or their palettes, which are left out.",
    ),
}
"""What is said of one picture, and of several, as it follows their number."""


def said(doubt: Doubt, count: int) -> str:
    """The sentence about `count` pictures."""
    return f"{format_count(count, 'picture')} {SAID[doubt][count != 1]}"


def joined(doubts: Iterable[Doubt]) -> str:
    """Doubts about one sample as a text of a column; ``""`` for none."""
    return " ".join(sorted(set(doubts)))


def doubted(column: Coded, doubt: Doubt) -> NDArray[np.bool_]:
    """Mask of the samples about which `column` has this doubt, shape (N,)."""
    has = np.array([doubt in text.split() for text in column.names], np.bool_)
    return has[column.codes] if len(has) else np.zeros(len(column), np.bool_)
