"""Label Studio's brush strokes: a picture of red, green, blue and alpha as runs of bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.imaging.annotations.png_bitmap import MAX_PIXELS

_CHANNELS = 4
_ALPHA = 3


class _Bits:
    """Reads whole numbers of a few bits, the highest bit first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    def number(self, bits: int) -> int:
        begin, end = self.place, self.place + bits
        if end > 8 * len(self._data):
            raise ValueError("too few bits")
        self.place = end
        part = int.from_bytes(self._data[begin // 8 : -(-end // 8)], "big")
        return (part >> (-end % 8)) & ((1 << bits) - 1)


def brush_bitmap(numbers: list[int], height: int, width: int) -> NDArray[np.bool_]:
    """Return where the strokes are not transparent, shape (H, W).

    Raises
    ------
    ValueError
        If the runs do not make a picture of that size.
    """
    if not 0 < height * width <= MAX_PIXELS:
        raise ValueError("no picture has this size")
    data = bytes(numbers)
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    source = _Bits(data)
    count = source.number(32)
    if count != height * width * _CHANNELS:
        raise ValueError("a picture of another size")
    word = source.number(5) + 1
    sizes = [source.number(4) + 1 for _ in range(4)]
    is_marked = np.zeros(height * width, np.bool_)
    place = 0
    while place < count:
        is_run = source.number(1)
        end = place + 1 + source.number(sizes[source.number(2)])
        if end > count:
            raise ValueError("too long a run")
        # Of the numbers from `place` to `end`, those of the alpha channel belong to these pixels.
        first, last = place // _CHANNELS, end // _CHANNELS
        if is_run:
            is_marked[first:last] = source.number(word) > 0
        else:
            begin = source.place
            source.place += (end - place) * word
            if source.place > len(bits):
                raise ValueError("too few bits")
            words = bits[begin : source.place].reshape(-1, word)[(_ALPHA - place) % _CHANNELS :: _CHANNELS]
            is_marked[first:last] = words.any(axis=1)
        place = end
    return is_marked.reshape(height, width)
