"""The columns of a list that a person wants beside labels: numbers to learn, and texts to keep."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from stackgui.core.base.columns import Paths
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import EXAMPLES, DataWarning
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.list_values import MAX_TEXT, ListValues, kept_text, number_in
from stackgui.core.labels.label_sets import JOINT
from stackgui.core.lists.columns import typed_column
from stackgui.core.lists.file_match import legible_name
from stackgui.core.lists.labels import Row, cell
from stackgui.core.lists.texts import HowRead

ALL = "*"
"""Stands for all columns that are not used otherwise."""


@dataclass
class ValueColumns:
    """Collects the wanted columns of a list, line by line."""

    targets: dict[str, int]
    titles: dict[str, int]
    _numbers: list[list[float]] = field(default_factory=list)
    _texts: list[list[str]] = field(default_factory=list)
    _odd: dict[str, list[str]] = field(default_factory=dict)
    _cut: int = 0

    @classmethod
    def of(cls, read: HowRead, targets: Sequence[str], titles: Sequence[str], width: int) -> ValueColumns:
        """Return the columns called `targets` and `titles` that a list of `width` columns has."""
        head = [*read.titles, *[""] * (width - len(read.titles))]
        wanted = dict.fromkeys(title for title in titles if title != ALL)
        kept = {title: place for title in wanted if (place := typed_column(head, title)) is not None}
        if ALL in titles:
            kept |= {read.titles[place] if read.titles[place : place + 1] else str(place + 1): place
                     for place in read.labelling.others if place not in kept.values()}  # fmt: skip
        numbers = {title: place for title in targets if (place := typed_column(head, title)) is not None}
        return cls(numbers, kept)

    def learn(self, row: Row) -> None:
        """Take the cells of the next line."""
        numbers = []
        for title, place in self.targets.items():
            text = cell(row, place)
            number = number_in(text)
            if text and number != number:  # noqa: PLR0124 - NaN
                self._odd.setdefault(title, []).append(text)
            numbers.append(number)
        texts = [_kept(row, place) for place in self.titles.values()]
        self._cut += sum(len(text) > MAX_TEXT for text in texts)
        self._numbers.append(numbers)
        self._texts.append([kept_text(text) for text in texts])

    def values(self) -> ListValues:
        """Return what was taken."""
        count = len(self._numbers)
        return ListValues(
            tuple(self.targets),
            np.array(self._numbers, np.float32).reshape(count, len(self.targets)),
            tuple(self.titles),
            tuple(Paths.from_names(row[place] for row in self._texts) for place in range(len(self.titles))),
        )

    def warnings(self, name: str) -> Iterator[DataWarning]:
        """Yield warnings about cells of the list called `name` that are no numbers, or too long."""
        own = printable(os.path.basename(name))
        for title, cells in self._odd.items():
            text = say_many(
                len(cells),
                "{own}: {count:,} cell of “{title}” is no number, and becomes NaN in targets.npy.",
                "{own}: {count:,} cells of “{title}” are no numbers, and become NaN in targets.npy.",
                own=own,
                title=printable(title),
            )
            yield DataWarning("targets-not-numbers", text, len(cells), tuple(dict.fromkeys(cells))[:EXAMPLES])
        if self._cut:
            text = say(
                "{own}: {cells} in the columns to keep are longer than {most:,} characters, and were cut.",
                own=own,
                cells=format_count(self._cut, "cell"),
                most=MAX_TEXT,
            )
            yield DataWarning("column-texts-cut", text, self._cut)


def _kept(row: Row, place: int) -> str:
    text = row[place] if place < len(row) else ""
    return legible_name(text).removesuffix(JOINT).replace(JOINT, ";")
