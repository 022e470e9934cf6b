"""Carrying out a sub-command and reporting how it ended."""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from stackgui.cli import show, ways_out
from stackgui.cli.advice import advice_json, advice_lines
from stackgui.cli.answers import CANCELLED, COMPLETE, FAILED, WITH_FAILURES, WRONG_USAGE, Answer
from stackgui.cli.arguments import parse, run_options_of
from stackgui.cli.clustering import run_part
from stackgui.cli.command_names import OPEN
from stackgui.cli.exporting import announcing, export_json, export_lines, print_snippet
from stackgui.cli.planning import engine_of, place_of, planned, scanned, status_of, told_warnings
from stackgui.cli.printing import print_parts, print_to_stream
from stackgui.cli.problems import problem_lines, problems_json, scan_problems
from stackgui.cli.progress import run
from stackgui.cli.queueing import queue
from stackgui.cli.reporting import report as write_report
from stackgui.cli.updating import how_to_update, update_json, update_lines
from stackgui.cli.watching import watched
from stackgui.core.advice.estimate import estimate
from stackgui.core.advice.gathered_warnings import Noted, foreseen_warnings, plan_warnings
from stackgui.core.advice.health import Checks
from stackgui.core.base.addresses import absolute
from stackgui.core.base.errors import (
    Cancelled,
    DoubtfulError,
    StackguiError,
    UsageError,
)
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree_part, format_part
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import capital
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan.objects_taken import annotations_json
from stackgui.core.plan.plan_text import json_parts
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.taken import labels_and_parts
from stackgui.core.run.report import Report, Status
from stackgui.engine import Engine
from stackgui.engine.awake import Awake

Command = Callable[[argparse.Namespace], Answer]


def main(arguments: Sequence[str], others: Mapping[str, Command] = MappingProxyType({})) -> int:
    """Carry out a sub-command.

    Parameters
    ----------
    arguments
        The words after the program's name.
    others
        Commands that reach beyond the command line, by name.

    Returns
    -------
    int
        Exit status: 0 complete, 3 complete but some samples failed, 2 wrong usage or a plan that cannot be
        met, 1 failed, 130 cancelled.
    """
    try:
        parsed = parse(arguments)
    except UsageError as error:
        return _print_error(WRONG_USAGE, Status.FAILED, str(error), as_json="--json" in arguments)
    try:
        status, values, lines = {**_COMMANDS, **others}[parsed.command](parsed)
    except UsageError as error:
        more = {"warnings": show.warnings_json(error.warnings)} if isinstance(error, DoubtfulError) else {}
        sentence = ways_out.explained(error)
        return _print_error(WRONG_USAGE, Status.FAILED, sentence, as_json=parsed.json, more=more)
    except Cancelled as error:
        return _print_error(CANCELLED, Status.CANCELLED, str(error), as_json=parsed.json)
    except StackguiError as error:
        return _print_error(FAILED, Status.FAILED, ways_out.explained(error), as_json=parsed.json)
    except Exception as error:  # noqa: BLE001 - the last place where a fault can become a sentence
        if "STACKGUI_DEBUG" in os.environ:
            traceback.print_exc()
        sentence = f"Something went wrong that should not have: {type(error).__name__}: {error}"
        return _print_error(FAILED, Status.FAILED, sentence, as_json=parsed.json)
    told = ["\n".join(map(printable, lines))] if lines else []
    return _print_result(status, json_parts(values) if parsed.json else told)


def _scan(arguments: argparse.Namespace) -> Answer:
    with engine_of(arguments) as engine:
        catalog = scanned(engine, arguments)
        checks = _checked(engine, catalog) if arguments.check and catalog.usable.any() else None
    warnings = _foreseen(catalog, checks.doubts if checks else {})
    problems = scan_problems(catalog, checks, warnings)
    statistics = describe(catalog)
    values = {**show.scan_json(catalog, statistics, warnings), "health": problems_json(problems)}
    lines = show.scan_lines(catalog, statistics, warnings)
    if len(catalog):
        lines += problem_lines(problems)
    return status_of(warnings, arguments), {"status": Status.COMPLETE.value, **values}, lines


def _plan(arguments: argparse.Namespace) -> Answer:
    with engine_of(arguments) as engine:
        plan = planned(engine, arguments)
        needed = estimate(plan, engine.resources(place_of(plan, arguments)))
        if arguments.save:
            engine.save_plan(plan, os.path.abspath(arguments.save))
    warnings = plan_warnings(plan)
    status = status_of(warnings, arguments)
    if not arguments.json:
        return status, {}, [*show.plan_lines(plan, needed, warnings), *advice_lines(plan)]
    more = {
        **labels_and_parts(plan).to_json(),
        **annotations_json(plan.catalog),
        "warnings": show.warnings_json(warnings),
        "estimate": show.estimate_json(needed),
        "advice": advice_json(plan),
    }
    # Its columns stay arrays, because as lists they take a hundred times as much memory.
    catalog = dict(plan.catalog.json_items())
    return status, {"status": Status.COMPLETE.value, **plan.header_json(), "catalog": catalog, **more}, []


