"""Parts of TIFF pages, decoded from the tiles or strips that hold them."""

import io
from collections.abc import Callable
from unittest.mock import patch

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.meaning import Taken
from stackgui.imaging.pictures import tiff, tiff_tiles

COMPRESSIONS = ["none", "zlib", "lzw", "packbits", "zstd", "lzma"]
PREDICTED = ("zlib", "lzw", "zstd")
DTYPES = ["uint8", "uint16", "int16", "uint32", "float16", "float32", "float64"]
KINDS = ["grey", "inverted", "rgb", "rgba", "unspecified", "planes", "grey and alpha"]


def tiff_of(pixels: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, **options)
    return stream.getvalue()


def picture(height: int, width: int, channels: int, dtype: str, seed: int = 0) -> np.ndarray:
    """Slopes with some noise: nothing that packs to nothing, and nothing that JPEG makes grey."""
    noise = np.random.default_rng(seed).integers(0, 32, (height, width, channels))
    slope = np.add.outer(np.arange(height) * 2, np.arange(width))[:, :, np.newaxis]
    values = (slope + noise + 50 * np.arange(channels)) % 256
    return values.astype(dtype)


def parts_of(data: bytes) -> imaging.Readable | None:
    header = imaging.probe(data, file_bytes=len(data))
    return imaging.readable(
        data, "tiff", channels=header.channels, part=imaging.Part(), bits=header.bits, taken=Taken.ALL
    )


CHANNELS = {"grey": 1, "inverted": 1, "grey and alpha": 2, "rgb": 3, "planes": 3, "rgba": 4, "unspecified": 4}
OF_KIND: dict[str, dict[str, object]] = {
    "grey": {"photometric": "minisblack"},
    "inverted": {"photometric": "miniswhite"},
    "grey and alpha": {
        "photometric": "minisblack",
        "planarconfig": "contig",
        "extrasamples": ["unassalpha"],
    },
    "rgb": {"photometric": "rgb"},
    "planes": {"photometric": "rgb", "planarconfig": "separate"},
    "rgba": {"photometric": "rgb", "extrasamples": ["unassalpha"]},
    "unspecified": {"photometric": "rgb", "extrasamples": ["unspecified"]},
}


def file_of(size: tuple[int, int], dtype: str, kind: str, **options: object) -> bytes:
    pixels = picture(*size, CHANNELS[kind], dtype)
    if kind == "planes":
        pixels = np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
    return tiff_of(pixels.squeeze(2) if CHANNELS[kind] == 1 else pixels, **OF_KIND[kind], **options)


SIDES = st.tuples(st.integers(80, 150), st.integers(80, 150))
SEGMENTS = st.one_of(
    st.builds(
        lambda height, width: {"tile": (height, width)}, st.sampled_from([16, 32]), st.sampled_from([16, 32])
    ),
    st.builds(lambda rows: {"rowsperstrip": rows}, st.integers(1, 16)),
)
FORMS = st.fixed_dictionaries({"byteorder": st.sampled_from("<>"), "bigtiff": st.booleans()})
PLAIN = st.builds(
    lambda compression, predictor: {
        **({} if compression == "none" else {"compression": compression}),
        "predictor": predictor and compression in PREDICTED,
    },
    st.sampled_from(COMPRESSIONS),
    st.booleans(),
)


def assert_parts_are_of_the_whole(data: bytes) -> None:
    whole = imaging.decode(data, "tiff")
    parts = parts_of(data)
    assert parts is not None
    assert (parts.height, parts.width, parts.channels) == whole.shape
    assert parts.dtype == whole.dtype
    # As a whole it would need much memory. A picture as small as this has few segments.
    with patch.object(tiff._Tiff, "_decode_page", None), patch.object(tiff_tiles, "WHOLE_SHARE", 1):
        for top in range(0, parts.height, 7):
            rows = slice(top, min(top + 7, parts.height))
            for columns in (slice(0, 40), slice(41, None)):
                found = parts.read(rows, columns)
                np.testing.assert_array_equal(found, whole[rows, columns])
                assert found.dtype == whole.dtype


@given(
    size=SIDES,
    dtype=st.sampled_from(DTYPES),
    kind=st.sampled_from(KINDS),
    segments=SEGMENTS,
    packing=PLAIN,
    form=FORMS,
)
def test_parts_are_those_of_the_whole(size, dtype, kind, segments, packing, form):
    if kind == "inverted" and not dtype.startswith("u"):
        kind = "grey"
    assert_parts_are_of_the_whole(file_of(size, dtype, kind, **segments, **packing, **form))


@pytest.mark.parametrize("segments", [{"tile": (32, 48)}, {"tile": (16, 16)}, {"rowsperstrip": 16}])
@pytest.mark.parametrize("subsampling", [None, (1, 1), (2, 1), (2, 2)])
@pytest.mark.parametrize("level", [40, 95])
def test_parts_of_jpeg_are_those_of_the_whole(level, subsampling, segments):
    kind = "rgb" if subsampling else "grey"
    options = {"compression": "jpeg", "compressionargs": {"level": level}, "subsampling": subsampling}
    assert_parts_are_of_the_whole(file_of((149, 131), "uint8", kind, **options, **segments))


