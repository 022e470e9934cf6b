"""Declarations of the formats that Pillow decodes without further code."""

from __future__ import annotations

import re

from stackgui.core.base.decoding import Decoding
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import PILLOW, Format, Holds, Rank
from stackgui.imaging.pictures.pillow import Pillow, Plugin

_GIF_START, _GIF_IMAGE, _GIF_EXTENSION, _GIF_END = 13, 0x2C, 0x21, 0x3B
_TGA_FOOTER_BYTES, _TGA_MARK, _TGA_END = 26, b"TRUEVISION", b"TRUEVISION-XFILE.\0"
_RIFF_BYTES = 8
_EXACT = Decoding(keeps_numbers=True)


class _Gif(Pillow):
    def lacks_end_mark(self, data: Data) -> bool:
        """Whether the trailer block is missing."""
        return data[-1] != _GIF_END and _gif_lacks_end(data)


def _gif_lacks_end(data: Data) -> bool:
    place = _GIF_START + _gif_palette_bytes(data[10])
    while place < len(data):
        kind = data[place]
        if kind == _GIF_IMAGE and place + 10 < len(data):
            place += 11 + _gif_palette_bytes(data[place + 9])
        elif kind == _GIF_EXTENSION:
            place += 2
        else:
            # Pillow skips bytes between blocks.
            if kind == _GIF_END:
                return False
            place += 1
            continue
        while place < len(data) and data[place]:
            place += 1 + data[place]
        place += 1
    return True


def _gif_palette_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


class _Tga(Pillow):
    def lacks_end_mark(self, data: Data) -> bool:
        """Whether the footer is incomplete; older files have none at all."""
        tail = data[-_TGA_FOOTER_BYTES:]
        return _TGA_MARK in tail and not tail.endswith(_TGA_END)

    def is_cut_off(self, data: Data) -> bool:  # noqa: ARG002 - the base class names it
        """Return False: a TGA file does not record its length."""
        return False


class _WebP(Pillow):
    def is_cut_off(self, data: Data) -> bool:
        """Whether the file is shorter than its RIFF header says."""
        return _RIFF_BYTES + int.from_bytes(data[4:_RIFF_BYTES], "little") > len(data)


