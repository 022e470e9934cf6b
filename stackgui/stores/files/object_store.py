"""Writes objects at addresses, and looks whether they are there; it also opens such a place for Zarr.

Retries are obstore's. A server is not believed: what was written counts once the server has named its size
and a tag that follows from its bytes, or else has sent them back.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from stackgui.core.base.wording import say
from stackgui.stores.files.objects import (
    CHUNK_BYTES,
    LIED,
    PAGE,
    AddressError,
    in_our_words,
    library,
    placed,
)

_ATTEMPTS = 4
"""The library does not ask again when an answer is cut off, since it cannot know whether that does harm."""

_MULTIPART_BYTES = 2**30
"""Larger objects are sent in parts; S3 takes five times as much in one piece, but not at a second attempt."""

NOT_KEPT = say("the server said that it was written, but has something else there")


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one content of an object from another, as far as its server says.

    Attributes
    ----------
    size_bytes : int
    tag : str
        Of any form; with most servers the same bytes have the same tag, whenever they were written.
    generation : str
        What Google's servers want to be told to write only over this one; listings do not say it.
    """

    size_bytes: int
    tag: str
    generation: str = field(default="", compare=False)


def _version(meta: Any) -> Version:  # noqa: ANN401 - as the library has it
    return Version(int(meta["size"]), _tag(meta), str(meta.get("version") or ""))


def _tag(meta: Any) -> str:  # noqa: ANN401 - as above
    return str(meta.get("e_tag") or "").removeprefix("W/").strip('"')


def version(name: str) -> Version:
    """Return the version of an object; raises AddressError, UsageError."""
    client, path = placed(name)
    with in_our_words():
        return _version(library().head(client, path))


def versioned(name: str) -> tuple[Version, bytes]:
    """Return the version of an object and all its bytes; raises as `version`."""
    client, path = placed(name)
    with in_our_words():
        got = library().get(client, path)
        found, data = _version(got.meta), bytes(got.bytes())
    if len(data) != found.size_bytes:
        raise AddressError(errno.EIO, LIED)
    return found, data


def put(name: str, data: bytes) -> Version:
    """Write an object as a whole, and return its version; others see it whole or not at all.

    Raises
    ------
    AddressError
        When it cannot be written, or the server has something else there afterwards.
    UsageError
        When the library is not installed.
    """
    client, path = placed(name)
    with in_our_words():
        library().put(client, path, data, use_multipart=len(data) > _MULTIPART_BYTES)
    found = version(name)
    if found.size_bytes != len(data):
        raise AddressError(errno.EIO, NOT_KEPT)
    if found.tag != hashlib.md5(data, usedforsecurity=False).hexdigest():
        _compare(name, data)
    return found


def _compare(name: str, data: bytes) -> None:
    """Read an object back, in pieces: where they are encrypted, and on some servers, tags are of no use."""
    client, path = placed(name)
    left = memoryview(data)
    with in_our_words():
        for piece in library().get(client, path).stream(min_chunk_size=CHUNK_BYTES):
            read = memoryview(piece)
            if read != left[: len(read)]:
                raise AddressError(errno.EIO, NOT_KEPT)
            left = left[len(read) :]
    if left:
        raise AddressError(errno.EIO, LIED)


def put_if(name: str, data: bytes, expected: Version | None) -> Version | None:
    """Write an object only if its version is `expected`, or if there is none where that is None.

    `data` has to be unlike what others write, since a second attempt of the library may meet its own first.

    Returns
    -------
    Version or None
        None if it was another one; then nothing was written.

    Raises
    ------
    AddressError, UsageError
    """
    client, path = placed(name)
    mode = "create" if expected is None else _only_over(expected)
    with in_our_words():
        try:
            library().put(client, path, data, mode=mode)
        except Exception as error:
            is_other = type(error).__name__ in {"AlreadyExistsError", "PreconditionError"}
            if not is_other and (expected is None or not isinstance(error, FileNotFoundError)):
                raise
    try:
        found, there = versioned(name)
    except AddressError as error:
        if error.errno != errno.ENOENT:
            raise
        return None
    return found if there == data else None


def _only_over(expected: Version) -> dict[str, str]:
    """Return a condition in the words of all servers: some look at the tag, others at the generation."""
    condition = {"e_tag": f'"{expected.tag}"'}
    return condition | {"version": expected.generation} if expected.generation else condition


def versions_below(place: str) -> Iterator[list[tuple[str, Version]]]:
    """Yield the names below a place, relative to it, with their versions, in pages; raises AddressError."""
    client, path = placed(place)
    prefix, last, left = f"{path}/" if path else "", None, _ATTEMPTS
    while left:
        try:
            with in_our_words():
                for page in library().list(client, path or None, offset=last, chunk_size=PAGE):
                    yield [(each["path"][len(prefix) :], _version(each)) for each in page]
                    last, left = page[-1]["path"], _ATTEMPTS
        except AddressError as error:
            left = _left(left, error)
        else:
            return


def _left(attempts: int, error: AddressError) -> int:
    """Return how many attempts are left after `error`; raise it where another would be of no use."""
    if error.errno != errno.EIO or attempts == 1:
        raise error
    return attempts - 1


def delete(names: Iterable[str]) -> None:
    """Delete objects of one bucket, as far as they are there; raises AddressError, UsageError."""
    found = [placed(name) for name in names]
    for begin in range(0, len(found), PAGE):
        client, paths = found[begin][0], [path for _client, path in found[begin : begin + PAGE]]
        if not _deleted(client, paths):  # of some servers, one that is not there ends a list of them
            for path in paths:
                _deleted(client, [path])


def _deleted(client: Any, paths: list[str]) -> bool:  # noqa: ANN401 - as the library has it
    """Delete objects; False if one of them was not there, so that others may be left."""
    left = _ATTEMPTS
    while left:
        try:
            with in_our_words():
                library().delete(client, paths)
        except AddressError as error:
            if error.errno == errno.ENOENT:
                return False
            left = _left(left, error)
        else:
            break
    return True


def is_there(name: str) -> bool:
    """Return whether there is an object of that name; raises AddressError, UsageError."""
    try:
        version(name)
    except AddressError as error:
        if error.errno != errno.ENOENT:
            raise
        return False
    return True


def is_anything_at(place: str) -> bool:
    """Return whether there is an object of that name, or any below it; raises AddressError, UsageError."""
    return bool(next(versions_below(place), None)) or is_there(place)


def clear(place: str) -> None:
    """Delete the object of that name, and all below it; raises AddressError, UsageError."""
    for page in versions_below(place):
        delete([f"{place}/{name}" for name, _version in page])
    delete([place])
