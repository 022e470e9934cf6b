"""The tables in the documents, which no hand writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.benchmarks import drawing, machine
from tests.benchmarks.measuring import FAST, digits
from tests.benchmarks.record import Record
from tests.benchmarks.terminal import totals
from tests.shared_data import REPOSITORY

README = REPOSITORY / "README.md"
PICTURE = REPOSITORY / "docs" / "benchmark.svg"
PERFORMANCE = REPOSITORY / "docs" / "performance.md"
SHOWN = (
    "For each work, bars that show how many times as fast StackGUI is as other ways, "
    "and how much of its limit it takes"
)
BEGIN, END = "<!-- benchmark: written by packaging/benchmark.py --documents -->", "<!-- /benchmark -->"


def renew(record: Record) -> Iterator[Path]:
    """Write what `record` found into the documents; yield each one.

    Raises
    ------
    ValueError
        It is not the whole benchmark, or a part of it failed.
    """
    if not record.whole or record.failed:
        raise ValueError("the documents hold one whole run of at least five rounds, in which no part failed")
    put(PERFORMANCE, table(record))
    put(README, summary(record))
    drawing.save(record, PICTURE)
    yield from (PERFORMANCE, README, PICTURE)


def put(file: Path, lines: Iterable[str]) -> None:
    """Put `lines` between the marks in `file`."""
    text = "\n".join(lines)
    whole = file.read_text(encoding="utf-8")
    pattern = re.compile(f"({re.escape(BEGIN)}\n).*?(\n{re.escape(END)})", re.DOTALL)
    renewed, count = pattern.subn(lambda found: f"{found[1]}\n{text}\n{found[2]}", whole)
    if count != 1:
        raise ValueError(f"{file} has not one place marked with {BEGIN}, but {count}")
    file.write_text(renewed, encoding="utf-8")


def summary(record: Record) -> Iterator[str]:
    """The picture, and for each work how many times as fast it is as each other way."""
    yield f"![{SHOWN}]({PICTURE.relative_to(README.parent).as_posix()})"
    yield ""
    yield "| work | times as fast as |"
    yield "| --- | --- |"
    for work, rows in groupby((row for row in record.rows if row.unit == FAST), lambda row: row.work):
        yield f"| {work} | {'; '.join(f'{digits(row.measured)} × {row.against}' for row in rows)} |"
    yield ""
    yield _conditions(record)


def table(record: Record) -> Iterator[str]:
    """All rows, and on what machine."""
    yield _conditions(record)
    yield ""
    yield "| work | measured | compared with, or what of it | target |"
    yield "| --- | ---: | --- | --- |"
    for row in record.rows:
        target = f"{row.target} {'met' if row.met else '**missed**'}" if row.target else "–"
        yield f"| {row.work} | {row.figure} | {row.against} | {target} |"


def _conditions(record: Record) -> str:
    ran_on = machine.in_words(record.machine, record.stolen)
    return f"{totals(record.rows)}. {ran_on}; {record.pictures}; {record.when}."
