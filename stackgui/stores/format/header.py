"""Write and read `stack.json`, the header of a stack."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from typing import Any

import numpy as np

from stackgui.core.advice.gathered_warnings import more_noted, run_warnings
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.wording import say
from stackgui.core.plan.manifest_form import is_listed
from stackgui.core.plan.plan import ArraySpec, Plan
from stackgui.core.plan.row_changes import RowChanges
from stackgui.core.plan.taken import labels_and_parts
from stackgui.core.run.report import NonFiniteCount, Status
from stackgui.core.run.row_results import RowResults
from stackgui.stores.files.failures import explained

HEADER_FILE = "stack.json"
STACK_FORMAT = "stackgui-stack"
STACK_VERSION = 2
"""Version of the stacks of which the manifest is columns; others have 1, so that older programs read them."""

UPDATED = "updated"
"""Key of what is known of the updates of a stack; only stacks that were updated have it."""

_PICTURE_AXES, _MASK_AXES = 4, 3

_MAX_BYTES = 64 * 2**20
"""A header takes some kilobytes; a file larger than this is not one, and is not read into memory."""


def header_json(plan: Plan, outcomes: RowResults, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return the header of a stack made from `plan`, as JSON values.

    Parameters
    ----------
    outcomes
        Results of all its rows.
    versions
        Versions of the decoders, NumPy, Python and this program, by name.
    """
    failed = int(np.count_nonzero(~outcomes.valid))
    non_finite = NonFiniteCount.of(outcomes.non_finite.values())
    status = Status.COMPLETE_WITH_FAILURES if failed else Status.COMPLETE
    return {
        "format": STACK_FORMAT,
        "version": _version(plan),
        "status": status.value,
        "rows": plan.rows,
        "failed": failed,
        "counts": {
            "ok": plan.rows - failed,
            "failed": failed,
            "skipped": len(plan.catalog.skipped),
            "excluded": plan.excluded,
        },
        "skipped": plan.left_aside,
        "non_finite": {"rows": non_finite.rows, "values": non_finite.values},
        **labels_and_parts(plan, outcomes.valid).to_json(),
        "warnings": [warning.to_json() for warning in run_warnings(plan, outcomes.doubts)],
        "versions": dict(versions),
        **({} if plan.scaled_by is None else {"scaled_by": plan.scaled_by.value}),
        "plan": plan.header_json(),
    }


def retried_header(header: Mapping[str, Any], plan: Plan, outcomes: RowResults) -> dict[str, Any]:
    """Return `header` as it is after a retry of failed rows.

    Parameters
    ----------
    header
        Header before the retry.
    plan
    outcomes
        Results of all rows; non-finite values and doubts only of the rows that were retried.
    """
    failed = int(np.count_nonzero(~outcomes.valid))
    before = NonFiniteCount(**header["non_finite"])
    warnings = map(DataWarning.from_json, header.get("warnings", ()))
    new = NonFiniteCount.of(outcomes.non_finite.values())
    status = Status.COMPLETE_WITH_FAILURES if failed else Status.COMPLETE
    return {
        **header,
        "version": _version(plan),
        "status": status.value,
        "failed": failed,
        "counts": {
            **header["counts"],
            "ok": _counted(plan, outcomes),
            "failed": failed,
        },
        **labels_and_parts(plan, outcomes.valid).to_json(),
        "non_finite": {"rows": before.rows + new.rows, "values": before.values + new.values},
        "warnings": [warning.to_json() for warning in more_noted(warnings, plan, outcomes.doubts)],
    }


def updated_header(
    header: Mapping[str, Any], plan: Plan, outcomes: RowResults, versions: Mapping[str, str], left_out: int
) -> dict[str, Any]:
    """Return `header` as it is after an update.

    Parameters
    ----------
    header
        Header before the update.
    plan, outcomes
        Of all rows; non-finite values and doubts only of the rows that were made.
    versions
        Of what made these rows.
    left_out
        Pictures that have no row.
    """
    known, before = header.get(UPDATED, {}), dict(header.get("versions", {}))
    others = [*known.get("earlier_versions", ()), *([before] if before != dict(versions) else [])]
    counts = header_json(plan, outcomes, versions)["counts"]
    updated = {
        "made_rows": made_rows(header),
        "times": int(known.get("times", 0)) + 1,
        **({"earlier_versions": others} if others else {}),
    }
    return {
        **retried_header(header, plan, outcomes),
        "rows": plan.rows,
        "counts": {**counts, "ok": _counted(plan, outcomes), "excluded": left_out},
        "skipped": plan.left_aside,
        "versions": dict(versions),
        **({} if plan.scaled_by is None else {"scaled_by": plan.scaled_by.value}),
        "plan": plan.header_json(),
        "row_changes": (plan.row_changes or RowChanges.none_of(plan.rows)).to_json(),
        UPDATED: updated,
    }


