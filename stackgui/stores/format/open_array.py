"""Memory-map the arrays and tables of a finished stack, without trusting them."""

from __future__ import annotations

import os
import sys
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import is_aside
from stackgui.core.base.errors import PlanError, StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs import START_BYTES, output_of
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.format.header import file_in

MAY_BE_REPLACED = sys.platform != "win32"
"""Whether a retry can put a new file in the place of one that is mapped."""


def damaged(folder: str, name: str) -> str:
    """Return a message that says that the stack's file `name` is damaged."""
    return say(
        "{folder} is damaged: its {name} does not hold what it should.",
        folder=printable(folder),
        name=printable(name),
    )


def read_table(folder: str, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return a table beside the arrays that may be written to, which never changes its file.

    Where columns are put aside it is mapped, so that it takes memory for what is written to it alone.

    Raises
    ------
    StackguiError
    """
    is_mapped = MAY_BE_REPLACED and is_aside(shape[0])
    return (
        np.asarray(map_table(folder, name, shape, dtype, mode="c"))
        if is_mapped
        else np.array(map_table(folder, name, shape, dtype))
    )


def map_table(
    folder: str, name: str, shape: tuple[int, ...], dtype: np.dtype[Any], mode: Literal["r", "c"] = "r"
) -> NDArray[Any]:
    """Memory-map a table beside the arrays; raises StackguiError."""
    table = map_any(folder, name, mode)
    if table.shape != shape or table.dtype != dtype or not table.flags.c_contiguous:
        raise StackguiError(damaged(folder, name))
    return table


def map_any(folder: str, name: str, mode: Literal["r", "c"] = "r") -> NDArray[Any]:
    """Memory-map a table of any shape and dtype; raises StackguiError."""
    path = file_in(folder, name)
    try:
        # Unlike np.load, this accepts only a .npy file that is as long as its header says.
        with explained(path, StackguiError):
            table: NDArray[Any] = np.lib.format.open_memmap(path, mode=mode)
    except ValueError as error:
        raise StackguiError(damaged(folder, name)) from error
    return table


def map_rows(folder: str, array: ArraySpec) -> NDArray[Any]:
    """Memory-map the rows of an array; raises StackguiError."""
    path = file_in(folder, array.file)
    with explained(path, StackguiError), open_to_read(path) as file:
        try:
            begin = output_of(array.file).rows_begin(file.read(START_BYTES), array)
        except PlanError as error:
            raise StackguiError(f"{printable(folder)}: {error}") from error
        if begin is None or os.fstat(file.fileno()).st_size < begin + array.data_bytes:
            raise StackguiError(damaged(folder, array.file))
        return np.memmap(file, array.dtype, "r", begin, array.shape)
