"""The ``update`` command: its arguments and its results."""

from __future__ import annotations

import argparse
from typing import Any

from stackgui.cli.reading import reader
from stackgui.cli.show import way_lines
from stackgui.cli.ways_out import lists_all
from stackgui.core.base.kinds import seconds
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_part, format_seconds
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import capital
from stackgui.core.options.update_options import Gone, HowToUpdate, Larger, UpdateOptions
from stackgui.core.run.report import Failure
from stackgui.core.run.update_report import FOUND, UpdateReport, named

SHOWN_FAILURES = 5
SETTLE_S = 5.0


def add_updating(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of an update, apart from those of every command that decodes."""
    parser.add_argument("stack", metavar="STACK", help="the folder of the stack")
    parser.add_argument(
        "--dry-run", action="store_true", help="Tell what is new, changed or gone, and change nothing"
    )
    parser.add_argument(
        "--gone",
        type=reader(Gone.parse),
        default=Gone.KEEP,
        metavar="|".join(Gone),
        help="What becomes of rows whose pictures are gone; both mark them (keep)",
    )
    parser.add_argument(
        "--larger",
        type=reader(Larger.parse),
        default=Larger.BLANK,
        metavar="|".join(Larger),
        help="What becomes of pictures that are larger than the rows, where no other is scaled (blank)",
    )
    parser.add_argument(
        "--watch", action="store_true", help="Do so whenever files have changed and settled, until Ctrl-C"
    )
    parser.add_argument(
        "--settle",
        type=reader(seconds),
        default=SETTLE_S,
        metavar="S",
        help=f"With --watch, seconds in which nothing may change before an update begins ({SETTLE_S:g})",
    )
    parser.add_argument(
        "--allow-other-versions",
        action="store_true",
        help="Go on although other versions of the decoders made the stack; it then records both",
    )
    parser.add_argument(
        "--allow-empty-sources",
        action="store_true",
        help="Go on although a source or a folder has lost all of its pictures, or a source more than half, "
        "and mark them as gone",
    )


def how_to_update(arguments: argparse.Namespace) -> HowToUpdate:
    """Return how to update, as it was typed."""
    choices = UpdateOptions(
        arguments.gone,
        arguments.larger,
        allow_other_versions=arguments.allow_other_versions,
        allow_empty_sources=arguments.allow_empty_sources,
    )
    return HowToUpdate(choices, only_look=arguments.dry_run)


def update_json(report: UpdateReport) -> dict[str, Any]:
    """Return the result of an update as JSON values."""
    return {
        "status": report.status.value,
        "stack": report.stack,
        "updated": report.is_done,
        "rows_before": report.rows_before,
        "rows": report.rows,
        **{name: list(getattr(report, name)) for name in FOUND},
        "waiting": list(report.waiting),
        "unreached": list(report.unreached),
        "larger": list(report.larger),
        "unfit": [_failure(failure) for failure in report.unfit],
        "lost": list(report.lost),
        "new_classes": list(report.new_classes),
        "versions": list(report.versions),
        "failed": len(report.failures),
        "failures": [_failure(failure) for failure in report.failures],
        "seconds": report.seconds,
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {"row": failure.row, "file": failure.file, "reason": failure.reason}


def update_lines(report: UpdateReport) -> list[str]:
    """Describe the result of an update for people."""
    if report.is_nothing:
        nothing = f"{printable(report.stack)} is up to date: nothing is new, changed or gone"
        return [nothing, *(f"  {remark}" for remark in report.remarks)]
    lines = [_headline(report)]
    lines += [f"  {FOUND[kind](len(names))}: {named(names)}" for kind, names in report.found.items()]
    lines += [f"  {remark}" for remark in report.remarks]
    if report.larger and report.choices.larger is Larger.BLANK:
        lines += way_lines((Way.SHRINK_LARGER,), lines)
    if report.failures:
        made = len(report.new) + len(report.changed)
        lines.append(f"  {capital(format_part(len(report.failures), made, 'row'))} stayed blank:")
        shown = report.failures[:SHOWN_FAILURES]
        lines += [f"    {failure.file}: {failure.reason}" for failure in shown]
        if len(report.failures) > len(shown):
            lines.append(f"    …; {lists_all(report.rows)}")
    return lines


def _headline(report: UpdateReport) -> str:
    stack = printable(report.stack)
    if not report.is_done:
        return f"{stack} would be updated; nothing was changed"
    rows = format_count(report.rows, "row")
    return f"{stack} is up to date again: {rows}, {format_seconds(report.seconds)}"