def _version(plan: Plan) -> int:
    return 1 if is_listed(plan.rows) else STACK_VERSION


def made_rows(header: Mapping[str, Any]) -> int:
    """Return how many rows a stack was made with, before any updates."""
    return int(header.get(UPDATED, {}).get("made_rows", header["rows"]))


def _counted(plan: Plan, outcomes: RowResults) -> int:
    """Count the rows that hold pictures and were not excluded by hand."""
    excluded = False if plan.row_changes is None else plan.row_changes.excluded
    return int(np.count_nonzero(outcomes.valid & ~np.asarray(excluded)))


def read_header(folder: str) -> dict[str, Any]:
    """Read the header of the stack in `folder`.

    Raises
    ------
    StackguiError
        When `folder` is not a stack, or is one that only a newer program can read.
    """
    shown = printable(folder)
    header = read_json(folder, HEADER_FILE)
    if not isinstance(header, dict) or header.get("format") != STACK_FORMAT:
        raise StackguiError(
            say(
                "{shown} is not a stack: its {header_file} is damaged or of another kind.",
                shown=shown,
                header_file=HEADER_FILE,
            )
        )
    if header.get("version") not in range(1, STACK_VERSION + 1):
        message = say(
            "{shown} is a stack of version {get}; this program reads version "
            "{stack_version}. Get a newer StackGUI.",
            shown=shown,
            get=header.get("version"),
            stack_version=STACK_VERSION,
        )
        raise StackguiError(message)
    return header


def buckets_in(plan: Mapping[str, Any]) -> list[tuple[ArraySpec, ...]]:
    """Return for each bucket its arrays as in `stackgui.core.plan.plan.Bucket.arrays`, from a header's plan.

    Raises
    ------
    KeyError, TypeError, ValueError
        When the plan is damaged: it may come from anyone.
    """
    found = []
    for each in plan["arrays"]:
        masks = [_array(each["mask"], _MASK_AXES)] if "mask" in each else []
        found.append((_array(each, _PICTURE_AXES), *masks))
    if not found or {len(arrays) - 1 for arrays in found} != {int("masks" in plan)}:
        raise ValueError("its arrays do not belong together")
    if any(array.rows != arrays[0].rows for arrays in found for array in arrays):
        raise ValueError("its arrays have different numbers of rows")
    return found


def fills_in(plan: Mapping[str, Any]) -> tuple[float, ...]:
    """Return the numbers of padding as in `stackgui.core.plan.plan.Plan.fills`; raises as `buckets_in`."""
    masks = [float(plan["masks"]["ignore_value"])] if "masks" in plan else []
    return (float(plan["options"]["fill"]), *masks)


def _array(value: Mapping[str, Any], axes: int) -> ArraySpec:
    shape = tuple(map(int, value["shape"]))
    if len(shape) != axes:
        raise ValueError("an array has another number of axes")
    return ArraySpec(str(value["file"]), shape, np.dtype(str(value["dtype"])).name)


def read_json(folder: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Read the stack's JSON file `name`; return None if it does not hold JSON.

    Raises
    ------
    StackguiError
        When the file is missing or cannot be read.
    """
    path = file_in(folder, name)
    with explained(path, StackguiError), open(path, "rb") as file:
        text = file.read(_MAX_BYTES + 1)
    if len(text) > _MAX_BYTES:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def file_in(folder: str, name: str) -> str:
    """Return the path of the stack's file `name`.

    A stack may come from anyone, so paths outside its folder and irregular files are refused.

    Raises
    ------
    StackguiError
        When the file is missing or refused.
    """
    shown = printable(folder)
    if name != os.path.basename(name) or name in {"", os.curdir, os.pardir} or set(name) & set("/\\:\0"):
        raise StackguiError(
            say("{shown} names a file outside its own folder ({name}).", shown=shown, name=printable(name))
        )
    path = os.path.join(folder, name)
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        raise StackguiError(
            say("{shown} is not a complete stack: {name} is missing.", shown=shown, name=printable(name))
        ) from error
    if not stat.S_ISREG(mode):
        raise StackguiError(
            say(
                "{shown} is not a complete stack: {name} is not a regular file.",
                shown=shown,
                name=printable(name),
            )
        )
    return path
