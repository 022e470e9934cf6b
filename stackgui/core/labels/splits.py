"""The choice of dataset splits (train, validation, test), and the order of shuffled rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kept import kept
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folder_names import PARTS, part_called
from stackgui.core.labels.parents import own_paths
from stackgui.core.labels.path_rule import SPLIT, PathRule

WHOLE = 100
"""The sum of all shares, in per cent."""

_MIN_SHARES = 2
MAX_SEED = 2**63 - 1

EACH_ROW = "rows:"
"""Prefix of shares that split each row separately."""


class SplitKind(StrEnum):
    """Where the splits come from."""

    NONE = "none"
    FOUND = "found"
    SHARES = "shares"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Split:
    """How samples are split: ``none``, ``found``, ``level:1``, or shares such as ``80/10/10``.

    ``found`` takes the splits that the sources give: a column of a list, or folders called train, val or
    test. A rule, such as ``level:1`` or ``name:{split}_*``, finds them in the path of each file.

    Attributes
    ----------
    kind : SplitKind
    percent : tuple of int
        For ``SHARES``, the percentages of train, validation and test; their sum is 100.
    each_row : bool
        For ``SHARES``, whether the rows of one file may be split, which suits arrays of independent pictures;
        otherwise they stay together.
    rule : PathRule or None
        For ``RULE``, where in a path the split is.
    """

    kind: SplitKind = SplitKind.FOUND
    percent: tuple[int, ...] = ()
    each_row: bool = False
    rule: PathRule | None = None

    def __post_init__(self) -> None:
        if self.rule is not None:
            self.rule.check(SPLIT)
        if self.kind is SplitKind.SHARES and (
            len(self.percent) != len(PARTS) or min(self.percent) < 0 or sum(self.percent) != WHOLE
        ):
            raise UsageError(
                say("The shares of train, validation and test must add up to 100; write them as 80/10/10.")
            )

    @property
    def of_parts(self) -> tuple[tuple[str, int], ...]:
        """Each of `PARTS` with its share in per cent."""
        return tuple(zip(PARTS, self.percent, strict=True))

    @classmethod
    def parse(cls, text: str) -> Split:
        """Read ``none``, ``found``, a rule, ``80/10/10``, or ``80/20`` for train and validation alone.

        The prefix ``rows:`` splits each row separately.

        Raises
        ------
        UsageError
            When `text` is none of these, or the shares do not add up to 100.
        """
        if rule := PathRule.parse(text):
            return cls(SplitKind.RULE, rule=rule)
        bare = text.strip().casefold()
        if bare in {SplitKind.NONE, SplitKind.FOUND}:
            return cls(SplitKind(bare))
        if not (shares := _percentages(bare.removeprefix(EACH_ROW))):
            raise UsageError(
                say(
                    "“{text}” is not a split; write none, found, level:1, name:{{split}}_*, or the "
                    "percentages of train, validation and test, for example 80/10/10.",
                    text=text,
                )
            )
        return cls(SplitKind.SHARES, (*shares, 0)[: len(PARTS)], each_row=bare.startswith(EACH_ROW))

    def __str__(self) -> str:
        if self.rule is not None:
            return str(self.rule)
        if self.kind is not SplitKind.SHARES:
            return self.kind.value
        return (EACH_ROW if self.each_row else "") + "/".join(map(str, self.percent))


def _percentages(text: str) -> tuple[int, ...]:
    """Read shares like ``80/10/10``, ``80:10:10``, ``80% 10% 10%``, ``0.8,0.1,0.1``; ``()`` for others."""
    parts = re.split(r"\s*[/:,;-]\s*|\s+", text.replace("%", " ").strip())
    if not _MIN_SHARES <= len(parts) <= len(PARTS):
        return ()
    if all(re.fullmatch(r"[0-9]{1,3}", part) for part in parts) and set(parts) - {"0", "1"}:
        return tuple(map(int, parts))
    if not all(re.fullmatch(r"[01]?\.[0-9]{1,2}|[01]", part) for part in parts):
        return ()
    return tuple(round(float(part) * WHOLE) for part in parts)


def shuffled(count: int, seed: int) -> NDArray[np.int64]:
    """Return the numbers below `count`, shuffled by `seed` alone; every machine and version must agree."""
    return np.argsort(_random_keys(count, seed), kind="stable")


def split_as_found(named: Coded) -> Coded:
    """Unify the splits that the sources name, for example ``val`` and ``dev`` to ``validation``."""
    names = tuple(part_called(name) or name.lower() for name in named.names)
    kept = tuple(dict.fromkeys(("", *names)))
    code = np.array([kept.index(name) for name in names], np.int32)
    return Coded(code[named.codes] if names else named.codes, kept)


@kept(most=2)
def split_by_rule(catalog: Catalog, rule: PathRule) -> Coded:
    """Return the splits that `rule` finds in the paths, with unified names."""
    return split_as_found(Coded.from_values(map(rule.reader(SPLIT), own_paths(catalog))))


def _random_keys(count: int, seed: int) -> NDArray[np.uint64]:
    """Return `count` sort keys spread over 64 bits (SplitMix64), so that sorting by them shuffles."""
    mixed = (np.arange(1, count + 1, dtype=np.uint64) + _mix(np.uint64(seed))) * np.uint64(0x9E3779B97F4A7C15)
    return _mix(mixed)


def _mix(value: np.uint64 | NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = np.atleast_1d(np.asarray(value, np.uint64))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    result: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return result
