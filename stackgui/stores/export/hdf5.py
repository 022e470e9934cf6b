"""Export to HDF5: one dataset for each array and table, and one row for each chunk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.core.run.loading_from import Loads
from stackgui.stores.export import contents
from stackgui.stores.export.exporter import Exporter

if TYPE_CHECKING:
    import h5py

    from stackgui.stores.stack.reader import Stack

_NAMES = 4096
_DATASET_BYTES = 4096
_CHUNK_BYTES = 128
"""Upper bounds for what a dataset and what a chunk take beside their numbers."""


def _size_bytes(stack: Stack) -> int:
    specs = contents.arrays(stack)
    chunks = sum(spec.rows for spec in specs.values())
    texts = contents.texts(stack).values()
    datasets = len(specs) + len(contents.tables(stack)) + len(contents.words(stack)) + len(texts) + 1
    plan = len(json.dumps(dict(stack.header)))
    names = contents.texts_bytes(stack) + 64 * sum(each.count + _NAMES for each in texts)  # in a heap
    return (
        contents.data_bytes(stack) + names + 2 * plan + _CHUNK_BYTES * chunks + _DATASET_BYTES * datasets
        + 64 * sum(map(len, contents.words(stack).values()))
    )  # fmt: skip


def _write(stack: Stack, target: str, progress: Progress) -> None:
    import h5py  # noqa: PLC0415 - an extra that takes time to load

    meter = contents.Meter(stack, progress)
    with h5py.File(target, "w") as file:
        file.attrs["layout"] = stack.layout.value
        for name, spec in contents.arrays(stack).items():
            made = file.create_dataset(name, spec.shape, spec.dtype, chunks=(1, *spec.shape[1:]))
            for place, axis in enumerate(contents.axes(stack, spec)):
                made.dims[place].label = axis
            first = 0
            for batch in contents.batches(stack, spec):
                made[first : first + len(batch)] = batch
                first += len(batch)
                meter.add(batch.nbytes)
        for name, table in contents.tables(stack).items():
            file.create_dataset(name, data=table)
        texts = h5py.string_dtype()
        for name, names in contents.words(stack).items():
            file.create_dataset(name, data=names, dtype=texts, shape=(len(names),))
        file.create_dataset("stack.json", data=json.dumps(dict(stack.header)), dtype=texts)
        for name, cells in contents.texts(stack).items():
            _write_texts(file, name, cells, progress)


def _write_texts(file: h5py.File, name: str, texts: contents.Texts, progress: Progress) -> None:
    import h5py  # noqa: PLC0415 - an extra that takes time to load

    chunks = (min(_NAMES, texts.shape[0]), *texts.shape[1:])
    made = file.create_dataset(name, texts.shape, h5py.string_dtype(), chunks=chunks)
    first = 0
    for lot in texts.lots(_NAMES):
        made[first : first + len(lot)] = lot
        first += len(lot)
        progress.check()


HDF5 = Exporter(
    name="hdf5",
    title=say("one HDF5 file"),
    audience=say("For MATLAB, R, Julia and h5py, and for laboratories that keep data as HDF5."),
    write=_write,
    size_bytes=_size_bytes,
    loading="import h5py\n\nstack = h5py.File({target})\n",
    loads=Loads(
        'stack["{name}"]',
        'stack["{name}"][...]',
        'stack["{name}"].asstr()[...].tolist()',
        'stack["{name}"].asstr()[...]',
    ),
    suffix=".h5",
    needs=("h5py",),
)
