"""What a manifest says of the columns of lists that go with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.plan.plan import Plan

TARGETS, COLUMNS = "targets", "columns"
"""Keys in the lines of a manifest, and in the plan of a header for the names."""


class ValueMembers:
    """Formats what the manifest of `plan` says of columns of lists."""

    def __init__(self, plan: Plan, own_titles: Sequence[str]) -> None:
        self._values = plan.catalog.values
        taken = {title.casefold() for title in own_titles}
        names = () if self._values is None else (*self._values.targets, *self._values.titles)
        self._titles = [f"{name} (list)" if name.casefold() in taken else name for name in names]

    def title(self, cell: Callable[[str], str]) -> str:
        """Return the end of the sheet's first line."""
        return "".join(f",{cell(name)}" for name in self._titles)

    def members(self, sample: NDArray[np.int64]) -> Iterable[str]:
        """Return the end of each sample's line in JSON."""
        if self._values is None:
            return repeat("", len(sample))
        values = self._values.take(sample)
        numbers = [
            ",".join("null" if text == "nan" else text for text in row) for row in _written(values.numbers)
        ]
        columns = [map(encode_basestring_ascii, column) for column in values.texts]
        texts = map(",".join, zip(*columns, strict=True)) if columns else repeat("", len(sample))
        return [
            f',"{TARGETS}":[{row}],"{COLUMNS}":[{text}]' for row, text in zip(numbers, texts, strict=True)
        ]

    def cells(self, sample: NDArray[np.int64], cell: Callable[[str], str]) -> Iterable[str]:
        """Return the end of each sample's line in the sheet; `cell` formats a text."""
        if self._values is None:
            return repeat("", len(sample))
        values = self._values.take(sample)
        columns = [map(cell, column) for column in values.texts]
        texts = zip(*columns, strict=True) if columns else repeat((), len(sample))
        return [
            "".join(f",{each}" for each in (*("" if text == "nan" else text for text in row), *kept))
            for row, kept in zip(_written(values.numbers), texts, strict=True)
        ]


def _written(numbers: NDArray[np.float32]) -> list[list[str]]:
    """Return the numbers of each row as the shortest texts that mean them."""
    found: list[list[str]] = [[str(number) for number in row] for row in numbers]
    return found


@dataclass(frozen=True, eq=False, slots=True)
class ValueTable:
    """What the lines of a manifest say of columns of lists.

    Attributes
    ----------
    numbers : float32, shape (rows, targets)
    texts : tuple of Paths
    """

    numbers: NDArray[np.float32]
    texts: tuple[Paths, ...]

    @classmethod
    def parse(cls, rows: Sequence[Mapping[str, Any]]) -> ValueTable:
        """Read some lines; raises LookupError, TypeError or ValueError if they are damaged."""
        numbers = [[np.nan if each is None else each for each in row.get(TARGETS, ())] for row in rows]
        texts = [row.get(COLUMNS, ()) for row in rows]
        columns = zip(*texts, strict=True)
        return cls(
            np.array(numbers, np.float32).reshape(len(rows), -1),
            tuple(Paths.from_names(map(str, column)) for column in columns),
        )

    @classmethod
    def concatenate(cls, parts: Sequence[ValueTable]) -> ValueTable:
        """Join tables end to end; raises ValueError if they have different columns."""
        columns = zip(*(part.texts for part in parts), strict=True)
        return cls(
            np.concatenate([part.numbers for part in parts] or [np.empty((0, 0), np.float32)]),
            tuple(map(Paths.concatenate, columns)),
        )

    def members(self) -> tuple[list[list[float | None]], list[list[str]]]:
        """Return the numbers and the texts in the line of each row, as `parse` reads them."""
        numbers = [[None if text == "nan" else float(text) for text in row] for row in _written(self.numbers)]
        texts = zip(*self.texts, strict=True) if self.texts else repeat((), len(self.numbers))
        return numbers, list(map(list, texts))

    def values(self, plan_json: Mapping[str, Any]) -> ListValues | None:
        """Return the values of the rows, with the names in a header's plan; None if there are none."""
        if TARGETS not in plan_json:
            return None
        targets, titles = (tuple(map(str, plan_json[key])) for key in (TARGETS, COLUMNS))
        if self.numbers.shape[1] != len(targets) or len(self.texts) != len(titles):
            raise ValueError("a manifest with other columns than its header")
        return ListValues(targets, self.numbers, titles, self.texts)
