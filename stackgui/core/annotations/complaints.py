"""Collects what of annotation files was not taken as it stands, and the sentences that formats share."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable

from stackgui.core.annotations.annotations import MAX_EXAMPLES, MAX_LOOKED_AT, Complaint
from stackgui.core.base.wording import say

NOT_A_NUMBER = say("A coordinate is missing, is no number or is far too large.")
NO_AREA = say("The box has no area.")
NO_SHARE = say("A coordinate is no share of the picture's width or height, from 0 to 1.")
FEW_CORNERS = say("A polygon has fewer than three corners.")
NO_PLACE = say("The annotation has neither a box nor an outline.")
NO_NAME = say("The name of the picture is missing or cannot be the name of a file.")

MAX_COORDINATE = 2.0**31
"""Largest distance from a picture's corner that is believed, in pixels or in shares."""


class Complaints:
    """Counts complaints of each kind, and keeps a few examples."""

    def __init__(self) -> None:
        self._pictures: defaultdict[tuple[str, bool], dict[int, None]] = defaultdict(dict)
        self._counts: Counter[tuple[str, bool]] = Counter()
        self._examples: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)

    def add(self, what: str, example: str, *, count: int = 1, is_lost: bool = True) -> None:
        """Record something that was not taken as it stands; see `Complaint`."""
        key = (what, is_lost)
        self._counts[key] += count
        if len(self._examples[key]) < MAX_EXAMPLES:
            self._examples[key].append(example)

    def concern(self, what: str, pictures: Iterable[int], *, is_lost: bool = True) -> None:
        """Record which pictures a complaint is about, up to `MAX_LOOKED_AT`."""
        known = self._pictures[what, is_lost]
        for each in pictures:
            if len(known) >= MAX_LOOKED_AT:
                break
            known[each] = None

    def all(self) -> tuple[Complaint, ...]:
        """Return them in order of first appearance."""
        return tuple(
            Complaint(
                what,
                count,
                tuple(self._examples[what, is_lost]),
                is_lost,
                tuple(self._pictures[what, is_lost]),
            )
            for (what, is_lost), count in self._counts.items()
        )


def is_file_name(name: str) -> bool:
    """Return whether a picture can have `name`, which may have folders."""
    try:
        return bool(name) and b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False
