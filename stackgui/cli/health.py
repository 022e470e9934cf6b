"""Findings about the health of pictures: as JSON values and as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stackgui.core.advice.health import Finding, HealthKind
from stackgui.core.base.text import printable
from stackgui.core.catalog.catalog import Catalog

MAX_NAMES = 3
"""Files of each kind named to people; the JSON has all."""


def health_json(catalog: Catalog, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings as JSON values, each with all its files."""
    return [
        {
            "kind": finding.kind.value,
            "files": [catalog.file(sample) for sample in finding.samples.tolist()],
        }
        for finding in findings
    ]


def health_lines(catalog: Catalog, findings: Sequence[Finding]) -> list[str]:
    """Describe each finding for people, except unreadable files, which are listed elsewhere with reasons."""
    return [_line(catalog, found) for found in findings if found.kind is not HealthKind.UNREADABLE]


def _line(catalog: Catalog, finding: Finding) -> str:
    named = ", ".join(printable(catalog.path[sample]) for sample in finding.samples[:MAX_NAMES].tolist())
    return f"  {finding}: {named}{', …' if len(finding.samples) > MAX_NAMES else ''}"
