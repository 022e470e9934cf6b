"""Sentences and warnings about how lists of files were read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stackgui.core.base.text import printable
from stackgui.core.base.warnings import EXAMPLES, DataWarning
from stackgui.core.base.wording import joined, say
from stackgui.core.lists.columns import SURE_LABEL_NAMES, plain
from stackgui.core.lists.labels import Labelling

_SHOWN_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class HowRead:
    """How a list was read.

    Attributes
    ----------
    titles : tuple of str
        ``()`` if the list has none.
    how : str
        How a list without titles was read, or ``""``.
    is_evident : bool
        Whether there was no other way to read the list.
    path : int
        Place of the column of files.
    labelling : Labelling
        The columns of labels and splits.
    """

    titles: tuple[str, ...]
    how: str
    is_evident: bool
    path: int
    labelling: Labelling

    def column(self, place: int) -> str:
        """Return the quoted title of a column, or its number."""
        if place < len(self.titles):
            return f"“{printable(self.titles[place])}”"
        return say("column {number}", number=place + 1)

    def columns(self, places: Sequence[int]) -> str:
        """Return the names of columns, cut after the first few."""
        names = [self.column(place) for place in places[:_SHOWN_COLUMNS]]
        return joined(", ", [*names, "…"] if len(places) > _SHOWN_COLUMNS else names)


def column_names(reads: Iterable[HowRead]) -> tuple[str, ...]:
    """Return what a person may choose as a column of lists: titles, or numbers where there are none."""
    names: dict[str, None] = {}
    for read in reads:
        places = (read.path, read.labelling.label, read.labelling.split, *read.labelling.others)
        count = max(len(read.titles), *(place + 1 for place in places if place is not None))
        titles = (*read.titles, *[""] * (count - len(read.titles)))
        names |= dict.fromkeys(title or str(place) for place, title in enumerate(titles, start=1))
    return tuple(names)


def reading_sentence(name: str, read: HowRead, part: str = "") -> str:
    """Describe in a sentence how the list called `name`, which may hold the split `part`, was read."""
    used, labelling = [say("files from {column}", column=read.column(read.path))], read.labelling
    if labelling.label is not None:
        used.append(say("labels from {column}", column=read.column(labelling.label)))
    elif labelling.classes:
        used.append(say("labels from {count:,} columns, one for each class", count=len(labelling.classes)))
    if labelling.split is not None:
        used.append(say("splits from {column}", column=read.column(labelling.split)))
    elif labelling.parts:
        used.append(say("splits from {count:,} columns, one for each split", count=len(labelling.parts)))
    elif part:
        used.append(say("the split “{part}” from its own name", part=part))
    others = (
        say("; other columns: {columns}", columns=read.columns(labelling.others)) if labelling.others else ""
    )

    own, read_so = _own(name), joined(", ", used)
    if read.titles or not read.how:
        return say("{own}: {used}{others}.", own=own, used=read_so, others=others)
    return say(
        "{own} has no titles and was read {how}: {used}{others}.",
        own=own,
        how=read.how,
        used=read_so,
        others=others,
    )


def reading_warnings(name: str, read: HowRead, part: str = "") -> Iterator[DataWarning]:
    """Yield warnings about doubtful decisions in reading the list called `name`."""
    labelling, own = read.labelling, _own(name)
    if not read.titles and not read.is_evident:
        yield DataWarning(
            "list-without-titles", joined("", (reading_sentence(name, read, part), _OTHER_COLUMNS)), 1
        )
    if labelling.label is None and not labelling.classes and labelling.others:
        yield DataWarning(
            "no-label-column",
            say(
                "{own} gives no labels: {no_labels}{label_column}",
                own=own,
                no_labels=no_labels(read),
                label_column=_LABEL_COLUMN,
            ),
            1,
        )
    elif not labelling.rivals and read.titles and labelling.others and not _is_sure(read):
        text = say(
            "{own}: labels were taken from {column}; its other columns are {columns}. "
            "--label-column chooses another.",
            own=own,
            column=read.column(labelling.label or 0),
            columns=read.columns(labelling.others),
        )
        yield DataWarning("label-column", text, 1)
    if labelling.rivals:
        text = say(
            "{own}: labels were taken from {column}, but {columns} may hold labels too. "
            "--label-column chooses another.",
            own=own,
            column=read.column(labelling.label or 0),
            columns=read.columns(labelling.rivals),
        )
        yield DataWarning("several-label-columns", text, len(labelling.rivals))
    if labelling.classes:
        yield _column_per_class(labelling, own)


def _column_per_class(labelling: Labelling, own: str) -> DataWarning:
    classes = tuple(title for _place, title in labelling.classes[:EXAMPLES])
    text = say(
        "{own}: each of {count:,} columns was taken as a class, and a picture gets each "
        "class whose column has 1 on its line.",
        own=own,
        count=len(labelling.classes),
    )
    return DataWarning("column-per-class", text, len(labelling.classes), classes)


def no_labels(read: HowRead) -> str:
    """Explain why a list gives no labels."""
    others = read.columns(read.labelling.others)
    column = read.column(read.path)
    if not others:
        return say(
            "it names files in {column}, but no column is known to hold labels; it has no other columns.",
            column=column,
        )
    return say(
        "it names files in {column}, but no column is known to hold labels; its other columns are {others}.",
        column=column,
        others=others,
    )


def _is_sure(read: HowRead) -> bool:
    """Whether the column of labels can hold nothing else."""
    label = read.labelling.label
    return label is None or read.labelling.is_chosen or plain(read.titles[label]) in SURE_LABEL_NAMES


_LABEL_COLUMN = say(" --label-column chooses the column of labels.")
_OTHER_COLUMNS = say(" --path-column and --label-column choose other columns by number, from 1.")


def _own(name: str) -> str:
    return printable(os.path.basename(name))
