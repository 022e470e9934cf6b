"""A list of files as a table: how to read it, and which columns hold path, label and split."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from stackgui.core.base.errors import SampleError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.lists.columns import PATH_NAMES, places_of, plain, typed_column
from stackgui.core.lists.labels import labelling_of
from stackgui.core.lists.readings import (
    TABLES,
    WHOLE,
    Exists,
    Trial,
    named_in,
    readings_for,
    some_lines,
    try_reading,
)
from stackgui.core.lists.texts import HowRead

_TRIED_COLUMNS = 12
"""Columns from the left that are tried as file names although their titles do not suggest it."""

_SHOWN_TITLES, _SHOWN_LETTERS = 20, 40

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Typed:
    """Titles of columns that a person typed; ``""`` to look for the usual titles.

    Attributes
    ----------
    path, label, split : str
    may_miss : bool
        Whether a title may be missing because it belongs to another list.
    """

    path: str = ""
    label: str = ""
    split: str = ""
    may_miss: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How to look for existing files.

    Attributes
    ----------
    exists : callable
        Tells whether a cell names an existing file.
    lines : tuple of int
        Numbers of lines to examine when choosing a reading; the next one is used if no file is found.
    endings : collection of str
        Lower-case file extensions of pictures.
    """

    exists: Exists
    lines: tuple[int, ...]
    endings: Collection[str]


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """A list that has been read.

    Attributes
    ----------
    read : HowRead
    rows : callable
        Returns an iterator over all rows except the titles.
    named : int
        Number of existing files that the examined lines name.
    """

    read: HowRead
    rows: Callable[[], Iterator[Row]]
    named: int


def shown_titles(titles: Sequence[str]) -> str:
    """Return titles to quote in a sentence, with long ones cut: the file may not be a table at all."""
    cut = [
        title if len(title) <= _SHOWN_LETTERS else f"{title[:_SHOWN_LETTERS]}…"
        for title in (printable(title.strip()) for title in titles[:_SHOWN_TITLES])
    ]
    return ", ".join([*cut, "…"] if len(titles) > _SHOWN_TITLES else cut)


