"""The ``export`` command: its arguments and its results."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from stackgui.cli.answers import COMPLETE, Answer
from stackgui.cli.reading import reader
from stackgui.core.base.addresses import absolute
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_bytes, format_count, format_seconds
from stackgui.core.run.export import ExportReport
from stackgui.core.run.loading import LIBRARIES, snippet
from stackgui.core.run.report import Status
from stackgui.engine import Engine
from stackgui.engine.running.exporters import described, known_exporter

WIDTH = 100


def add_exporting(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of an export."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(_listed())
    parser.add_argument("stack", metavar="STACK", help="the folder of the stack")
    parser.add_argument(
        "--to",
        required=True,
        type=reader(known_exporter),
        metavar="|".join(described()),
        help="what to make: " + "; ".join(f"{name} ({title})" for name, (title, _) in described().items()),
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="PLACE",
        help="the file or folder to make, or a place in a bucket, such as s3://bucket/name",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def _listed() -> Iterator[str]:
    """Yield what can be made and for whom, as lines."""
    for name, (title, audience) in described().items():
        yield f"{name}: {title}"
        yield textwrap.fill(audience, WIDTH, initial_indent="    ", subsequent_indent="    ")


def announcing(*, as_json: bool) -> Callable[[Sequence[str]], None]:
    """Return what tells people before an export what it leaves out; nothing where programs read along."""

    def announce(notes: Sequence[str]) -> None:
        for note in () if as_json else notes:
            print(printable(note), file=sys.stderr)

    return announce


def export_json(report: ExportReport) -> dict[str, Any]:
    """Return the result of an export as JSON values."""
    return {
        "status": Status.COMPLETE.value,
        "stack": report.stack,
        "to": report.exporter,
        "target": report.target,
        "rows": report.rows,
        "failed": report.failed,
        "excluded": report.excluded,
        "gone": report.gone,
        "keeps_all": report.keeps_all,
        "bytes": report.size_bytes,
        "seconds": report.seconds,
        "left_out": report.left_out,
        "loading": report.loading,
    }


def export_lines(report: ExportReport) -> list[str]:
    """Describe the result of an export for people."""
    verb = agree(report.rows, "is", "are")
    return [
        f"{format_count(report.rows, 'row')} of {report.stack} {verb} in {report.target}",
        f"  {format_bytes(report.size_bytes)}, {format_seconds(report.seconds)}",
        "",
        "Python that opens it:",
        "",
        *report.loading.rstrip("\n").split("\n"),
    ]


def add_snippet(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a snippet."""
    parser.add_argument("stack", metavar="STACK", help="the folder of the stack")
    parser.add_argument(
        "--for",
        dest="library",
        choices=LIBRARIES,
        default="numpy",
        metavar="|".join(LIBRARIES),
        help="the library that loads it (numpy)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def print_snippet(arguments: argparse.Namespace) -> Answer:
    """Return the code that loads a stack."""
    with Engine() as engine:
        text = snippet(engine.loadable(absolute(arguments.stack)), arguments.library)
    values = {"status": Status.COMPLETE.value, "for": arguments.library, "python": text}
    return COMPLETE, values, text.rstrip("\n").split("\n")
