"""Reads lists of files as labelling tools write them, in a worker; finds columns by title and content."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import redacted
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import SampleError
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import say
from stackgui.core.catalog.list_values import ListValues
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.label_sets import is_list_of_labels, value_text
from stackgui.core.lists.columns import PATH_NAMES, places_of
from stackgui.core.lists.labels import Labelling
from stackgui.core.lists.readings import Exists
from stackgui.core.lists.table import Look, Table, Typed, read_records, read_table
from stackgui.core.lists.texts import HowRead
from stackgui.core.lists.values import ValueColumns
from stackgui.engine.sources.reading import open_any, os_reason, read_from, state_of
from stackgui.imaging import PICTURE_SUFFIXES

MAX_BYTES = 2**30

_SHOWN_LETTERS = 80

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOTHING = HowRead((), "", is_evident=True, path=0, labelling=Labelling())


@dataclass(frozen=True, eq=False, slots=True)
class FileList:
    """The contents of a list, with one entry for each line.

    Attributes
    ----------
    path : Paths
        Path as written, including spaces and quotes around it.
    label, split : Coded
        Label and dataset split, ``""`` if there is none.
    values : ListValues
        Columns that were asked for beside these.
    warnings : tuple of DataWarning
        About the cells of these.
    read : HowRead
    named : int
        Number of existing files named by the lines that were examined to choose a reading.
    problem : str
        Why the list cannot be used, or ``""``.
    """

    path: Paths
    label: Coded
    split: Coded
    values: ListValues
    warnings: tuple[DataWarning, ...] = ()
    read: HowRead = _NOTHING
    named: int = 0
    problem: str = ""

    @classmethod
    def failed(cls, problem: str) -> FileList:
        """Return a list that cannot be used."""
        nothing = Coded.from_values(())
        return cls(Paths.from_names(()), nothing, nothing, ListValues.none_of(0), problem=problem)

    def __len__(self) -> int:
        return len(self.path)

    def take(self, lines: NDArray[np.int64]) -> FileList:
        """Return a list of only `lines`."""
        path, label, split = self.path.take(lines), self.label.take(lines), self.split.take(lines)
        return replace(self, path=path, label=label, split=split, values=self.values.take(lines))


@dataclass(frozen=True, eq=False, slots=True)
class Written:
    """A list as written: the text of a table, or the titles and rows of a JSON file."""

    name: str
    text: str = ""
    titles: tuple[str, ...] = ()
    rows: tuple[Sequence[str], ...] = ()
    is_json: bool = False


def read_written(name: str, use: Callable[[Written], FileList]) -> FileList:
    """Open the list `name` (absolute path) and let `use` read it; an error becomes the list's problem."""
    try:
        return use(written(name, text_of(_bytes(name))))
    except OSError as error:
        return FileList.failed(os_reason(error))
    except SampleError as error:
        return FileList.failed(error.reason)
    except (csv.Error, ValueError, RecursionError) as error:
        return FileList.failed(say("it is damaged, or not a list ({error})", error=error))


def file_list(
    written: Written, options: ScanOptions, exists: Exists, lines: tuple[int, ...], *, is_source: bool
) -> FileList:
    """Read all lines of a list; see `table_of` for the parameters."""
    return _columns(table_of(written, options, exists, lines, is_source=is_source), written.name, options)


def table_of(
    written: Written, options: ScanOptions, exists: Exists, lines: tuple[int, ...], *, is_source: bool
) -> Table:
    """Read a list in the way that names the most existing files.

    Parameters
    ----------
    written
    options
    exists, lines
        As in `stackgui.core.lists.table.Look`.
    is_source
        Whether the list is a source of samples; otherwise it gives labels.
    """
    titles = (options.path_column, options.label_column, options.split_column)
    # If there is also a list of labels, the titles that the person typed may belong to that list.
    typed = Typed(*titles, may_miss=is_source and bool(options.label_list))
    look = Look(exists, lines, PICTURE_SUFFIXES)
    if written.is_json:
        return read_records(written.titles, written.rows, typed, look)
    return read_table(written.text, typed, look)


