"""The outputs: kinds of file that can hold an array of a stack, with one declaration each.

To add one, add a module to this package and name it in `OUTPUTS`. Code that reads and writes files belongs
in `stackgui.stores`.
"""

from __future__ import annotations

import os

from stackgui.core.base.errors import PlanError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs.base import START_BYTES, Output
from stackgui.core.plan.outputs.npy import NPY
from stackgui.core.plan.plan import ArraySpec

__all__ = ["DEFAULT", "OUTPUTS", "START_BYTES", "Output", "file_bytes", "output_of"]

OUTPUTS = {output.suffix: output for output in (NPY,)}
DEFAULT = NPY


def output_of(file: str) -> Output:
    """Return the output of the array whose file is called `file`.

    Raises
    ------
    PlanError
        When there is none.
    """
    suffix = os.path.splitext(file)[1]
    if suffix not in OUTPUTS:
        raise PlanError(
            say(
                "{file} is a kind of array that this program does not know. Get a newer StackGUI.",
                file=printable(file),
            )
        )
    return OUTPUTS[suffix]


def file_bytes(array: ArraySpec) -> int:
    """Return the exact size of the file of `array`, header included."""
    return len(output_of(array.file).header(array)) + array.data_bytes