@given(size=SIDES, segments=SEGMENTS, data=st.data())
def test_any_part_is_that_of_the_whole(size, segments, data):
    file = file_of(size, "uint16", "rgb", compression="zlib", **segments)
    whole, parts = imaging.decode(file, "tiff"), parts_of(file)
    assert parts is not None
    for _ in range(4):
        ends = [sorted(data.draw(st.tuples(*[st.integers(0, side)] * 2))) for side in size]
        rows, columns = (slice(first, max(last, first + 1)) for first, last in ends)
        np.testing.assert_array_equal(parts.read(rows, columns), whole[rows, columns])


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_packed_numbers_are_those_of_the_whole(bits):
    pixels = picture(100, 96, 1, "uint16").squeeze(2)
    data = tiff_of(pixels, photometric="minisblack", bitspersample=bits, compression="none", rowsperstrip=5)
    parts = parts_of(data)
    assert parts is not None
    np.testing.assert_array_equal(parts.read(slice(11, 31), slice(None)), imaging.decode(data, "tiff")[11:31])


def test_a_segment_is_decoded_once_where_one_reads_from_top_to_bottom(monkeypatch):
    data = tiff_of(picture(120, 100, 3, "uint16"), photometric="rgb", tile=(16, 16), compression="zlib")
    parts, places = parts_of(data), []
    assert parts is not None
    decode = tifffile.TiffPage.decode.func

    def counting(page: tifffile.TiffPage) -> object:
        inner = decode(page)
        return lambda packed, place, **options: (places.append(place), inner(packed, place, **options))[1]

    counted = property(counting)
    monkeypatch.setattr(tifffile.TiffPage, "decode", counted)
    for top in range(0, 120, 5):
        parts.read(slice(top, top + 5), slice(None))
    assert sorted(places) == list(range(8 * 7))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize(
    "options",
    [
        {"extratags": [(274, "H", 1, 6, True)], "rowsperstrip": 5},
        {"photometric": "minisblack"},  # a single strip
        {"rowsperstrip": 100},
    ],
)
def test_others_are_decoded_whole(dtype, options):
    assert parts_of(tiff_of(picture(100, 96, 1, dtype).squeeze(2), compression="zlib", **options)) is None


def test_palettes_inks_and_multiplied_colours_are_decoded_whole():
    grey, inks = picture(100, 96, 1, "uint8").squeeze(2), picture(100, 96, 4, "uint8")
    palette = np.arange(768, dtype=np.uint16).reshape(3, 256)
    assert parts_of(tiff_of(grey, photometric="palette", colormap=palette, rowsperstrip=5)) is None
    assert parts_of(tiff_of(inks, photometric="separated", rowsperstrip=5)) is None
    for dtype in ("uint8", "uint16"):
        multiplied = tiff_of(
            inks.astype(dtype), photometric="rgb", extrasamples=["assocalpha"], rowsperstrip=5
        )
        assert parts_of(multiplied) is None


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_damage_is_told_as_it_is_of_small_pages(dtype):
    data = bytearray(
        tiff_of(
            picture(100, 96, 1, dtype).squeeze(2), photometric="minisblack", tile=(16, 16), compression="zlib"
        )
    )
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        place = file.pages[0].dataoffsets[-1]
    data[place : place + 40] = b"\xff" * 40
    damaged = bytes(data)
    with pytest.raises(SampleError) as whole:
        imaging.decode(damaged, "tiff")
    parts = parts_of(damaged)
    assert parts is not None
    parts.read(slice(0, 16), slice(None))
    with pytest.raises(SampleError) as part:
        parts.read(slice(90, 100), slice(None))
    assert part.value.reason == whole.value.reason


def test_most_of_a_page_is_decoded_at_once():
    data = tiff_of(picture(100, 96, 1, "uint16").squeeze(2), photometric="minisblack", rowsperstrip=5)
    parts = parts_of(data)
    assert parts is not None
    with patch.object(tiff_tiles.Tiles, "_segment", None):
        for columns in (slice(0, 5), slice(5, 10)):
            np.testing.assert_array_equal(
                parts.read(slice(None), columns), imaging.decode(data, "tiff")[:, columns]
            )


def pixels_or_reason(decode: Callable[[], np.ndarray]) -> np.ndarray | str:
    try:
        return decode()
    except SampleError as error:
        return error.reason


@pytest.mark.parametrize("compression", ["jpeg", "lzw", "packbits", "zlib", "zstd"])
def test_damage_anywhere_is_judged_as_by_the_decoder_of_the_whole(compression):
    random = np.random.default_rng(1)
    pixels = random.integers(0, 256, (96, 96, 3), np.uint8)
    good = tiff_of(pixels, photometric="rgb", tile=(16, 16), compression=compression)
    with tifffile.TiffFile(io.BytesIO(good)) as file:
        places = list(zip(file.pages[0].dataoffsets, file.pages[0].databytecounts, strict=True))
    for _ in range(12):
        begin, count = places[random.integers(len(places))]
        data, place = bytearray(good), begin + int(random.integers(count - 4))
        data[place : begin + count] = bytes(begin + count - place)
        damaged = bytes(data)

        def in_parts(damaged: bytes = damaged) -> np.ndarray:
            parts = parts_of(damaged)
            assert parts is not None
            return np.concatenate([parts.read(slice(top, top + 8), slice(None)) for top in range(0, 96, 8)])

        np.testing.assert_array_equal(
            pixels_or_reason(in_parts),
            pixels_or_reason(lambda damaged=damaged: imaging.decode(damaged, "tiff")),
        )
