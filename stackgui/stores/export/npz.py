"""Export to NumPy's ``.npz``: arrays, labels, splits and names in one file."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs.npy import NPY
from stackgui.core.run.loading_from import Loads
from stackgui.stores.export import contents
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_ENTRY_BYTES = 1024
"""Upper bound for what a member takes beside its numbers."""

_UTF32_BYTES = 4
_NAMES = 4096


def _size_bytes(stack: Stack) -> int:
    """Return the size of all numbers; they are not compressed, so that they load quickly."""
    texts = contents.texts(stack).values()
    cells = sum(_UTF32_BYTES * max(1, each.size_bytes()[1]) * each.count for each in texts)
    lists = sum(array.nbytes for array in _words(stack).values())
    entries = len(contents.arrays(stack)) + len(contents.tables(stack)) + len(contents.words(stack))
    entries += len(texts)
    return (
        contents.data_bytes(stack) + lists + cells + _ENTRY_BYTES * entries
    )  # fmt: skip


def _write(stack: Stack, target: str, progress: Progress) -> None:
    """Write the arrays in pieces, then the tables; none of them needs pickle to load."""
    specs, meter = contents.arrays(stack), contents.Meter(stack, progress)
    with open_to_write(target) as file, zipfile.ZipFile(file, "w") as archive:
        for name, spec in specs.items():
            with archive.open(_entry(name), "w", force_zip64=True) as member:
                member.write(NPY.header(spec))
                for piece in stack.data(spec):
                    member.write(piece)
                    meter.add(len(piece))
        for name, table in (contents.tables(stack) | _words(stack)).items():
            with archive.open(_entry(name), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, table, allow_pickle=False)
        for name, texts in contents.texts(stack).items():
            with archive.open(_entry(name), "w", force_zip64=True) as member:
                _write_texts(member, texts, progress)


def _words(stack: Stack) -> dict[str, NDArray[Any]]:
    return {name: np.array(texts, np.str_) for name, texts in contents.words(stack).items()}


def _write_texts(member: IO[bytes], texts: contents.Texts, progress: Progress) -> None:
    """Write texts as an array, some at a time."""
    dtype = np.dtype(("U", max(1, max(map(len, texts.cells()), default=0))))
    head = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": texts.shape}
    np.lib.format.write_array_header_1_0(member, head)
    for lot in texts.lots(_NAMES):
        member.write(lot.astype(dtype).tobytes())
        progress.check()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a member without a timestamp, so that equal stacks give equal files."""
    return zipfile.ZipInfo(f"{name}.npy")


NPZ = Exporter(
    name="npz",
    title=say("one file for numpy.load"),
    audience=say("For anyone who works with NumPy and wants a single file."),
    write=_write,
    size_bytes=_size_bytes,
    loading="import numpy as np\n\nstack = np.load({target})\n",
    loads=Loads('stack["{name}"]', 'stack["{name}"]', 'stack["{name}"].tolist()', 'stack["{name}"]'),
    suffix=".npz",
)
