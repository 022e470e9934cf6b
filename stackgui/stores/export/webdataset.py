"""Export to shards of WebDataset: TAR files in which the members of a row follow each other."""

from __future__ import annotations

import io
import json
import os
import tarfile
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.stores.export import contents, pictures, rows
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.object_masks import run_lengths_bytes
from stackgui.stores.export.rows import Row
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

INDEX_FILE = "index.json"

_SHARD_BYTES = 512 * 2**20
_SHARD_ROWS = 10_000
_ALL = "rows"

_MEMBERS_BYTES = 8192
_OBJECT_BYTES = 512
"""Upper bounds for what a row's members and an object take beside pixels, points and names."""

_POINT_BYTES = 40


def _size_bytes(stack: Stack) -> int:
    files = pictures.files_bytes(stack, as_picture=pictures.is_png(stack))
    return files + described_bytes(stack) + _MEMBERS_BYTES * len(stack) + 2 * tarfile.RECORDSIZE


def described_bytes(stack: Stack) -> int:
    """Return an upper bound for what JSON says of all rows."""
    names = 12 * contents.texts_bytes(stack)  # escaped
    if stack.objects is None:
        return names
    names += run_lengths_bytes(stack)
    numbers = sum(table.size for table in stack.objects.tables().values() if table.dtype == np.float32)
    longest = 6 * max((len(name) for name in stack.objects.classes), default=0)
    return names + _POINT_BYTES * numbers + (_OBJECT_BYTES + longest) * len(stack.objects)


class _Shards:
    """The shards of one part of the split."""

    def __init__(self, folder: str, part: str) -> None:
        self._folder, self._name = folder, rows.plain(part or _ALL)
        self.listed: list[dict[str, Any]] = []
        self._file: BinaryIO | None = None
        self._tar: tarfile.TarFile | None = None

    def add(self, key: str, members: list[tuple[str, bytes]]) -> None:
        """Append a row; begin another shard if the last one is full."""
        if self._tar is None or self._is_full():
            self.close()
            name = f"{self._name}-{len(self.listed):06d}.tar"
            self._file = open_to_write(os.path.join(self._folder, name))
            self._tar = tarfile.TarFile(fileobj=self._file, mode="w", format=tarfile.USTAR_FORMAT)
            self.listed.append({"url": name, "nsamples": 0, "filesize": 0})
        for suffix, content in members:
            # No time and no owner, so that equal stacks give equal files.
            member = tarfile.TarInfo(key + suffix)
            member.size = len(content)
            self._tar.addfile(member, io.BytesIO(content))
        self.listed[-1]["nsamples"] += 1

    def _is_full(self) -> bool:
        assert self._file is not None
        return self.listed[-1]["nsamples"] >= _SHARD_ROWS or self._file.tell() >= _SHARD_BYTES

    def close(self) -> None:
        """Complete the last shard."""
        if self._tar is not None and self._file is not None:
            self._tar.close()
            self.listed[-1]["filesize"] = self._file.tell()
            self._file.close()
        self._tar = self._file = None


def _write(stack: Stack, target: str, progress: Progress) -> None:
    os.mkdir(target)
    shards = {part: _Shards(target, part) for part in rows.parts(stack)}
    as_picture = pictures.is_png(stack)

    def make(row: Row) -> list[tuple[str, bytes]]:
        members = [
            (".png" if as_picture else ".npy", pictures.picture_file(stack, row, as_picture=as_picture))
        ]
        if row.mask is not None:
            suffix, content = pictures.mask_file(row.mask)
            members.append((f".mask{suffix}", content))
        if stack.labels is not None and stack.labels.ndim == 1:
            members.append((".cls", str(stack.labels[row.number]).encode()))
        members.append((".json", json.dumps(rows.described(stack, row)).encode()))
        return members

    try:
        rows.each_row(
            stack, make, lambda row, members: shards[row.part].add(f"{row.number:09d}", members), progress
        )
    finally:
        for each in shards.values():
            each.close()
    _write_index(stack, target, shards)


def _write_index(stack: Stack, target: str, shards: dict[str, _Shards]) -> None:
    listed = {part or _ALL: each.listed for part, each in shards.items()}
    about = {
        "rows": sum(each["nsamples"] for part in listed.values() for each in part),
        "shards": listed,
        **contents.words(stack),
    }
    with open_to_write(os.path.join(target, INDEX_FILE)) as file:
        file.write((json.dumps(about, indent=1) + "\n").encode())


WEBDATASET = Exporter(
    name="webdataset",
    title=say("a folder of TAR files for WebDataset"),
    audience=say("For training in PyTorch from a server or the cloud, where pictures are read as a stream."),
    write=_write,
    size_bytes=_size_bytes,
    loading=(
        "from pathlib import Path\n\nimport webdataset as wds\n\n"
        'shards = sorted(str(shard) for shard in Path({target}).glob("*.tar"))\n'
        'rows = wds.WebDataset(shards, shardshuffle=False).decode("rgb8")  # each is a dictionary\n'
    ),
    keeps_all=False,
    lacks=lambda _stack: frozenset(),
)