def _columns(table: Table, name: str, options: ScanOptions) -> FileList:
    paths, labels, splits = [], [], []
    labelling = table.read.labelling
    width = max((*labelling.others, table.read.path), default=0) + 1
    wanted = ValueColumns.of(table.read, options.targets, options.keep_columns, width)
    for row in table.rows():
        if not any(cell.strip() for cell in row):
            continue
        wanted.learn(row)
        path = row[table.read.path] if table.read.path < len(row) else ""
        paths.append(path)
        labels.append(labelling.label_of(row))
        splits.append(labelling.split_of(row))
    return FileList(
        Paths.from_names(paths), Coded.from_values(labels), Coded.from_values(splits), wanted.values(),
        tuple(wanted.warnings(name)), table.read, table.named,
    )  # fmt: skip


def _bytes(name: str) -> bytes:
    with open_any(name) as file:
        size = state_of(file).size_bytes
        if size > MAX_BYTES:
            raise SampleError(say("it is far too large for a list of files"))
        return read_from(file, size)


def text_of(data: bytes) -> str:
    """Decode a list by its byte order mark, or as UTF-8; invalid bytes are kept, as in file names."""
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")
    text = redacted(text)  # what may be a key must get no further
    text = text if "\n" in text else text.replace("\r", "\n")  # line ends of old programs
    # Spreadsheets declare the delimiter in a line of its own.
    return text.partition("\n")[2] if re.match(r"sep=.\r?\n", text) else text


def written(name: str, text: str) -> Written:
    """Return the list called `name` as written, given its `text`."""
    if not text[:1024].lstrip().startswith(("{", "[")):
        return Written(name, text)
    try:
        values = _objects(text, is_lines=name.lower().endswith((".jsonl", ".ndjson")))
    except ValueError:
        if name.lower().endswith((".json", ".jsonl", ".ndjson")):
            raise
        return Written(name, text)  # not JSON: a file name may begin with a bracket
    titles = tuple(dict.fromkeys(title for value in values for title in value))
    rows = tuple([value_text(value.get(title)) for title in titles] for value in values)
    return Written(name, titles=titles, rows=rows, is_json=True)


def _objects(text: str, *, is_lines: bool) -> list[dict[str, object]]:
    """Return the objects of a JSON file: one on each line, all in one list, or a map from names to labels."""
    if is_lines or (text.lstrip().startswith("{") and "\n{" in text):
        values: object = [json.loads(line) for line in text.split("\n") if line.strip()]
    else:
        values = json.loads(text)
    if isinstance(values, dict):
        return _pairs(values)
    if isinstance(values, list) and all(isinstance(each, str) for each in values):
        return [{"file": each} for each in values]
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        raise ValueError("not every line is a JSON object")
    return values


def _pairs(value: dict[str, object]) -> list[dict[str, object]]:
    """Return the entries of a JSON object that maps names to labels; refuse COCO and other objects."""
    if isinstance(
        next((value[list(value)[place]] for place in places_of(list(value), PATH_NAMES)), None), str
    ):
        return [value]
    if value and all(
        isinstance(each, str | int | float) or is_list_of_labels(each) for each in value.values()
    ):
        return [{"file": name, "label": label} for name, label in value.items()]
    if set(value) == {"labels"} and _are_pairs(value["labels"]):
        return [{"file": name, "label": label} for name, label in value["labels"]]  # type: ignore[attr-defined]
    known = ", ".join(list(value)[:5])
    what = (
        say("annotations in COCO's form") if {"images", "annotations"} <= set(value) else say("a JSON object")
    )
    raise SampleError(
        say(
            "it is {what} ({known}), not a table. Write a table (CSV) with a line for each "
            "picture: its file and its label",
            what=what,
            known=known[:_SHOWN_LETTERS],
        )
    )


def _are_pairs(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, list) and len(each) == len(("name", "label")) and isinstance(each[0], str)
        for each in value
    )
