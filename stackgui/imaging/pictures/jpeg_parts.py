"""Split a whole JPEG file into segments and scans, without the stray bytes between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from stackgui.imaging.base.data import Data

SCAN, END = 0xDA, 0xD9
SEQUENTIAL, _PROGRESSIVE = frozenset({0xC0, 0xC1}), 0xC2
_FRAMES = SEQUENTIAL | {_PROGRESSIVE}
_APP0, _JFIF, _JFIF_MAJOR_AT = 0xE0, b"JFIF\0", 5
_APP14, _ADOBE, _ADOBE_COLOURS_AT, _INKS = 0xEE, b"Adobe", 11, 4
_STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_MARK = re.compile(rb"\xff([\x01-\xfe])")
_AFTER_SCAN = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_FILL_BYTE = b"\xff"
_START = b"\xff\xd8"
_END_MARK = b"\xff\xd9"
_ALL_FREQUENCIES = b"\x00\x3f\x00"
_COEFFICIENTS = 64
_UNSEEN = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A segment; for the header of a scan, together with the scan.

    Attributes
    ----------
    marker : int
        Second byte of the marker.
    content : bytes
        Payload after the length field.
    packed : bytes
        Entropy-coded data that follows the header of a scan; else empty.
    """

    marker: int
    content: bytes
    packed: bytes = b""

    @property
    def is_scan(self) -> bool:
        """Whether the segment is the header of a scan."""
        return self.marker == SCAN


@dataclass(frozen=True, slots=True)
class Parts:
    """The segments and scans of a file.

    Attributes
    ----------
    parts : tuple of Part
        Segments in file order.
    has_end : bool
        Whether the file has an end mark.
    has_strays : bool
        Whether the file has stray bytes between segments.
    """

    parts: tuple[Part, ...]
    has_end: bool
    has_strays: bool

    @property
    def scans(self) -> Iterator[int]:
        """Indices of the scans among the parts."""
        return (index for index, part in enumerate(self.parts) if part.is_scan)

    @property
    def frame(self) -> Part | None:
        """The frame header, with the size and the components."""
        return next((part for part in self.parts if part.marker in _FRAMES), None)

    @property
    def is_sequential(self) -> bool:
        """Whether each component is in one scan, so that no scan refines another."""
        return self.frame is not None and self.frame.marker in SEQUENTIAL

    def with_packed(self, index: int, packed: bytes) -> Parts:
        """Return a copy with the data of one scan replaced."""
        part = replace(self.parts[index], packed=packed)
        return replace(self, parts=(*self.parts[:index], part, *self.parts[index + 1 :]))

    def joined(self, count: int | None = None) -> bytes:
        """Return the first `count` parts, or all, as a file with an end mark."""
        return b"".join((_START, *map(_as_bytes, self.parts[:count]), _END_MARK))

    def tidied(self) -> Parts:
        """Return a copy with harmless header faults corrected; every decoder still sees the same pixels."""
        components = len(self.frame.content[6::3]) if self.frame else 0
        return replace(
            self, parts=tuple(_tidied(part, components, self.is_sequential) for part in self.parts)
        )

    def finest(self) -> list[list[int]]:
        """Return, for each component and each of its 64 frequencies, how many low bits no scan holds."""
        frame = self.frame
        components = frame.content[6::3] if frame else b""
        found = {component: [_UNSEEN] * _COEFFICIENTS for component in components}
        for index in self.scans:
            content = self.parts[index].content
            count = content[0] if content else 0
            first, last, bits = (*content[1 + 2 * count : 4 + 2 * count], 0, 0, 0)[:3]
            if self.is_sequential:
                first, last, bits = 0, _COEFFICIENTS - 1, 0
            for component in content[1 : 1 + 2 * count : 2]:
                if component in found:
                    frequencies = range(first, min(last + 1, _COEFFICIENTS))
                    found[component][first : last + 1] = [bits & 15] * len(frequencies)
        return list(found.values())


def is_unseen(finest: Iterable[list[int]]) -> bool:
    """Whether some component has no scan at all."""
    return any(bits[0] == _UNSEEN for bits in finest)


def is_finished(finest: Iterable[list[int]]) -> bool:
    """Whether the scans hold every bit of every component."""
    return not any(map(any, finest))


def parts_of(data: Data) -> Parts:
    """Split a whole file, up to its end mark."""
    parts: list[Part] = []
    place, has_strays = len(_START), False
    while match := _MARK.search(data, place):
        has_strays = has_strays or bool(data[place : match.start()].strip(_FILL_BYTE))
        marker, place = match[1][0], match.end()
        if marker == END:
            return Parts(tuple(parts), has_end=True, has_strays=has_strays)
        if marker in _STANDALONE:
            parts.append(Part(marker, b""))
            continue
        length = int.from_bytes(data[place : place + 2], "big")
        content = data[place + 2 : place + length]
        if len(content) != length - 2:
            break
        place += length
        if marker != SCAN:
            parts.append(Part(marker, content))
            continue
        end = _AFTER_SCAN.search(data, place)
        stop = end.start() if end else len(data)
        parts.append(Part(marker, content, data[place:stop].rstrip(_FILL_BYTE)))
        place = stop
    return Parts(tuple(parts), has_end=False, has_strays=has_strays)


def _as_bytes(part: Part) -> bytes:
    mark = bytes((0xFF, part.marker))
    if part.marker in _STANDALONE:
        return mark
    return b"".join((mark, (len(part.content) + 2).to_bytes(2, "big"), part.content, part.packed))


def _tidied(part: Part, components: int, is_sequential: bool) -> Part:  # noqa: FBT001 - a fact about the file
    content = part.content
    if part.is_scan and is_sequential:
        # Programs write zeros here, though only these values are valid.
        content = content[: -len(_ALL_FREQUENCIES)] + _ALL_FREQUENCIES
    elif part.marker == _APP0 and content.startswith(_JFIF):
        content = content[:_JFIF_MAJOR_AT] + b"\1" + content[_JFIF_MAJOR_AT + 1 :]
    elif part.marker == _APP14 and content.startswith(_ADOBE) and len(content) > _ADOBE_COLOURS_AT:
        # libjpeg assumes this value, and so does every program that shows the file.
        most = 2 if components == _INKS else 1
        if content[_ADOBE_COLOURS_AT] not in (0, most):
            content = content[:_ADOBE_COLOURS_AT] + bytes((most,)) + content[_ADOBE_COLOURS_AT + 1 :]
    return replace(part, content=content)
