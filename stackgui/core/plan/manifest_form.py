"""Whether the manifest of a stack is text or columns; see decision 74."""

from __future__ import annotations

MOST_LISTED = 2**20 - 1
"""Rows up to which a stack has its manifest as text: as many as a spreadsheet can show below their titles."""


def is_listed(rows: int) -> bool:
    """Whether the manifest of so many rows is text, for people and for programs; else it is columns."""
    return rows <= MOST_LISTED
