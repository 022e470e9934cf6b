"""Decodes untrusted JSON: what does not fit costs the smallest part that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from stackgui.core.base.wording import say

T = TypeVar("T")

DAMAGED = say("The file is damaged or incomplete, so nothing of it was read.")
NESTED = say("The file is nested too deeply, so nothing of it was read.")
OTHERWISE = say("The file is not written as its format asks, so nothing of it was read.")
NOT_AS_ASKED = say("An annotation is not written as its format asks.")

Number = int | float
Id = int | float | str
"""What files call pictures and classes by."""

_FAULTS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_BLOCK_BYTES = 2**20
"""JSON to hold as Python objects at a time; these take up to ten times as much."""
_PLACE = re.compile(r" - at `\$\.?(.*)`")
# Text before a number that JSON does not know: strings, which are passed over whole, and anything else.
_UNKNOWN_NUMBER = re.compile(rb'((?:[^"NI-]++|"(?:[^"\\]++|\\.)*+"|-(?!I))*+)(?:NaN|-?Infinity)', re.DOTALL)


class UnreadableError(Exception):
    """Nothing of a file can be read; the first argument is a sentence for people."""


def decoded(data: bytes | memoryview, kind: type[T]) -> T:
    """Decode JSON.

    Python and others write numbers that JSON does not know, such as ``NaN``; they count as ``null``.

    Raises
    ------
    UnreadableError
        If it is not JSON, or none of `kind`.
    """
    try:
        text = _in_utf8(data)
        try:
            return msgspec.json.decode(text, type=kind)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            known = _with_known_numbers(text)
            if known == text:
                raise
        return msgspec.json.decode(known, type=kind)
    except msgspec.ValidationError as error:
        raise UnreadableError(OTHERWISE) from error
    except RecursionError as error:
        raise UnreadableError(NESTED) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(DAMAGED) from error


def _with_known_numbers(text: bytes | memoryview) -> bytes:
    parts: list[bytes] = []
    end = 0
    while found := _UNKNOWN_NUMBER.match(text, end):
        parts += (found[1], b"null")
        end = found.end()
    return b"".join([*parts, text[end:]])


def _in_utf8(data: bytes | memoryview) -> bytes | memoryview:
    start = bytes(data[:3])
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return bytes(data).decode("utf-16").encode()
    return memoryview(data)[3:] if start == b"\xef\xbb\xbf" else data


class Elements(Generic[T]):
    """The elements of a JSON array, decoded block by block.

    Parameters
    ----------
    raw
        The elements as `decoded` found them.
    kind : type
        What each of them should be.
    """

    def __init__(self, raw: Sequence[msgspec.Raw], kind: type[T]) -> None:
        self._raw = raw
        self._one = msgspec.json.Decoder(kind)
        self._many: msgspec.json.Decoder[list[T]] = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
        self.faults: list[tuple[int, str]] = []
        """Index of each element that is no `kind`, and where in it, such as ``bbox[2]``, if that is known."""

    def blocks(self) -> Iterator[tuple[list[int] | range, list[T]]]:
        """Yield the indices and the values of the elements that are as they should be."""
        begin = size = 0
        for index, raw in enumerate(self._raw):
            size += memoryview(raw).nbytes
            if size >= _BLOCK_BYTES:
                yield self._block(begin, index + 1)
                begin, size = index + 1, 0
        if begin < len(self._raw):
            yield self._block(begin, len(self._raw))

    def _block(self, begin: int, end: int) -> tuple[list[int] | range, list[T]]:
        raw = self._raw[begin:end]
        try:
            return range(begin, end), self._many.decode(b"[" + b",".join(map(memoryview, raw)) + b"]")
        except _FAULTS:
            pass
        indices, values = [], []
        for index, each in enumerate(raw, begin):
            try:
                values.append(self._one.decode(each))
                indices.append(index)
            except _FAULTS as error:
                self.faults.append((index, place_of(error)))
        return indices, values


def place_of(error: Exception) -> str:
    """Return where in a value something does not fit, such as ``bbox[2]``, or ``""``."""
    found = _PLACE.search(str(error))
    return found[1] if found else ""


def place_in(file: str, array: str, index: int, place: str = "") -> str:
    """Return where in a file an element is, for complaints, such as ``a.json: shapes[3].points``."""
    return f"{file}: {array}[{index}]{'.' if place else ''}{place}"
