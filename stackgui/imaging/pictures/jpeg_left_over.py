"""Decide whether bytes left over at the end of a JPEG scan are a camera's stray bytes or lost pixels.

After a flipped bit or missing bytes, a Huffman decoder soon resynchronises, but has counted too many or too
few blocks. It may then finish before the scan ends, and the left-over bytes are the last blocks of the
picture. To tell stray bytes from those, this module tries to read them as blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import mode
from typing import NamedTuple

from stackgui.imaging.pictures.jpeg_parts import Part, Parts

_HUFFMAN_TABLES = 0xC4
_LENGTHS = 16
_COEFFICIENTS, _MAX_ZERO_RUN = 64, 15
_BYTE_BITS = 8

_FEW_BYTES = 4
_MAX_BYTES = 2**20
_MIN_ACROSS = 4
_MIN_ZEROS = 64
"""No truncated file has fewer zeros than this in place of the missing pixels."""

_MARK = 0xFF

Seen = Callable[[bytes], object]
"""Returns a value that differs whenever the decoded pictures differ."""

_Codes = dict[tuple[int, int], int]


def is_stray(parts: Parts, index: int, kept: bytes, left: bytes, seen_of: Seen) -> bool:
    """Whether the bytes `left` at the end of a scan hold no pixels.

    Parameters
    ----------
    parts : Parts
    index : int
        Place of the scan among the parts.
    kept, left : bytes
        The bytes of the scan that its pixels need, and those that follow.
    seen_of
        Decodes a file, for comparison.
    """
    if len(left) > _MAX_BYTES:
        return False
    if not parts.is_sequential:
        # Bytes of a refining scan cannot be read without the scans that it refines.
        return len(left) <= _FEW_BYTES or left.isascii()
    try:
        blocks, across = _layout(parts, index)
    except (IndexError, KeyError, StopIteration, ZeroDivisionError):
        return False
    rest = _unstuffed(kept[-2:] + left) if kept.endswith(b"\xff\0") else _unstuffed(kept[-1:] + left)
    least = _used_bits(parts, index, kept, seen_of)
    mcu_counts = [n for used in range(least, _BYTE_BITS + 1) if (n := _mcu_count(_Bits(rest, used), blocks))]
    # Whole rows beyond the height in the header are no loss. Codes soon resynchronise from most starting
    # bits, so the most frequent count is right.
    return not mcu_counts or (across >= _MIN_ACROSS and mode(mcu_counts) % across == 0)


def is_pixels(parts: Parts, zeros: int) -> bool:
    """Whether `zeros` zero bytes at the end of the last scan can be flat blocks, coded in one-bit codes."""
    if zeros < _MIN_ZEROS or not parts.is_sequential:
        return True
    try:
        blocks, _across = _layout(parts, max(parts.scans))
    except KeyError:
        return True  # it relies on the standard tables, which may be absent from the file
    return not any(_Bits(bytes(2), 0).symbol(block.ac) for block in blocks)


def _used_bits(parts: Parts, index: int, kept: bytes, seen_of: Seen) -> int:
    """Return how many bits of the last byte the pixels certainly need: flipping one changes the picture."""
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
    """The Huffman codes of a block's DC coefficient and of its AC coefficients."""

    dc: _Codes
    ac: _Codes


def _layout(parts: Parts, index: int) -> tuple[list[_Block], int]:
    """Return the blocks of a minimum coded unit (MCU) in a scan, and how many MCUs make up a row."""
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
    # Where blocks share their codes, the left-over bytes may begin with any of them.
    alike = next(n for n in range(1, len(blocks) + 1) if blocks[n:] == blocks[:-n])
    return blocks[:alike], -(-width // (_BYTE_BITS * most)) * len(blocks) // alike


def _codes(parts: tuple[Part, ...]) -> dict[int, _Codes]:
    """Return the Huffman tables by class and number; each maps a code's length and value to its symbol."""
    found: dict[int, _Codes] = {}
    for part in parts:
        rest = part.content if part.marker == _HUFFMAN_TABLES else b""
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
    """Reads bits, most significant first; raises EOFError when they run out."""

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
        """Whether only the one bits that pad the last byte are left."""
        ones = (1 << self.left) - 1
        return self.left < _BYTE_BITS and self._value & ones == ones


def _mcu_count(bits: _Bits, blocks: list[_Block]) -> int:
    """Return how many whole MCUs the bits make up, or 0 if they are anything else."""
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
    bits.skip(bits.symbol(block.dc))
    place = 1
    while place < _COEFFICIENTS:
        zeros, size = divmod(bits.symbol(block.ac), 16)
        if not size and zeros != _MAX_ZERO_RUN:
            return True
        bits.skip(size)
        place += zeros + 1
    return place == _COEFFICIENTS
