"""Lists of files as labelling tools write them: read in a worker, columns told by their names."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stackgui.core.columns import Coded, Paths
from stackgui.core.errors import SampleError
from stackgui.core.list_columns import LABEL_NAMES, PATH_NAMES, SPLIT_NAMES, find_column
from stackgui.core.scan_options import ScanOptions
from stackgui.engine.reading import READING, check_regular, os_reason, read_all
from stackgui.imaging import PICTURE_SUFFIXES

MOST_BYTES = 2**30

_DELIMITERS = (",", "\t", ";", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Rows = Iterator[Sequence[str]]


@dataclass(frozen=True, eq=False, slots=True)
class FileList:
    """What a list says; an entry a line.

    Attributes
    ----------
    path : Paths
        As it was written, but for blanks around it.
    label, split : Coded
        ``""`` where nothing is said.
    problem : str
        Why the list cannot be used, or ``""``.
    """

    path: Paths
    label: Coded
    split: Coded
    problem: str = ""

    @classmethod
    def of(cls, lines: Sequence[tuple[str, str, str]], problem: str = "") -> FileList:
        """Turn lines of path, label and split into columns."""
        path, label, split = zip(*lines, strict=True) if lines else ((), (), ())
        return cls(Paths.from_names(path), Coded.from_values(label), Coded.from_values(split), problem)

    def __len__(self) -> int:
        return len(self.path)


def read_list(name: str, options: ScanOptions) -> FileList:
    """Read the list called `name` (absolute)."""
    try:
        return FileList.of(list(_lines(name, _text(_bytes(name)), options)))
    except OSError as error:
        return FileList.of([], os_reason(error))
    except SampleError as error:
        return FileList.of([], error.reason)
    except (csv.Error, ValueError, RecursionError) as error:
        return FileList.of([], f"it is damaged or no list ({error})")


def _bytes(name: str) -> bytes:
    handle = os.open(name, READING)
    try:
        status = os.fstat(handle)
        check_regular(status)
        if status.st_size > MOST_BYTES:
            raise SampleError("it is far too long for a list of files")
        return read_all(handle, status.st_size)
    finally:
        os.close(handle)


def _text(data: bytes) -> str:
    """The text of a list: by its mark, else as UTF-8, else as the most common older encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _lines(name: str, text: str, options: ScanOptions) -> Iterator[tuple[str, str, str]]:
    is_json = name.lower().endswith((".jsonl", ".ndjson"))
    header, rows = _objects(text) if is_json else _table(text)
    path, label, split = _columns(header, options)
    if path is None:
        path, label = _guessed(header)
        rows = _again(header, rows)
    for row in rows:
        if any(cell.strip() for cell in row):
            yield _cell(row, path), _cell(row, label), _cell(row, split)


def _columns(header: Sequence[str], options: ScanOptions) -> tuple[int | None, int | None, int | None]:
    """Places of the columns of path, label and split."""
    chosen = (options.path_column, options.label_column, options.split_column)
    found: list[int | None] = []
    for title, names in zip(chosen, (PATH_NAMES, LABEL_NAMES, SPLIT_NAMES), strict=True):
        place = find_column(header, (title.casefold(),) if title else names)
        if title and place is None:
            known = ", ".join(cell.strip() for cell in header[:20])
            raise SampleError(f"it has no column “{title}”; its columns are {known}")
        found.append(place)
    return found[0], found[1], found[2]


def _guessed(first: Sequence[str]) -> tuple[int, int | None]:
    """Places of path and label in a list without titles, whose first line names a file already."""
    endings = [os.path.splitext(cell.strip())[1].lower() for cell in first]
    place = next((index for index, ending in enumerate(endings) if ending in PICTURE_SUFFIXES), None)
    if place is None:
        known = ", ".join(cell.strip() for cell in first[:20])
        raise SampleError(f"none of its columns is called path, file or image; its columns are {known}")
    return place, 1 - place if len(first) == 2 else None  # noqa: PLR2004 - a file and what it is


def _table(text: str) -> tuple[Sequence[str], Rows]:
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    return next(rows, ()), rows


def _objects(text: str) -> tuple[Sequence[str], Rows]:
    """Titles and rows of a list with a JSON object a line; the titles are those of all lines."""
    values = [json.loads(line) for line in text.splitlines() if line.strip()]
    if not all(isinstance(value, dict) for value in values):
        raise ValueError("not every line is a JSON object")
    titles = list(dict.fromkeys(title for value in values for title in value))
    return titles, ([_plain(value.get(title)) for title in titles] for value in values)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _again(first: Sequence[str], rows: Rows) -> Rows:
    yield first
    yield from rows


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""
