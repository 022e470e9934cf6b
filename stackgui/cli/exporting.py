"""The ``export`` command: its arguments and its results."""

from __future__ import annotations

import argparse
from typing import Any

from stackgui.cli.reading import reader
from stackgui.core.base.units import format_bytes, format_count, format_seconds
from stackgui.core.run.export import ExportReport
from stackgui.core.run.report import Status
from stackgui.engine.running.exporters import known_exporter, titles


def add_exporting(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of an export."""
    parser.add_argument("stack", metavar="STACK", help="the folder of the stack")
    parser.add_argument(
        "--to",
        required=True,
        type=reader(known_exporter),
        metavar="|".join(titles()),
        help="what to make: " + "; ".join(f"{name} ({title})" for name, title in titles().items()),
    )
    parser.add_argument("--out", required=True, metavar="TARGET", help="the file to make")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def export_json(report: ExportReport) -> dict[str, Any]:
    """Return the result of an export as JSON values."""
    return {
        "status": Status.COMPLETE.value,
        "stack": report.stack,
        "to": report.exporter,
        "target": report.target,
        "rows": report.rows,
        "bytes": report.size_bytes,
        "seconds": report.seconds,
    }


def export_lines(report: ExportReport) -> list[str]:
    """Describe the result of an export for people."""
    return [
        f"{format_count(report.rows, 'row')} of {report.stack} are in {report.target}",
        f"  {format_bytes(report.size_bytes)}, {format_seconds(report.seconds)}",
    ]