# Formats without `needs_whole_file`: the plugin reads only the header, and no metadata follows later.
FORMATS = (
    Format(
        name="blp",
        title="BLP",
        decoder=Pillow(Plugin("PIL.BlpImagePlugin", "BLP")),
        libraries=(PILLOW,),
        magic=(b"BLP1", b"BLP2"),
        suffixes=(".blp",),
        needs_whole_file=True,
    ),
    Format(
        name="bmp",
        title="BMP",
        decoder=Pillow(Plugin("PIL.BmpImagePlugin", "BMP", stores_raw=True)),
        libraries=(PILLOW,),
        # Check the size of the header too, or any text that starts with "BM" would match.
        pattern=re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL),
        suffixes=(".bmp",),
        decoding=_EXACT,
    ),
    Format(
        name="cur",
        title="CUR",
        decoder=Pillow(Plugin("PIL.CurImagePlugin", "CUR")),
        libraries=(PILLOW,),
        pattern=re.compile(rb"\0\0\x02\0[\x01-\x40]\0.{12}", re.DOTALL),
        suffixes=(".cur",),
        needs_whole_file=True,
    ),
    Format(
        name="dcx",
        title="DCX",
        decoder=Pillow(Plugin("PIL.DcxImagePlugin", "DCX", has_frames=True, are_of_own_sizes=True)),
        libraries=(PILLOW,),
        magic=(b"\xb1\x68\xde\x3a",),
        suffixes=(".dcx",),
        holds=Holds.PAGES,
        needs_whole_file=True,
    ),
    Format(
        name="dds",
        title="DDS",
        decoder=Pillow(Plugin("PIL.DdsImagePlugin", "DDS")),
        libraries=(PILLOW,),
        magic=(b"DDS |\0\0\0",),
        suffixes=(".dds",),
        needs_whole_file=True,
    ),
    Format(
        name="dib",
        title="DIB",
        decoder=Pillow(Plugin("PIL.BmpImagePlugin", "DIB", stores_raw=True)),
        libraries=(PILLOW,),
        # A bitmap without a file header: header size, one plane, bit depth and compression.
        pattern=re.compile(
            rb"[\x28\x40\x6c\x7c]\0{3}.{8}\x01\0[\1\4\x08\x10\x18\x20]\0[\0-\3]\0{3}", re.DOTALL
        ),
        suffixes=(".dib",),
        needs_whole_file=True,
    ),
    Format(
        name="gif",
        title="GIF",
        decoder=_Gif(Plugin("PIL.GifImagePlugin", "GIF", has_frames=True, are_composed=True)),
        libraries=(PILLOW,),
        magic=(b"GIF87a", b"GIF89a"),
        suffixes=(".gif",),
        holds=Holds.FRAMES,
        needs_whole_file=True,
        decoding=_EXACT,
    ),
    Format(
        name="icns",
        title="ICNS",
        decoder=Pillow(Plugin("PIL.IcnsImagePlugin", "ICNS")),
        libraries=(PILLOW,),
        pattern=re.compile(rb"icns[\0-\x0f]"),
        suffixes=(".icns",),
        needs_whole_file=True,
    ),
    Format(
        name="ico",
        title="ICO",
        decoder=Pillow(Plugin("PIL.IcoImagePlugin", "ICO")),
        libraries=(PILLOW,),
        pattern=re.compile(rb"\0\0\x01\0[\x01-\x40]\0.{12}", re.DOTALL),
        suffixes=(".ico",),
        needs_whole_file=True,
        decoding=_EXACT,
    ),
    Format(
        name="msp",
        title="Windows Paint (MSP)",
        decoder=Pillow(Plugin("PIL.MspImagePlugin", "MSP", stores_raw=True)),
        libraries=(PILLOW,),
        # Require a zero byte in the header, or text that starts with these letters would match.
        pattern=re.compile(rb"(?:DanM|LinS)(?=.{0,27}\0)", re.DOTALL),
        suffixes=(".msp",),
    ),
    Format(
        name="pcx",
        title="PCX",
        decoder=Pillow(Plugin("PIL.PcxImagePlugin", "PCX")),
        libraries=(PILLOW,),
        pattern=re.compile(rb"\x0a[\0\2-\5]\x01[\1\2\4\x08].{60}\0[\1-\4]", re.DOTALL),
        suffixes=(".pcx",),
        needs_whole_file=True,
    ),
    Format(
        name="psd",
        title="Photoshop",
        decoder=Pillow(Plugin("PIL.PsdImagePlugin", "PSD", has_layers=True, stores_raw=True)),
        libraries=(PILLOW,),
        magic=(b"8BPS\0\1",),
        suffixes=(".psd",),
        needs_whole_file=True,
    ),
    Format(
        name="qoi",
        title="QOI",
        decoder=Pillow(Plugin("PIL.QoiImagePlugin", "QOI")),
        libraries=(PILLOW,),
        magic=(b"qoif",),
        suffixes=(".qoi",),
    ),
    Format(
        name="sgi",
        title="SGI",
        decoder=Pillow(Plugin("PIL.SgiImagePlugin", "SGI", stores_raw=True)),
        libraries=(PILLOW,),
        magic=(b"\x01\xda",),
        suffixes=(".sgi",),
        decoding=_EXACT,
    ),
    Format(
        name="sun",
        title="Sun raster",
        decoder=Pillow(Plugin("PIL.SunImagePlugin", "SUN", stores_raw=True)),
        libraries=(PILLOW,),
        magic=(b"\x59\xa6\x6a\x95",),
        suffixes=(".ras",),
        needs_whole_file=True,
    ),
    Format(
        name="tga",
        title="TGA",
        decoder=_Tga(Plugin("PIL.TgaImagePlugin", "TGA", stores_raw=True)),
        libraries=(PILLOW,),
        # Palette type and image type, empty palette fields if there is no palette, and a size.
        pattern=re.compile(
            rb".(?:\0[\2\3\x0a\x0b]\0{5}|\x01[\1\x09]...[\0-\1][\x0f\x10\x18\x20]).{4}"
            rb"(?!\0\0)..(?!\0\0)..[\x01\x08\x0f\x10\x18\x20][\0-\x3f]",
            re.DOTALL,
        ),
        rank=Rank.VAGUE,
        suffixes=(".tga",),
        decoding=_EXACT,
    ),
    Format(
        name="webp",
        title="WebP",
        decoder=_WebP(Plugin("PIL.WebPImagePlugin", "WEBP", has_frames=True)),
        libraries=(PILLOW,),
        pattern=re.compile(rb"RIFF....WEBP", re.DOTALL),
        suffixes=(".webp",),
        holds=Holds.FRAMES,
        needs_whole_file=True,
    ),
)
