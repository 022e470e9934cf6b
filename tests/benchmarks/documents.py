"""The tables in the documents, which no hand writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.record import Record
from tests.benchmarks.terminal import totals
from tests.shared_data import REPOSITORY

PERFORMANCE = REPOSITORY / "docs" / "performance.md"
BEGIN, END = "<!-- benchmark: written by packaging/benchmark.py --documents -->", "<!-- /benchmark -->"


def renew(record: Record) -> Iterator[Path]:
    """Write what `record` found into the documents; yield each one.

    Raises
    ------
    ValueError
        It is not the whole benchmark, or a part of it failed.
    """
    if not record.whole or record.failed:
        raise ValueError("the documents hold one whole run, in which no part failed")
    put(PERFORMANCE, "\n".join(table(record)))
    yield PERFORMANCE


def put(file: Path, text: str) -> None:
    """Put `text` between the marks in `file`."""
    whole = file.read_text(encoding="utf-8")
    pattern = re.compile(f"({re.escape(BEGIN)}\n).*?(\n{re.escape(END)})", re.DOTALL)
    renewed, count = pattern.subn(lambda found: f"{found[1]}\n{text}\n{found[2]}", whole)
    if count != 1:
        raise ValueError(f"{file} has not one place marked with {BEGIN}, but {count}")
    file.write_text(renewed, encoding="utf-8")


def table(record: Record) -> Iterator[str]:
    """All rows, and on what machine."""
    yield f"{totals(record.rows)}. {machine.in_words(record.machine)}; {record.pictures}; {record.when}."
    yield ""
    yield "| work | measured | compared with, or what of it | target |"
    yield "| --- | ---: | --- | --- |"
    for row in record.rows:
        target = f"{row.target} {'met' if row.met else '**missed**'}" if row.target else "–"
        yield f"| {row.work} | {row.figure} | {row.against} | {target} |"
