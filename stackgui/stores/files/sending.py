"""Sends files to addresses, however large they are: what was sent counts once the server has confirmed it."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from typing import IO

from stackgui.stores.files.object_store import NOT_KEPT, put, version
from stackgui.stores.files.objects import CHUNK_BYTES, LIED, AddressError, in_our_words, library, placed

PART_BYTES = 8 * 2**20
"""Smaller files are sent as a whole; a part is held in memory while it is sent."""

_MAX_PARTS = 9000
"""S3 takes 10,000."""

_PARTS_AT_ONCE = 4


def send(name: str, file: str, sent: Callable[[int], object]) -> None:
    """Send a file to an address; others see it whole or not at all.

    Parameters
    ----------
    name : str
        An address.
    file : str
    sent : callable
        Called with the number of bytes that have been sent since the last call; may raise, which ends it.

    Raises
    ------
    AddressError
        When it cannot be written, or the server has something else there afterwards.
    OSError
        When the file cannot be read.
    UsageError
        When the library is not installed.
    """
    with open(file, "rb") as opened:
        size_bytes = os.fstat(opened.fileno()).st_size
        if size_bytes <= PART_BYTES:
            put(name, opened.read())
            sent(size_bytes)
            return
        tag = _send_parts(name, opened, max(PART_BYTES, -(-size_bytes // _MAX_PARTS)), sent)
        found = version(name)
        if found.size_bytes != size_bytes:
            raise AddressError(errno.EIO, NOT_KEPT)
        if found.tag != tag:
            opened.seek(0)
            _compare(name, opened, sent)


def _send_parts(name: str, opened: IO[bytes], part_bytes: int, sent: Callable[[int], object]) -> str:
    """Send a file in parts; return the tag that S3 gives to such an object."""
    client, path = placed(name)
    sums: list[bytes] = []

    def parts() -> Iterator[bytes]:
        while part := opened.read(part_bytes):
            sums.append(hashlib.md5(part, usedforsecurity=False).digest())
            yield part
            sent(len(part))

    with in_our_words():
        library().put(
            client, path, parts(), use_multipart=True, chunk_size=part_bytes, max_concurrency=_PARTS_AT_ONCE
        )
    return f"{hashlib.md5(b''.join(sums), usedforsecurity=False).hexdigest()}-{len(sums)}"


def _compare(name: str, opened: IO[bytes], sent: Callable[[int], object]) -> None:
    """Read an object back, where tags are of no use."""
    client, path = placed(name)
    with in_our_words():
        for piece in library().get(client, path).stream(min_chunk_size=CHUNK_BYTES):
            if bytes(piece) != opened.read(len(piece)):
                raise AddressError(errno.EIO, NOT_KEPT)
            sent(0)
    if opened.read(1):
        raise AddressError(errno.EIO, LIED)
