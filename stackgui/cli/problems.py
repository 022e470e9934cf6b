"""The list of problems: as JSON values and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from stackgui.cli import ways_out
from stackgui.core.advice.health import Checks, from_checks, from_headers
from stackgui.core.advice.problem_words import Severity
from stackgui.core.advice.problems import Known, Problem, Problems, problems_of
from stackgui.core.base.text import printable
from stackgui.core.base.warnings import DataWarning
from stackgui.core.catalog.catalog import Catalog

MAX_REASONS = 10
"""Files that cannot be used, named to people with the reason for each; the JSON has all."""

MAX_NAMES = 3
"""Files of any other problem named to people."""


def scan_problems(catalog: Catalog, checks: Checks | None, warnings: tuple[DataWarning, ...]) -> Problems:
    """Derive the problems of a catalog, also from what decoding it revealed, if that was done."""
    findings = from_headers(catalog)
    if checks is not None:
        findings = (*findings, *from_checks(catalog, checks))
    return problems_of(
        Known(
            catalog,
            np.zeros(len(catalog), np.bool_),
            findings=findings,
            tried={} if checks is None else checks.failed,
            warnings=warnings,
        )
    )


def problems_json(problems: Problems) -> list[dict[str, Any]]:
    """Return the problems as JSON values, each with all its files."""
    return [
        {
            "kind": problem.kind,
            "severity": problem.severity.value,
            "text": problem.text,
            "files": [file.path for file in problem.files],
        }
        for problem in problems.entries
    ]


def problem_lines(problems: Problems) -> list[str]:
    """Describe the problems for people under a heading for each severity, and say what to type about them."""
    lines = []
    for severity in Severity:
        if found := problems.of(severity):
            lines.append(f"  {severity.value}:")
            lines += [line for problem in found for line in _lines(problem)]
    ways = [way for problem in problems.entries for way in problem.ways]
    return lines + [f"  {way}" for way in ways_out.lines(ways, "\n".join(lines))]


def _lines(problem: Problem) -> Iterator[str]:
    if problem.severity is Severity.CANNOT_BE_USED:
        yield f"    {problem.text}"
        for file in islice(problem.files, MAX_REASONS):
            yield f"      {printable(file.path)}{f': {file.why}' if file.why else ''}"
        if len(problem.files) > MAX_REASONS:
            yield f"      … and {len(problem.files) - MAX_REASONS:,} more; scan --json lists all"
        return
    names = [printable(file.name) for file in islice(problem.files, MAX_NAMES)]
    listed = f"{', '.join(names)}{', …' if problem.count > len(names) == MAX_NAMES else ''}"
    if not names:
        yield f"    {problem.text}"
    elif ". " in problem.text:
        yield f"    {problem.text} For example: {listed}"
    else:
        yield f"    {problem.text.removesuffix('.')}: {listed}"
