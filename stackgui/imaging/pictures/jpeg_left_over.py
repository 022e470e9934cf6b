"""What is left of a JPEG's scan when all its pixels are there: is it a camera's, or are they not all there.

Where a bit was turned round or bytes are missing, the decoder soon reads on as if nothing had happened, but
has counted more or fewer blocks. It may then be ready before the scan ends: what is left over are the last
blocks of the picture. Stray bytes are told from them by reading them as blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import mode
from typing import NamedTuple

from stackgui.imaging.pictures.jpeg_parts import Part, Parts

_TABLES = 0xC4
_LENGTHS = 16
_COEFFICIENTS, _ZEROS = 64, 15
_BYTE_BITS = 8

_FEW_BYTES = 4
_MAX_BYTES = 2**20
_MIN_ACROSS = 4
_ROOM_BYTES = 64
"""Fewer zeros than these stand for what was cut off in no file."""

_MARK = 0xFF

Seen = Callable[[bytes], object]
"""Whatever tells two pictures apart."""

_Codes = dict[tuple[int, int], int]


def is_stray(parts: Parts, index: int, kept: bytes, left: bytes, seen_of: Seen) -> bool:
    """Whether what is `left` of a scan, behind the bytes that its pixels need, belongs to no pixel.

    Parameters
    ----------
    parts : Parts
    index : int
        Of the scan.
    kept, left : bytes
    seen_of
        What a decoder makes of a file.
    """
    if len(left) > _MAX_BYTES:
        return False
    if not parts.is_sequential:
        # What is left of a scan that refines others cannot be read without them.
        return len(left) <= _FEW_BYTES or left.isascii()
    try:
        blocks, across = _layout(parts, index)
    except (IndexError, KeyError, StopIteration, ZeroDivisionError):
        return False
    rest = _unstuffed(kept[-2:] + left) if kept.endswith(b"\xff\0") else _unstuffed(kept[-1:] + left)
    least = _used_bits(parts, index, kept, seen_of)
    units = [n for used in range(least, _BYTE_BITS + 1) if (n := _units(_Bits(rest, used), blocks))]
    # Whole rows of a picture are more than its header promises, and no loss. From most bits on the codes soon
    # come into step, so that most counts are right.
    return not units or (across >= _MIN_ACROSS and mode(units) % across == 0)


def is_pixels(parts: Parts, zeros: int) -> bool:
    """Whether `zeros` zero bytes at the end of the last scan can be pixels: flat ones, a bit each."""
    if zeros < _ROOM_BYTES or not parts.is_sequential:
        return True
    try:
        blocks, _across = _layout(parts, max(parts.scans))
    except KeyError:
        return True  # packed by the tables that everyone knows, which then need not be in the file
    return not any(_Bits(bytes(2), 0).symbol(block.others) for block in blocks)


def _used_bits(parts: Parts, index: int, kept: bytes, seen_of: Seen) -> int:
    """How many bits of the last byte its pixels need at least: who turns one of them round, sees others."""
    start, last = (kept[:-2], kept[-2]) if kept.endswith(b"\xff\0") else (kept[:-1], kept[-1])

    def seen(byte: int) -> object:
        packed = start + bytes([byte]) + b"\0" * (byte == _MARK)
        return seen_of(parts.with_packed(index, packed).joined(index + 1))

    whole = seen(last)
    return next(
        (bits for bits in range(_BYTE_BITS, 1, -1) if seen(last ^ 1 << _BYTE_BITS - bits) != whole), 1
    )


def _unstuffed(packed: bytes) -> bytes:
    return packed.replace(b"\xff\0", b"\xff")


class _Block(NamedTuple):
    """The codes of a block's mean and of its other frequencies."""

    mean: _Codes
    others: _Codes


def _layout(parts: Parts, index: int) -> tuple[list[_Block], int]:
    """The blocks of a unit in a scan, and how many units stand side by side."""
    frame, scan = parts.frame, parts.parts[index].content
    assert frame is not None
    width = int.from_bytes(frame.content[3:5], "big")
    sampling = dict(zip(frame.content[6::3], frame.content[7::3], strict=False))
    codes = _codes(parts.parts[:index])
    blocks: list[_Block] = []
    for component, tables in zip(scan[1 : 1 + 2 * scan[0] : 2], scan[2 : 2 + 2 * scan[0] : 2], strict=True):
        across, down = sampling[component] >> 4, sampling[component] & 15
        count = across * down if scan[0] > 1 else 1
        blocks += [_Block(codes[tables >> 4], codes[0x10 | tables & 15])] * count
    most = max(factors >> 4 for factors in sampling.values()) if scan[0] > 1 else 1
    # Where blocks are packed alike, what is left may begin with any of them.
    alike = next(n for n in range(1, len(blocks) + 1) if blocks[n:] == blocks[:-n])
    return blocks[:alike], -(-width // (_BYTE_BITS * most)) * len(blocks) // alike


def _codes(parts: tuple[Part, ...]) -> dict[int, _Codes]:
    """Tables by their class and number: symbols by length and value of their codes."""
    found: dict[int, _Codes] = {}
    for part in parts:
        rest = part.content if part.marker == _TABLES else b""
        while len(rest) > _LENGTHS:
            counts, symbols = rest[1 : 1 + _LENGTHS], iter(rest[1 + _LENGTHS :])
            table = found[rest[0]] = {}
            code = 0
            for length, count in enumerate(counts, 1):
                for symbol in zip(range(count), symbols, strict=False):
                    table[length, code] = symbol[1]
                    code += 1
                code *= 2
            rest = rest[1 + _LENGTHS + sum(counts) :]
    return found


class _Bits:
    """Bits from the highest on; EOFError where there are no more."""

    def __init__(self, data: bytes, skipped: int) -> None:
        self._value = int.from_bytes(data, "big")
        self.left = _BYTE_BITS * len(data) - skipped

    def skip(self, count: int) -> None:
        if count > self.left:
            raise EOFError
        self.left -= count

    def symbol(self, codes: _Codes) -> int:
        code = 0
        for length in range(1, _LENGTHS + 1):
            self.skip(1)
            code = code << 1 | self._value >> self.left & 1
            symbol = codes.get((length, code))
            if symbol is not None:
                return symbol
        raise EOFError

    @property
    def is_padding(self) -> bool:
        """Whether what is left are ones that fill the last byte."""
        ones = (1 << self.left) - 1
        return self.left < _BYTE_BITS and self._value & ones == ones


def _units(bits: _Bits, blocks: list[_Block]) -> int:
    """How many whole units all bits are; 0 where they are anything else."""
    count = 0
    while not (count and bits.is_padding):
        try:
            if not all(_is_block(bits, block) for block in blocks):
                return 0
        except EOFError:
            return 0
        count += 1
    return count


def _is_block(bits: _Bits, block: _Block) -> bool:
    bits.skip(bits.symbol(block.mean))
    place = 1
    while place < _COEFFICIENTS:
        zeros, size = divmod(bits.symbol(block.others), 16)
        if not size and zeros != _ZEROS:
            return True
        bits.skip(size)
        place += zeros + 1
    return place == _COEFFICIENTS
