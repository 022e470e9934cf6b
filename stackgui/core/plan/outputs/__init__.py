"""The outputs: kinds of file that can hold an array of a stack, with one declaration each.

To add one, add a module to this package, a name to `Container`, and both to `OUTPUTS`. Code that reads and
writes files belongs in `stackgui.stores`.
"""

from __future__ import annotations

import os

from stackgui.core.base.choices import Container
from stackgui.core.base.errors import PlanError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs.base import START_BYTES, Output
from stackgui.core.plan.outputs.hdf5 import HDF5
from stackgui.core.plan.outputs.npy import NPY
from stackgui.core.plan.plan import ArraySpec

__all__ = ["OUTPUTS", "START_BYTES", "Output", "file_bytes", "loading", "output_of"]

OUTPUTS: dict[Container, Output] = {Container.NPY: NPY, Container.HDF5: HDF5}


def output_of(file: str) -> Output:
    """Return the output of the array whose file is called `file`.

    Raises
    ------
    PlanError
        When there is none.
    """
    suffix = os.path.splitext(file)[1]
    for output in OUTPUTS.values():
        if output.suffix == suffix:
            return output
    raise PlanError(
        say(
            "{file} is a kind of array that this program does not know. Get a newer StackGUI.",
            file=printable(file),
        )
    )


def loading(array: ArraySpec, path: str) -> str:
    """Return the Python expression that maps an array, whose file the expression `path` names."""
    output = output_of(array.file)
    begin = len(output.header(array))
    return output.loading.format(path=path, dtype=array.dtype, shape=array.shape, begin=begin)


def file_bytes(array: ArraySpec) -> int:
    """Return the exact size of the file of `array`, header included."""
    return len(output_of(array.file).header(array)) + array.data_bytes
