"""The columns of a list of files that hold labels and splits: one column, or one column per class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stackgui.core.labels.folder_names import is_part
from stackgui.core.labels.label_sets import set_text
from stackgui.core.lists.columns import SPLIT_NAMES, SURE_SPLIT_NAMES, label_columns, places_of, plain
from stackgui.core.lists.file_match import legible_name

_MARKED = frozenset({"1", "1.0", "true", "yes"})
_NOT_MARKED = frozenset({"0", "0.0", "false", "no", ""})

_MIN_CLASSES = 2

Row = Sequence[str]
Titled = tuple[tuple[int, str], ...]
"""Columns by place and title."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """The columns that hold a row's label and split.

    Attributes
    ----------
    label, split : int or None
        Places of the columns.
    classes, parts : tuple of (int, str)
        Place and title of one column per class or split, used instead of `label` or `split`. A row marks one
        split; it may mark several classes.
    rivals : tuple of int
        Places of other columns that could hold labels.
    others : tuple of int
        Places of all unused columns.
    is_mixed : bool
        Whether rows mark several classes, so that all rows give sets of labels.
    is_chosen : bool
        Whether a person chose the column of labels.
    """

    label: int | None = None
    split: int | None = None
    classes: Titled = ()
    parts: Titled = ()
    rivals: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    is_mixed: bool = False
    is_chosen: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is any label or split."""
        return self.label is not None or self.split is not None or bool(self.classes or self.parts)

    def label_of(self, row: Row) -> str:
        """Return the label of a row, as `set_text` writes it if it may be several; ``""`` for none."""
        if self.classes:
            return set_text(_marked(row, self.classes), is_set=self.is_mixed)
        return cell(row, self.label)

    def split_of(self, row: Row) -> str:
        """Return the split of a row; ``""`` if it marks none or several."""
        if self.parts:
            marked = _marked(row, self.parts)
            return marked[0] if len(marked) == 1 else ""
        return cell(row, self.split)


def cell(row: Row, place: int | None) -> str:
    """Return a cell as text that can be shown; ``""`` if the row is too short."""
    return legible_name(row[place].strip()) if place is not None and place < len(row) else ""


def labelling_of(
    titles: Sequence[str], rows: Sequence[Row], path: int, label: int | None, split: int | None
) -> Labelling:
    """Find the columns that hold labels and splits.

    Parameters
    ----------
    titles : sequence of str
        ``()`` if there are none.
    rows : sequence of rows
        Some rows of the list.
    path : int
        Place of the column of files.
    label, split : int or None
        Places that a person chose.
    """
    width = max(map(len, (titles, *rows)), default=0)
    free = [place for place in range(width) if place not in {path, label, split}]
    if split is None:
        split = _split_column(titles, rows, free)
        free = [place for place in free if place != split]
    rivals: list[int] = []
    is_chosen = label is not None
    if label is None and titles:
        rivals = [place for place in label_columns(titles) if place in free]
        label = rivals.pop(0) if rivals else None
    elif label is None:
        label = _untitled_label(rows, free)
    classes: Titled = ()
    parts: Titled = ()
    is_mixed = False
    if titles and (label is None or split is None):
        marking = _marking_columns(titles, rows, [place for place in free if place != label])
        classes, parts, is_mixed = _by_kind(
            titles, rows, marking, wants_classes=label is None, wants_parts=split is None
        )
    taken = {path, label, split, *(place for place, _title in (*classes, *parts))}
    others = tuple(place for place in range(width) if place not in taken)
    return Labelling(label, split, classes, parts, tuple(rivals), others, is_mixed, is_chosen)


def _split_column(titles: Sequence[str], rows: Sequence[Row], free: Sequence[int]) -> int | None:
    for place in places_of(titles, SPLIT_NAMES) if titles else free:
        is_sure = bool(titles) and plain(titles[place]) in SURE_SPLIT_NAMES
        if place in free and (is_sure or _are_parts({cell(row, place) for row in rows})):
            return place
    return None


def _are_parts(values: set[str]) -> bool:
    return bool(values - {""}) and all(is_part(value) for value in values - {""})


def _untitled_label(rows: Sequence[Row], free: Sequence[int]) -> int | None:
    """Return the only column besides the files, or the only column of words if the others are numbers."""
    if len(free) <= 1:
        return next(iter(free), None)
    words = [place for place in free if has_words(rows, place)]
    is_even = all(len(row) == len(rows[0]) for row in rows)  # uneven rows give each file several labels
    return words[0] if len(words) == 1 and is_even else None


def has_words(rows: Sequence[Row], place: int) -> bool:
    """Whether a column holds more than numbers."""
    return not all(_is_number(cell(row, place)) for row in rows)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return not text
    return True


def _marking_columns(titles: Sequence[str], rows: Sequence[Row], free: Sequence[int]) -> list[int]:
    """Return the columns in which every cell means yes or no, and not all are empty."""
    known = _MARKED | _NOT_MARKED
    return [
        place
        for place in free
        if titles[place : place + 1]
        and plain(titles[place])
        and not plain(titles[place]).startswith("unnamed")
        and all(cell(row, place).casefold() in known for row in rows)
        and any(cell(row, place) for row in rows)
    ]


def _by_kind(
    titles: Sequence[str],
    rows: Sequence[Row],
    marking: Sequence[int],
    *,
    wants_classes: bool,
    wants_parts: bool,
) -> tuple[Titled, Titled, bool]:
    """Return the columns of classes and of splits of which rows mark one, and whether rows mark several."""
    columns = [(place, legible_name(titles[place].strip())) for place in marking]
    parts = tuple(column for column in columns if is_part(column[1]))
    classes = tuple(column for column in columns if column not in parts)
    is_parts = wants_parts and len(parts) >= _MIN_CLASSES
    is_parts = is_parts and all(len(_marked(row, parts)) <= 1 for row in rows)
    marks = [len(_marked(row, classes)) for row in rows]
    # If few rows mark anything, the columns are remarks rather than classes.
    may_be = wants_classes and len(classes) >= _MIN_CLASSES and 2 * sum(map(bool, marks)) >= len(rows)
    is_mixed = may_be and max(marks) > 1
    return classes if may_be else (), parts if is_parts else (), is_mixed


def _marked(row: Row, columns: Titled) -> list[str]:
    """Return the titles of the columns that a row marks."""
    return [title for place, title in columns if cell(row, place).casefold() in _MARKED]
