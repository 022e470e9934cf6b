"""Export to plain numbers in ``.dat`` files for `numpy.memmap` or any other program, described by JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.core.run.loading_from import Loads
from stackgui.stores.export import contents
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.listing import listing_bytes, write_listing
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

ARRAYS_FILE = "arrays.json"
_ENTRY_BYTES = 4096


def _size_bytes(stack: Stack) -> int:
    entries = len(contents.arrays(stack)) + len(contents.tables(stack)) + 1
    return contents.data_bytes(stack) + listing_bytes(stack) + _ENTRY_BYTES * entries


def _write(stack: Stack, target: str, progress: Progress) -> None:
    os.mkdir(target)
    specs, meter = contents.arrays(stack), contents.Meter(stack, progress)
    found: dict[str, Any] = {}
    for name, spec in specs.items():
        found[name] = _entry(name, np.dtype(spec.dtype), spec.shape, contents.axes(stack, spec))
        with open_to_write(os.path.join(target, found[name]["file"])) as file:
            for piece in stack.data(spec):
                file.write(piece)
                meter.add(len(piece))
    for name, table in contents.tables(stack).items():
        found[name] = _entry(name, table.dtype, table.shape)
        with open_to_write(os.path.join(target, found[name]["file"])) as file:
            file.write(np.ascontiguousarray(table).tobytes())
    about = {"arrays": found, "names": contents.words(stack), "layout": stack.layout.value}
    with open_to_write(os.path.join(target, ARRAYS_FILE)) as file:
        file.write((json.dumps(about, indent=1) + "\n").encode("ascii"))
    write_listing(stack, target, progress)


def _entry(
    name: str, dtype: np.dtype[Any], shape: tuple[int, ...], axes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what `numpy.memmap` needs to know of a file."""
    more = {"axes": list(axes)} if axes else {}
    return {
        "file": f"{name}.dat", "dtype": dtype.name, "shape": list(shape), "order": "C",
        "byteorder": sys.byteorder, **more,
    }  # fmt: skip


RAW = Exporter(
    name="raw",
    title=say("plain numbers for numpy.memmap, with a description in JSON"),
    audience=say("For C, C++, MATLAB or Julia, and for programs of your own: numbers and nothing else."),
    write=_write,
    size_bytes=_size_bytes,
    loading=(
        "import json\nfrom pathlib import Path\n\nimport numpy as np\n\nplace = Path({target})\n"
        'about = json.loads((place / "arrays.json").read_text())\n\n\n'
        "def load(name):\n"
        '    """Map an array; one without numbers cannot be mapped."""\n'
        '    array = about["arrays"][name]\n'
        '    shape, dtype = tuple(array["shape"]), array["dtype"]\n'
        "    if 0 in shape:\n"
        "        return np.empty(shape, dtype)\n"
        '    return np.memmap(place / array["file"], dtype, "r", shape=shape)\n\n\n'
    ),
    loads=Loads('load("{name}")', 'load("{name}")', 'about["names"]["{name}"]'),
)