def read_records(titles: Sequence[str], rows: Sequence[Row], typed: Typed, look: Look) -> Table:
    """Find the columns of rows whose titles are known, and return the table."""
    step = max(1, len(rows) // look.lines[0])
    some = rows[::step]
    places = _places_to_try(titles, typed.path)
    trial = Trial(
        WHOLE, [*titles], [[*row] for row in some], {p: named_in(some, p, look.exists) for p in places}
    )
    return _titled(trial, typed, lambda: iter(rows))


def read_table(text: str, typed: Typed, look: Look) -> Table:
    """Choose a reading for `text`, and return the table.

    The reading that names the most different existing files is chosen; among readings that name about as
    many, one with titles is preferred.

    Raises
    ------
    SampleError
        When no column holds files, or a column that a person typed is missing.
    """
    trials = [Trial(WHOLE, [], [], {})]
    for most in look.lines:
        if lines := some_lines(text, most):
            readings = readings_for(lines)
            trials = [
                try_reading(each, lines, look.exists, lambda head: _places_to_try(head, typed.path))
                for each in readings
            ]
        if any(trial.most or _has_titles(trial, typed) for trial in trials):
            break
    trial = _best(trials, typed, look.endings)
    is_titled = _has_titles(trial, typed) or _looks_titled(trial, look)

    def rows() -> Iterator[Row]:
        return trial.reading.rows(text, is_quoted=is_titled)

    if is_titled:
        return _titled(trial, typed, lambda: _after_titles(rows()))
    path, label, split = _typed_places(trial.head, typed, is_titled=False)
    path = _place_of_files(trial, look.endings) if path is None else path
    labelling = labelling_of((), trial.rows, path, label, split)
    read = HowRead((), trial.reading.how, _is_evident(trial, trials), path, labelling)
    return Table(read, rows, trial.named.get(path, 0))


def _after_titles(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows after the first that is not empty."""
    filled = (row for row in rows if any(cell.strip() for cell in row))
    return itertools.islice(filled, 1, None)


def _titled(trial: Trial, typed: Typed, rows: Callable[[], Iterator[Row]]) -> Table:
    titles = tuple(title.strip() for title in trial.head)
    path, label, split = _typed_places(titles, typed, is_titled=True)
    if path is None:
        usual = [
            place for place in places_of(titles, PATH_NAMES) if trial.named.get(place, 0) * 2 >= trial.most
        ]
        best = max(trial.named, key=lambda place: (trial.named[place], -place)) if trial.most else None
        path = next(iter(usual), best)
    if path is None and not any(titles):
        raise SampleError(say("it is empty, or its first line is"))
    if path is None:
        raise SampleError(
            say(
                "none of its columns is called path, file or image; its columns are {shown_titles}",
                shown_titles=shown_titles(titles),
            )
        )
    labelling = labelling_of(titles, trial.rows, path, label, split)
    read = HowRead(titles, "", is_evident=True, path=path, labelling=labelling)
    return Table(read, rows, trial.named.get(path, 0))


def _is_evident(trial: Trial, trials: Sequence[Trial]) -> bool:
    """Whether a list without titles can only be read in this way, considering that names may have spaces."""
    others = {each.reading for each in trials} - {trial.reading}
    names_all = trial.named.get(0, 0) == len({trial.head[0], *(row[0] for row in trial.rows)})
    return not others or (trial.reading is WHOLE and names_all and not others & set(TABLES))


def _places_to_try(head: Sequence[str], path_title: str) -> list[int]:
    """Return the places of the columns that may hold files."""
    if path_title and (place := typed_column(head, path_title)) is not None:
        return [place]
    places = [*places_of(head, PATH_NAMES), *range(min(len(head), _TRIED_COLUMNS))]
    return list(dict.fromkeys(places))


def _typed_places(head: Sequence[str], typed: Typed, *, is_titled: bool) -> list[int | None]:
    """Return the places of the typed columns of path, label and split; without titles, only numbers count."""
    places: list[int | None] = []
    for title in (typed.path, typed.label, typed.split):
        place = typed_column(head if is_titled else [""] * len(head), title) if title else None
        if title and place is None and not typed.may_miss:
            raise SampleError(
                say(
                    "it has no column “{title}”; its columns are {shown_titles}",
                    title=title,
                    shown_titles=shown_titles(head),
                )
            )
        places.append(place)
    return places


def _has_titles(trial: Trial, typed: Typed) -> bool:
    """Whether the first line has the title of a column of files or one that a person typed."""
    titles = {plain(cell) for cell in trial.head} - {""}
    # A typed number may be the number of a column rather than its title.
    asked = {plain(name) for name in (typed.path, typed.label, typed.split) if not name.isdecimal()}
    return bool(titles & asked) or bool(
        (not typed.path or typed.may_miss) and places_of(trial.head, PATH_NAMES)
    )


def _best(trials: Sequence[Trial], typed: Typed, endings: Collection[str]) -> Trial:
    most = max(trial.most for trial in trials)
    likely = [trial for trial in trials if trial.most * 2 >= most]

    def rank(trial: Trial) -> tuple[bool, int, int, bool, int]:
        titled, is_picture = _has_titles(trial, typed), _ends_as_picture(trial.head, endings)
        columns, is_guess = len(trial.head), not trial.most and not is_picture
        return titled, trial.most, columns if titled else 0, is_picture, columns if is_guess else 0

    return max(likely, key=rank)


def _ends_as_picture(cells: Sequence[str], endings: Collection[str]) -> bool:
    return any(os.path.splitext(cell.strip())[1].lower() in endings for cell in cells)


def _looks_titled(trial: Trial, look: Look) -> bool:
    """Whether the first line has another form than the others, one of whose columns names files."""
    if not trial.most or trial.rows[0] is trial.head:
        return False
    place = max(trial.named, key=lambda each: trial.named[each])
    first = trial.head[place] if place < len(trial.head) else ""
    if not first or look.exists(first) or _ends_as_picture([first], look.endings):
        return False
    return _shape(first) not in {_shape(row[place]) for row in trial.rows if place < len(row)}


def _shape(cell: str) -> str:
    """Return a cell with each run of letters as ``a`` and each run of digits as ``0``."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "0", cell.strip()))


def _place_of_files(trial: Trial, endings: Collection[str]) -> int:
    """Return the place of the column of files in a list without titles."""
    if trial.most:
        return max(trial.named, key=lambda place: (trial.named[place], -place))
    found = (place for place, cell in enumerate(trial.head) if _ends_as_picture([cell], endings))
    place = next(found, None)
    if place is None:
        raise SampleError(
            say(
                "none of its columns is called path, file or image, and none names files that "
                "are there; its columns are {shown_titles}",
                shown_titles=shown_titles(trial.head),
            )
        )
    return place
