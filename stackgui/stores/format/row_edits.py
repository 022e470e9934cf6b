"""What edits say of the rows of a stack that is too large for its manifests to be written anew each time.

``edits.jsonl`` has a line for each edited row, with the members of its line in ``manifest.jsonl`` that it
replaces. It lasts until something writes the manifests anyhow.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, TypeAlias

from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.row_changes import MARKS
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.format.header import file_in
from stackgui.stores.format.open_array import damaged

EDITS_FILE = "edits.jsonl"

MOST_REWRITTEN = 100_000
"""Rows up to which an edit writes the manifests anew, so that spreadsheets show it too."""

REPLACED = ("label", "class", "status")
"""Members that edits replace, besides the marks."""

Line: TypeAlias = dict[str, Any]
"""What a line of ``manifest.jsonl`` says of its row."""

RowEdits: TypeAlias = Mapping[int, Line]
"""By row, the members that replace those of its line."""


def read_edits(folder: str) -> dict[int, Line]:
    """Read the edits that stand beside the manifests of a stack, usually none.

    Raises
    ------
    StackguiError
        When they are damaged, or cannot be read.
    """
    if not os.path.lexists(os.path.join(folder, EDITS_FILE)):
        return {}
    path, found = file_in(folder, EDITS_FILE), dict[int, Line]()
    with explained(path, StackguiError), open_to_read(path) as file:
        try:
            for line in file:
                members = dict(json.loads(line))
                found[int(members.pop("row"))] = members
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise StackguiError(damaged(folder, EDITS_FILE)) from error
    if not all(set(REPLACED) <= set(members) <= {*REPLACED, *MARKS} for members in found.values()):
        raise StackguiError(damaged(folder, EDITS_FILE))
    return found


def edited(line: Mapping[str, Any], edits: RowEdits) -> Line:
    """Return a line of ``manifest.jsonl`` after edits."""
    new = edits.get(line["row"])
    if new is None:
        return dict(line)
    # Marks end a line.
    return {name: value for name, value in line.items() if name not in MARKS} | new


def edits_between(line: Line, now: Line) -> Line | None:
    """Return the members that make `now` of a line; None if nothing was changed."""
    return None if line == now else {name: now[name] for name in (*REPLACED, *MARKS) if name in now}


def edit_lines(edits: RowEdits) -> bytes:
    """Return the content of ``edits.jsonl``."""
    return "".join(
        json.dumps({"row": row, **edits[row]}, separators=(",", ":")) + "\n" for row in sorted(edits)
    ).encode("ascii")
