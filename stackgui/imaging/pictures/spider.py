"""The decoder of SPIDER, a format of electron microscopy, through Pillow."""

from __future__ import annotations

import struct

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.declaration import PILLOW, Format, Rank, Told
from stackgui.imaging.pictures.pillow import Pillow, Plugin

_FLOATS, _STACK_FIELDS = 27, (23, 26)


def is_spider(data: bytes) -> bool:
    """Whether this is a SPIDER file: the format has no signature, so check that its header is consistent.

    Raises
    ------
    SampleError
        When the file is a stack of pictures.
    """
    if len(data) < 4 * _FLOATS:
        return False
    for order in "<>":
        head = struct.unpack_from(f"{order}{_FLOATS}f", data)
        slices, height, kind, width, records, bytes_, line_bytes = (
            head[at] for at in (0, 1, 4, 11, 12, 21, 22)
        )
        sizes = (height, width, records)
        is_whole = all(size >= 1 and size.is_integer() for size in sizes)
        if (
            is_whole
            and (slices, kind) == (1, 1)
            and (line_bytes, bytes_) == (4 * width, records * line_bytes)
        ):
            if any(head[at] for at in _STACK_FIELDS):
                raise SampleError(say("SPIDER stacks are not supported"))
            return True
    return False


FORMATS = (
    Format(
        name="spider",
        title="SPIDER",
        decoder=Pillow(Plugin("PIL.SpiderImagePlugin", "SPIDER", stores_raw=True)),
        libraries=(PILLOW,),
        pattern=Told(is_spider),
        rank=Rank.NO_MARK,
    ),
)
