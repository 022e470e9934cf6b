"""A saved plan: a small file to read, and beside it the columns of its catalog.

The file is JSON: what `Plan.header_json` says, the catalog without its columns, and where these lie in the
file beside it (`stackgui.stores.format.column_file`). Renaming the JSON file saves the plan, so whatever it
names is already there. Plans saved before version 3 have their columns in the JSON; they can be read, too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import PlanError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import COLUMNS_VERSION, Plan
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.stores.files import renaming
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.format.column_file import ColumnFile, ColumnWriter
from stackgui.stores.format.packed import Packer, unpacked
from stackgui.stores.format.tables import new_file

PLAN_FILE = "plan.json"
"""Name of the plan of an unfinished stack."""

SUFFIX = ".columns"
"""Suffix of the file of columns."""

BESIDE = "columns_beside"
"""The member of the plan that says what is in that file."""

_WRONG = (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading raises for a file that is damaged, or that is no plan."""


def save_plan(plan: Plan, path: str, cancellation: Cancellation = UNWATCHED) -> None:
    """Write a plan and sync it; until everything is there, `path` stays as it was.

    Parameters
    ----------
    plan
    path
        Path of the JSON file; the columns are written beside it.
    cancellation
        Checked every few megabytes.

    Raises
    ------
    StoreError
        When something cannot be written.
    """
    folder, old, columns = os.path.dirname(path), _columns_named_by(path), _free_name(path)
    following = path + ".next"
    try:
        with new_file(os.path.join(folder, columns)) as file:
            packer = Packer(ColumnWriter(file, cancellation))
            catalog = {name: packer.packed(value, (name,)) for name, value in plan.catalog.json_items()}
        head = {**plan.header_json(), "version": COLUMNS_VERSION}
        beside = {"file": columns, "bytes": packer.writer.end, "parts": packer.parts}
        with new_file(following) as file:
            text = json.dumps({**head, "catalog": catalog, BESIDE: beside}, indent=1)
            file.write(text.encode("ascii") + b"\n")
        with explained(path):
            sync_folder(folder)
            renaming.replace(following, path)
            sync_folder(folder)
    except BaseException:
        for name in (os.path.join(folder, columns), following):
            with suppress(OSError):
                os.unlink(name)
        raise
    if old:
        with suppress(OSError):
            os.unlink(os.path.join(folder, old))


def open_plan(path: str, cancellation: Cancellation = UNWATCHED) -> Plan:
    """Open a saved plan; its columns are mapped, so that what nobody looks at takes no memory.

    Parameters
    ----------
    path
        Path of the JSON file.
    cancellation
        Checked while the columns are compared with their checksums.

    Raises
    ------
    PlanError
        When the plan is missing, damaged, or made by another version.
    """
    value = read_plan_json(path)
    if BESIDE in value:
        try:
            value = {**value, "catalog": _unpacked(value, os.path.dirname(path), cancellation)}
        except _WRONG as error:
            raise PlanError(
                say(
                    "The columns of {path} are missing or damaged. Convert the pictures again.",
                    path=printable(path),
                )
            ) from error
    return plan_from_json(value)


def read_plan_json(path: str) -> Mapping[str, Any]:
    """Read the JSON file of a plan; raises PlanError if it is missing or damaged."""
    try:
        with open_to_read(path) as file:
            value = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        raise missing(path) from error
    if not isinstance(value, dict):
        raise PlanError(say("{path} is damaged. Convert the pictures again.", path=printable(path)))
    return value


def missing(path: str) -> PlanError:
    """Return the error that the plan at `path` is missing or damaged."""
    return PlanError(say("{path} is missing or damaged. Convert the pictures again.", path=printable(path)))


def columns_beside(path: str) -> tuple[str, ...]:
    """Return the names of all files that can be columns of the plan at `path`."""
    is_ours = re.compile(re.escape(_stem(path)) + rf"(\.[0-9]+)?{re.escape(SUFFIX)}").fullmatch
    with suppress(OSError), os.scandir(os.path.dirname(path)) as entries:
        return tuple(entry.name for entry in entries if is_ours(entry.name))
    return ()


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _free_name(path: str) -> str:
    """Return a name for the columns that nothing has, because the old plan needs its own until the end."""
    folder, stem, number = os.path.dirname(path), _stem(path), 0
    name = stem + SUFFIX
    while os.path.lexists(os.path.join(folder, name)) or name == os.path.basename(path):
        number += 1
        name = f"{stem}.{number}{SUFFIX}"
    return name


def _columns_named_by(path: str) -> str:
    """Return the name of the columns of the plan at `path`; ``""`` if it has none beside it."""
    with suppress(*_WRONG), open_to_read(path) as file:
        # Only a plan of before is large, and that has none.
        if os.fstat(file.fileno()).st_size < _MAX_HEAD_BYTES:
            return _own_name(json.load(file)[BESIDE]["file"])
    return ""


_MAX_HEAD_BYTES = 2**27


def _own_name(name: str) -> str:
    """Return `name` if it can be that of columns beside a plan; raises ValueError."""
    if os.path.basename(name) != name or not name.endswith(SUFFIX):
        raise ValueError("columns that lie elsewhere")
    return name


def _unpacked(value: Mapping[str, Any], folder: str, cancellation: Cancellation) -> Mapping[str, Any]:
    """Return the catalog of a plan with its columns; raises what `_WRONG` lists."""
    beside = value[BESIDE]
    with open_to_read(os.path.join(folder, _own_name(beside["file"]))) as columns:
        file = ColumnFile(columns, int(beside["bytes"]))
    return unpacked(
        dict(value["catalog"]), beside["parts"], file, lambda place: file.check(place, cancellation)
    )
