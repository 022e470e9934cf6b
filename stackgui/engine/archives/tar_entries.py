"""What a TAR file holds, compressed as a whole or not."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from typing import Any, Self

from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import LINKS_IN_ARCHIVES, SPECIAL_FILES
from stackgui.core.catalog.archive_location import Packing
from stackgui.engine.archives.entries import Entry, Read
from stackgui.engine.archives.streams import DAMAGES as STREAM_DAMAGES
from stackgui.engine.archives.streams import SKIPPED_TOGETHER_BYTES, Stream

DAMAGES = (tarfile.TarError, SampleError, ValueError, OverflowError, *STREAM_DAMAGES)
"""What going through a damaged one may raise."""

LARGEST_BYTES = 2**62
"""Larger claims are lies, and no numbers for a column."""

_MESSAGES = (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError, tarfile.SubsequentHeaderError)  # type: ignore[attr-defined]


class _Info(tarfile.TarInfo):
    """Tells of a damaged header, where the library takes it for the end."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except _MESSAGES as error:
            raise SampleError("the archive is damaged or cut off") from error


def tar_entries(file: Any, size_bytes: int) -> Iterator[tuple[Entry, Read]]:  # noqa: ANN401 - a file or a `Stream`
    """The entries of a TAR file, in its order, each with a way to read it before the next is asked for.

    Parameters
    ----------
    file
        Open; a `Stream` where it is compressed.
    size_bytes
        Of the file, where it is not compressed.

    Raises
    ------
    one of `DAMAGES`
        Where it is damaged, after all entries that stand before that.
    """
    is_stream = isinstance(file, Stream)
    mode: Any = "r|" if is_stream else "r:"
    with tarfile.open(
        fileobj=file,
        mode=mode,
        bufsize=SKIPPED_TOGETHER_BYTES,
        tarinfo=_Info,
        encoding="utf-8",
        errors="surrogateescape",
    ) as archive:
        while (info := archive.next()) is not None:
            if info.size < 0:
                raise SampleError("the archive is damaged or cut off")
            if not info.isdir():
                yield _entry(info, size_bytes, is_stream=is_stream), _reader(archive, info)
            # Kept for looking up names, which nobody does here; they are many.
            archive.members.clear()  # type: ignore[attr-defined]


def _reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Read:
    def read(count: int) -> bytes:
        opened = archive.extractfile(info)
        return b"" if opened is None else opened.read(count)

    return read


def _entry(info: tarfile.TarInfo, size_bytes: int, *, is_stream: bool) -> Entry:
    name = os.fsencode(info.name)
    if info.issym() or info.islnk():
        return Entry(name, skip=LINKS_IN_ARCHIVES, detail=info.linkname)
    if not info.isreg():
        return Entry(name, skip=SPECIAL_FILES)
    problem, size = "", min(info.size, LARGEST_BYTES)
    if info.issparse():
        problem = "it is kept with holes, which is not supported"
    elif not is_stream and info.offset_data + info.size > size_bytes:
        problem = "the archive ends in the middle of it"
    return Entry(
        name,
        size,
        info.offset_data,
        size,
        Packing.STREAM if is_stream else Packing.STORED,
        problem=problem,
    )