def _convert(arguments: argparse.Namespace) -> Answer:
    options = run_options_of(arguments)
    with engine_of(arguments) as engine:
        # Report a bad destination before a long scan; the engine checks it again afterwards.
        sources = tuple(absolute(source) for source in arguments.sources)
        engine.check_destination(sources, options)
        plan = planned(engine, arguments)
        warnings = told_warnings(plan, arguments)
        with _resumable(engine, options.destination), Awake():
            report = run(
                functools.partial(engine.convert, plan, options), "Converting", engine.cluster_glance
            )
    return _ended(report, warnings)


def _resume(arguments: argparse.Namespace) -> Answer:
    partial = absolute(arguments.partial)
    with engine_of(arguments) as engine:
        job = functools.partial(
            engine.resume, partial, redo_changed=arguments.redo_changed, cache=not arguments.no_cache
        )
        with _resumable(engine, partial.removesuffix(".partial")), Awake():
            return _ended(run(job, "Converting", engine.cluster_glance))


@contextlib.contextmanager
def _resumable(engine: Engine, destination: str) -> Iterator[None]:
    """Add to the message of a cancelled run which rows it keeps, and how to resume it."""
    try:
        yield
    except Cancelled as error:
        left = engine.unfinished(destination)
        if left is None:
            raise
        verb = agree_part(left.rows_done, "is", "are")
        raise Cancelled(
            f"Cancelled. {capital(format_part(left.rows_done, left.rows, 'row'))} {verb} kept: "
            f"stackgui resume {shlex.quote(left.partial)} continues from there."
        ) from error


def _verify(arguments: argparse.Namespace) -> Answer:
    stack = absolute(arguments.stack)
    with engine_of(arguments) as engine:
        report = run(
            functools.partial(engine.verify, stack, deep=arguments.deep), "Checking", engine.cluster_glance
        )
    status = COMPLETE if report.is_sound else FAILED
    return status, show.verify_json(report), show.verify_lines(report)


def _retry(arguments: argparse.Namespace) -> Answer:
    stack = absolute(arguments.stack)
    with engine_of(arguments) as engine:
        report = run(functools.partial(engine.retry_failed, stack), "Retrying", engine.cluster_glance)
    status = WITH_FAILURES if report.failures else COMPLETE
    if report.status is Status.CANCELLED:
        status = CANCELLED
    return status, show.retry_json(report), show.retry_lines(report)


def _update(arguments: argparse.Namespace) -> Answer:
    stack = absolute(arguments.stack)
    with engine_of(arguments) as engine:
        job = functools.partial(
            engine.update, stack, how=how_to_update(arguments), cache=not arguments.no_cache
        )
        if arguments.watch:
            return run(functools.partial(watched, job, arguments), "Watching", engine.cluster_glance)
        with Awake():
            report = run(job, "Updating", engine.cluster_glance)
    return WITH_FAILURES if report.failures else COMPLETE, update_json(report), update_lines(report)


def _export(arguments: argparse.Namespace) -> Answer:
    stack = absolute(arguments.stack) if arguments.stack else ""
    target = absolute(arguments.out) if arguments.out else ""
    with Engine(cluster=arguments.cluster) as engine:
        job = functools.partial(
            engine.export, stack, arguments.to, target, announce=announcing(as_json=arguments.json)
        )
        report = run(job, "Exporting", engine.cluster_glance)
    return COMPLETE, export_json(report), export_lines(report)


def _ended(report: Report, printed: Sequence[DataWarning] = ()) -> Answer:
    status = WITH_FAILURES if report.failures else COMPLETE
    return status, show.report_json(report), show.report_lines(report, printed)


def _foreseen(catalog: Catalog, noted: Noted) -> tuple[DataWarning, ...]:
    """Collect warnings about a catalog, including those about a conversion with default options."""
    plan = None
    with contextlib.suppress(UsageError):
        plan = resolve(Options(), catalog)
    return foreseen_warnings(catalog, plan, noted)


def _checked(engine: Engine, catalog: Catalog) -> Checks:
    """Decode every sample, and return what that reveals."""
    plan = resolve(Options(), catalog)
    return run(lambda control: engine.check_samples(plan, control), "Checking", engine.cluster_glance)


def _open(_arguments: argparse.Namespace) -> Answer:
    """Refuse what the program itself has not taken for the window."""
    raise UsageError("Write “stackgui open -- PATH...” if a name begins with a dash.")


_COMMANDS: dict[str, Command] = {
    OPEN: _open,
    "scan": _scan,
    "plan": _plan,
    "convert": _convert,
    "resume": _resume,
    "verify": _verify,
    "retry": _retry,
    "update": _update,
    "export": _export,
    "report": write_report,
    "snippet": print_snippet,
    "queue": queue,
    "cluster": run_part,
}


def _print_result(exit_status: int, parts: Iterable[str]) -> int:
    try:
        print_parts(parts, sys.stdout)
    except OSError as error:
        sentence = f"The result could not be written to the standard output: {system_reason(error)}."
        return _print_error(FAILED, Status.FAILED, sentence, as_json=False)
    return exit_status


_NOTHING: Mapping[str, Any] = {}


def _print_error(
    exit_status: int, status: Status, sentence: str, *, as_json: bool, more: Mapping[str, Any] = _NOTHING
) -> int:
    with contextlib.suppress(OSError):
        if as_json:
            print_to_stream(json.dumps({"status": status.value, "error": sentence, **more}), sys.stdout)
        else:
            print_to_stream("\n".join(map(printable, sentence.split("\n"))), sys.stderr)
    return exit_status
