"""Export to Parquet for Hugging Face's ``datasets``: pictures in the table, and classes in its schema."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from stackgui.core.annotations.annotations import Flag
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.stores.export import contents, pictures, rows
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.parquet_schema import column_types, features
from stackgui.stores.export.rows import Row
from stackgui.stores.export.webdataset import described_bytes
from stackgui.stores.files import renaming
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    import pyarrow as pa

    from stackgui.stores.stack.reader import Stack

_FOLDER = "data"
_ONLY_PART = "train"
"""What the readers of this format call all rows where there is no split."""

_GROUP_BYTES = 16 * 2**20
_GROUP_ROWS = 1000
"""Rows are written, and read again, in groups of at most this size."""

_SHARD_BYTES = 512 * 2**20
_ROW_BYTES = 1024
_FILE_BYTES = 64 * 1024


def _size_bytes(stack: Stack) -> int:
    files = pictures.files_bytes(stack, as_picture=pictures.is_8_bit_or_grey(stack))
    words = 4 * contents.words_bytes(stack)
    return files + described_bytes(stack) + _ROW_BYTES * len(stack) + (_FILE_BYTES + words) * 16


class _Shards:
    """The files of one part of the split."""

    def __init__(self, folder: str, part: str, schema: pa.Schema) -> None:
        self._folder, self._part, self._schema = folder, rows.plain(part or _ONLY_PART), schema
        self._held: list[dict[str, Any]] = []
        self._held_bytes = 0
        self._files: list[str] = []
        self._file: Any = None
        self._writer: Any = None

    def add(self, row: dict[str, Any], size_bytes: int) -> None:
        """Append a row."""
        self._held.append(row)
        self._held_bytes += size_bytes
        if self._held_bytes >= _GROUP_BYTES or len(self._held) >= _GROUP_ROWS:
            self._write()

    def _write(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - an extra that takes time to load
        from pyarrow import parquet  # noqa: PLC0415 - as above

        if self._writer is not None and self._file.tell() >= _SHARD_BYTES:
            self.close_file()
        if self._writer is None:
            path = os.path.join(self._folder, f"{self._part}-{len(self._files):05d}")
            self._files.append(path)
            self._file = open_to_write(path)
            # Pictures are compressed already.
            self._writer = parquet.ParquetWriter(self._file, self._schema, compression="none")
        self._writer.write_table(pa.Table.from_pylist(self._held, schema=self._schema))
        self._held, self._held_bytes = [], 0

    def close_file(self) -> None:
        """Complete the last file."""
        if self._writer is not None:
            self._writer.close()
            self._file.close()
        self._file = self._writer = None

    def finish(self) -> None:
        """Write what is held, and give the files the names by which a split is known."""
        if self._held:
            self._write()
        self.close_file()
        for number, path in enumerate(self._files):
            name = f"{self._part}-{number:05d}-of-{len(self._files):05d}.parquet"
            renaming.rename(path, os.path.join(self._folder, name))


def _write(stack: Stack, target: str, progress: Progress) -> None:
    import pyarrow as pa  # noqa: PLC0415 - an extra that takes time to load

    folder = os.path.join(target, _FOLDER)
    os.makedirs(folder)
    about = {"info": {"features": features(stack)}}
    fields = [pa.field(name, made) for name, made in column_types(stack).items()]
    names = json.dumps(contents.words(stack))
    schema = pa.schema(fields, {"huggingface": json.dumps(about), "stackgui": names})
    shards = {part: _Shards(folder, part, schema) for part in rows.parts(stack)}

    def take(row: Row, made: dict[str, Any]) -> None:
        size = len(made["image"]["bytes"]) + len(made.get("mask", {}).get("bytes", b""))
        shards[row.part].add(made, size)

    try:
        rows.each_row(stack, lambda row: _row(stack, row), take, progress)
        for each in shards.values():
            each.finish()
    finally:
        for each in shards.values():
            each.close_file()


def _row(stack: Stack, row: Row) -> dict[str, Any]:
    """Return the columns of a row."""
    as_picture = pictures.is_8_bit_or_grey(stack)
    suffix = ".png" if as_picture else ".npy"
    content = pictures.picture_file(stack, row, as_picture=as_picture)
    found: dict[str, Any] = {"image": {"bytes": content, "path": f"{row.number:09d}{suffix}"}}
    if row.mask is not None:
        suffix, content = pictures.mask_file(row.mask)
        found["mask"] = {"bytes": content, "path": f"{row.number:09d}{suffix}"}
    if stack.labels is not None:
        label = stack.labels[row.number]
        found["label"] = np.flatnonzero(label).tolist() if label.ndim else int(label)
    if stack.targets is not None:
        found["targets"] = rows.targets_of(stack, row.number)
    if row.columns:
        found["columns"] = row.columns
    if stack.objects is not None:
        found["objects"] = _objects(stack, row.number)
        found["transform"] = stack.transforms[row.number].tolist()
    found |= {"row": row.number, "file": row.file, "placement": stack.placements[row.number].tolist()}
    return found


def _objects(stack: Stack, row: int) -> dict[str, Any]:
    objects, places = stack.objects, rows.objects_of(stack, row)
    assert objects is not None
    of_row = slice(places.start, places.stop)
    box = objects.box[of_row]
    found: dict[str, Any] = {
        "bbox": np.concatenate([box[:, :2], box[:, 2:] - box[:, :2]], axis=1).tolist(),
        "category": objects.category[of_row].tolist(),
        "area": objects.area[of_row].tolist(),
        "iscrowd": (objects.flags[of_row] & Flag.CROWD != 0).tolist(),
        "flags": objects.flags[of_row].tolist(),
        "polygons": [[ring.ravel().tolist() for ring in objects.polygons(index)] for index in places],
        "holes": [objects.holes(index) if objects.polygons(index) else [] for index in places],
    }
    if objects.keypoints.shape[1]:
        found["keypoints"] = objects.keypoints[of_row].tolist()
    return found


PARQUET = Exporter(
    name="parquet",
    title=say("a folder of Parquet files for Hugging Face"),
    audience=say(
        "For the Hugging Face hub and its datasets library: pictures, classes and boxes in one table."
    ),
    write=_write,
    size_bytes=_size_bytes,
    loading="from datasets import load_dataset\n\nrows = load_dataset({target})  # by part of the split\n",
    needs=("pyarrow",),
    keeps_all=False,
)
