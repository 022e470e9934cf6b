"""A stack without pixels in a folder of this computer, which gives the tables of a group."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.spread import Spread
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults
from stackgui.stores.arrays.array_file import ArrayFile
from stackgui.stores.format.tables import write_tables


def write_desk(
    folder: str,
    plan: Plan,
    outcomes: RowResults,
    header: Mapping[str, Any],
    cancellation: Cancellation,
    *,
    spread: Spread = map,
) -> None:
    """Write the tables of a stack, and arrays that take no space; may be called again; raises StoreError."""

    def path_of(name: str) -> str:
        return os.path.join(folder, name)

    write_tables(path_of, plan, outcomes, header, cancellation, spread=spread)
    for array in plan.all_arrays:
        with suppress(FileNotFoundError):
            os.unlink(path_of(array.file))
        ArrayFile(path_of(array.file), array, sparse=True, cancellation=cancellation).abort()
