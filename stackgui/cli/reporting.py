"""The ``report`` command: its arguments and its results."""

from __future__ import annotations

import argparse
import functools
import os

from stackgui.cli.answers import COMPLETE, Answer
from stackgui.cli.progress import run
from stackgui.core.base.addresses import absolute
from stackgui.core.run.report import Status
from stackgui.engine import Engine


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a report."""
    parser.add_argument("stack", metavar="STACK", help="the folder of the stack")
    parser.add_argument(
        "--out", default="", metavar="FILE", help="the page to write (report.html in the stack)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def report(arguments: argparse.Namespace) -> Answer:
    """Write the report of a stack."""
    stack, target = absolute(arguments.stack), arguments.out and os.path.abspath(arguments.out)
    with Engine() as engine:
        place = run(functools.partial(engine.report, stack, target), "Reporting")
    values = {"status": Status.COMPLETE.value, "stack": stack, "report": place}
    return COMPLETE, values, [f"The report of {stack} is in {place}"]
