"""Export to NumPy's ``.npz``: arrays, labels, splits and class names in one file."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs.npy import NPY
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_ENTRY_BYTES = 1024
"""Upper bound for what a member takes beside its numbers."""


@dataclass(frozen=True, slots=True)
class Npz:
    """See `stackgui.stores.export.exporter.Exporter`."""

    name: str = "npz"
    title: str = say("one file for numpy.load")
    suffix: str = ".npz"
    needs: tuple[str, ...] = ()

    def size_bytes(self, stack: Stack) -> int:
        """Return the size of all numbers; they are not compressed, so that they load quickly."""
        numbers = sum(spec.data_bytes for spec in stack.all_specs) + sum(
            table.nbytes for table in _tables(stack).values()
        )
        return numbers + _ENTRY_BYTES * (len(stack.all_specs) + len(_tables(stack)))

    def export(self, stack: Stack, target: str, progress: Progress) -> None:
        """Write the arrays in pieces, then the tables; none of them needs pickle to load."""
        tables, names = _tables(stack), [os.path.splitext(spec.file)[0] for spec in stack.all_specs]
        if len({*names, *tables}) < len(names) + len(tables):
            raise StackguiError(
                say("{path} is damaged: its arrays use names of other files.", path=printable(stack.path))
            )
        with open_to_write(target) as file, zipfile.ZipFile(file, "w") as archive:
            first = 0
            for name, spec in zip(names, stack.all_specs, strict=True):
                with archive.open(_entry(name), "w", force_zip64=True) as member:
                    member.write(NPY.header(spec))
                    for rows, piece in _pieces(stack, spec):
                        member.write(piece)
                        progress.reached(min(first + rows, len(stack)))
                first += spec.rows
            for name, table in tables.items():
                with archive.open(_entry(name), "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, table, allow_pickle=False)


NPZ = Npz()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a member without a timestamp, so that equal stacks give equal files."""
    return zipfile.ZipInfo(f"{name}.npy")


def _pieces(stack: Stack, spec: ArraySpec) -> Iterator[tuple[int, bytes]]:
    """Yield pieces of an array, each after the number of rows complete with it."""
    done_bytes = 0
    for piece in stack.data(spec):
        done_bytes += len(piece)
        yield done_bytes // spec.row_bytes, piece


def _tables(stack: Stack) -> dict[str, NDArray[Any]]:
    tables: dict[str, NDArray[Any]] = {"valid": stack.valid, "placements": stack.placements}
    if stack.labels is not None:
        tables |= {"labels": stack.labels, "classes": np.array(stack.classes, np.str_)}
    if stack.splits is not None:
        tables |= {"splits": stack.splits, "parts": np.array(stack.parts, np.str_)}
    if stack.objects is not None:
        tables |= {"transforms": stack.transforms, **stack.objects.tables()}
    if stack.masks is not None:
        tables["mask_classes"] = np.array(list(stack.mask_classes.values()), np.str_)
        tables["mask_numbers"] = np.array(list(stack.mask_classes), np.int64)
    return tables
