"""Arrays of a finished stack, looked at without being read or believed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.errors import StackguiError
from stackgui.core.text import printable
from stackgui.stores.failures import explained
from stackgui.stores.header import file_in


def damaged(folder: str, name: str) -> str:
    """What to say of a stack whose file called `name` is damaged."""
    return f"{printable(folder)} is damaged: its {printable(name)} does not hold what it should."


def map_array(folder: str, name: str, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Map an array of the stack, without reading it; raises StackguiError."""
    path = file_in(folder, name)
    try:
        # Unlike np.load, this takes nothing but a .npy file that is as long as its header says.
        with explained(path, StackguiError):
            array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except ValueError as error:
        raise StackguiError(damaged(folder, name)) from error
    if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous:
        raise StackguiError(damaged(folder, name))
    return array
