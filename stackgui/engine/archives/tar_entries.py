"""Reads the entries of a TAR file, which may be compressed as a whole."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from typing import Any, Self

from stackgui.core.base.errors import SampleError
from stackgui.core.base.skip_kinds import LINKS_IN_ARCHIVES, SPECIAL_FILES
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import Packing
from stackgui.engine.archives.entries import Entry, Read
from stackgui.engine.archives.streams import CHUNK_BYTES, Stream
from stackgui.engine.archives.streams import DAMAGES as STREAM_DAMAGES

DAMAGES = (tarfile.TarError, SampleError, ValueError, OverflowError, *STREAM_DAMAGES)
"""Exceptions that a damaged archive may raise."""

MAX_BYTES = 2**62
"""Upper limit for sizes: larger ones are false, and do not fit into a column."""

_MESSAGES = (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError, tarfile.SubsequentHeaderError)  # type: ignore[attr-defined]


class _Info(tarfile.TarInfo):
    """Reports a damaged header, which the library would treat as the end of the archive."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except _MESSAGES as error:
            raise SampleError(say("the archive is damaged or cut off")) from error


def tar_entries(file: Any, size_bytes: int) -> Iterator[tuple[Entry, Read]]:  # noqa: ANN401 - a file or a `Stream`
    """Yield the entries of a TAR file in order, each with a function to read it before the next is requested.

    Parameters
    ----------
    file
        Open file, or a `Stream` if it is compressed.
    size_bytes
        Size of the file; not used for a `Stream`.

    Raises
    ------
    one of `DAMAGES`
        When the archive is damaged, after all entries before the damage.
    """
    is_stream = isinstance(file, Stream)
    mode: Any = "r|" if is_stream else "r:"
    with tarfile.open(
        fileobj=file,
        mode=mode,
        bufsize=CHUNK_BYTES,
        tarinfo=_Info,
        encoding="utf-8",
        errors="surrogateescape",
    ) as archive:
        while (info := archive.next()) is not None:
            if info.size < 0:
                raise SampleError(say("the archive is damaged or cut off"))
            if not info.isdir():
                yield _entry(info, size_bytes, is_stream=is_stream), _reader(archive, info)
            # The library keeps all entries for lookups by name, which would waste memory here.
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
    problem, size = "", min(info.size, MAX_BYTES)
    if info.issparse():
        problem = say("it is kept with holes, which is not supported")
    elif not is_stream and info.offset_data + info.size > size_bytes:
        problem = say("the archive ends in the middle of it")
    return Entry(
        name,
        size,
        info.offset_data,
        size,
        Packing.STREAM if is_stream else Packing.STORED,
        problem=problem,
    )
