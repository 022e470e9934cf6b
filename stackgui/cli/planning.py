"""From what was typed to a plan."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from stackgui.cli import show
from stackgui.cli.answers import COMPLETE, WRONG_USAGE
from stackgui.cli.arguments import options_of, scan_options_of
from stackgui.cli.arranging import arranged
from stackgui.cli.choosing import typed
from stackgui.cli.progress import run
from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.addresses import absolute, is_address
from stackgui.core.base.choices import OnWarning
from stackgui.core.base.errors import DoubtfulError, PlanError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.warnings import DataWarning, warning_line
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.masks_taken import mask_sentences
from stackgui.core.plan.nothing_found import nothing_found
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.export_target import address_problem
from stackgui.core.run.in_bucket import bucket_problem
from stackgui.core.run.run_options import Limits
from stackgui.engine import Engine


def engine_of(arguments: argparse.Namespace) -> Engine:
    """Return the engine, with the workers and limits that were typed."""
    return Engine(arguments.workers, typed(Limits, arguments), cluster=getattr(arguments, "cluster", None))


def print_before_run(lists: Sequence[str], warnings: Sequence[DataWarning]) -> None:
    """Print how lists were read, and the warnings, while there is still time to cancel."""
    for sentence in lists:
        print(printable(sentence), file=sys.stderr)
    for warning in warnings:
        print(f"Warning: {printable(warning_line(warning))}", file=sys.stderr)


def scanned(engine: Engine, arguments: argparse.Namespace) -> Catalog:
    """Search the sources that were typed."""
    elsewhere = getattr(arguments, "plan_sources", ())
    if elsewhere and not arguments.sources:
        raise UsageError(
            "Name the folders to look into: only the choices are taken from the plan. It was made for "
            f"{', '.join(map(printable, elsewhere))}."
        )
    return run(
        lambda control: engine.scan(
            arguments.sources, control, scan_options_of(arguments), cache=not arguments.no_cache
        ),
        "Looking at the pictures",
        engine.cluster_glance,
    )


def planned(engine: Engine, arguments: argparse.Namespace) -> Plan:
    """Search the sources that were typed, and make the plan; raises UsageError if there is none."""
    options = options_of(arguments)
    catalog = scanned(engine, arguments)
    if not len(catalog):
        raise nothing_found(catalog)
    return resolve(*arranged(options, arguments, catalog))


def place_of(plan: Plan, arguments: argparse.Namespace) -> str:
    """Return where the stack of a plan will be, by default here; raises UsageError where it cannot be."""
    if not arguments.out:
        return os.getcwd()
    place = absolute(arguments.out)
    if is_address(place) and (problem := address_problem(place, "") or bucket_problem(plan)):
        raise PlanError(problem)
    return place


def status_of(warnings: Sequence[DataWarning], arguments: argparse.Namespace) -> int:
    """Return the exit status of a command that had these warnings to tell."""
    return WRONG_USAGE if warnings and arguments.on_warning is OnWarning.STOP else COMPLETE


def told_warnings(plan: Plan, arguments: argparse.Namespace) -> tuple[DataWarning, ...]:
    """Print the warnings about `plan`, and return them; raises DoubtfulError if they are to stop it."""
    warnings = plan_warnings(plan)
    if status_of(warnings, arguments) != COMPLETE:
        raise DoubtfulError(warnings)
    if not arguments.json:
        sentences = (*show.list_sentences(plan.catalog.lists, warnings), *mask_sentences(plan))
        print_before_run(sentences, warnings)
    return warnings
