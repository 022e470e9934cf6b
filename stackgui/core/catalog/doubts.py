"""Doubts of decoders about samples that they can read, and the sentences that report them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.wording import Wording, counted, say


class Doubt(StrEnum):
    """The kinds of doubt; a sample may have several."""

    STRAY_BYTES = "stray-bytes"
    NO_END_MARK = "no-end-mark"
    COARSE = "coarse"
    WRONG_CHECKSUM = "wrong-checksum"
    LABEL_VALUES = "label-values"
    LOW_NUMBERS = "low-numbers"
    MORE_THAN_COLOURS = "channels-left-out"


_ONLY_SOME = say("Only some of the pictures were examined for this.")

_SENTENCES: Mapping[Doubt, Callable[[int], Wording]] = {
    Doubt.STRAY_BYTES: counted(
        "{count:,} picture has bytes in its file that belong to nothing; all of its pixels are there.",
        "{count:,} pictures have bytes in their files that belong to nothing; all of their pixels are there.",
    ),
    Doubt.NO_END_MARK: counted(
        "{count:,} picture lacks the mark at the end of its file; all of its pixels are there.",
        "{count:,} pictures lack the mark at the end of their files; all of their pixels are there.",
    ),
    Doubt.COARSE: counted(
        "{count:,} picture lacks the finest details that a progressive JPEG file can have: it may have "
        "been cut off.",
        "{count:,} pictures lack the finest details that a progressive JPEG file can have: they may "
        "have been cut off.",
    ),
    Doubt.LABEL_VALUES: counted(
        "{count:,} picture looks like a mask or class ids: it has few distinct numbers. {only_some}",
        "{count:,} pictures look like masks or class ids: they have few distinct numbers. {only_some}",
        only_some=_ONLY_SOME,
    ),
    Doubt.LOW_NUMBERS: counted(
        "{count:,} picture uses less than a sixteenth of the range of its numbers. {only_some}",
        "{count:,} pictures use less than a sixteenth of the range of their numbers. {only_some}",
        only_some=_ONLY_SOME,
    ),
    Doubt.WRONG_CHECKSUM: counted(
        "{count:,} picture has a wrong checksum in its file's metadata; the pixels themselves are intact.",
        "{count:,} pictures have wrong checksums in their files' metadata; the pixels themselves are intact.",
    ),
    Doubt.MORE_THAN_COLOURS: counted(
        "{count:,} picture has further channels besides its inks or its palette; they are left out.",
        "{count:,} pictures have further channels besides their inks or their palettes; they are left out.",
    ),
}
"""The sentence about so many pictures."""


def doubt_sentence(doubt: Doubt, count: int) -> Wording:
    """Return the sentence that reports this doubt about `count` pictures."""
    return _SENTENCES[doubt](count)


def join_doubts(doubts: Iterable[Doubt]) -> str:
    """Return the doubts about one sample as text for a column; ``""`` for none."""
    return " ".join(sorted(set(doubts)))


def has_doubt(column: Coded, doubt: Doubt) -> NDArray[np.bool_]:
    """Return the mask, shape (N,), of the samples about which `column` has this doubt."""
    has = np.array([doubt in text.split() for text in column.names], np.bool_)
    return has[column.codes] if len(has) else np.zeros(len(column), np.bool_)
