"""TIFF with numbers deeper than Pillow keeps."""

import io

import numpy as np
import pytest
import tifffile

from stackgui import imaging
from stackgui.core.base.errors import SampleError


def tiff(pixels: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, pixels, **options)
    return stream.getvalue()


def assert_reads_as(data: bytes, pixels: np.ndarray) -> None:
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.height, header.width, header.channels) == pixels.shape
    assert header.dtype == pixels.dtype
    np.testing.assert_array_equal(imaging.decode(data, "tiff"), pixels)


@pytest.mark.parametrize(
    "dtype", ["uint16", "int16", "uint32", "int32", "float16", "float32", "float64", "int8"]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_deep_numbers_stay_as_they_are(dtype, channels, noise):
    pixels = noise(24, 40, channels, dtype=dtype)
    photometric = "rgb" if channels == 3 else "minisblack"
    assert_reads_as(tiff(pixels.squeeze(), photometric=photometric), pixels)


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_packed_numbers_keep_their_values_and_say_how_many_bits_they_use(bits, noise):
    pixels = noise(24, 40, 1, dtype="uint16") >> (16 - bits)
    data = tiff(pixels.squeeze(), photometric="minisblack", bitspersample=bits, compression="none")
    assert_reads_as(data, pixels)
    assert imaging.probe(data, file_bytes=len(data)).bits == bits


def test_whole_numbers_use_all_their_bits(noise):
    data = tiff(noise(24, 40, dtype="uint16"), photometric="minisblack")
    assert imaging.probe(data, file_bytes=len(data)).bits == 0


@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_numbers_that_lie_in_the_file_are_not_copied(byteorder, noise):
    pixels = noise(24, 40, 3, dtype="uint16")
    data = tiff(pixels, photometric="rgb", byteorder=byteorder)
    assert_reads_as(data, pixels)
    is_native = np.dtype("uint16").newbyteorder(byteorder).isnative
    assert np.shares_memory(imaging.decode(data, "tiff"), np.frombuffer(data, np.uint8)) == is_native


def test_numbers_at_an_odd_place(noise):
    pixels = noise(24, 40, 3, dtype="uint16")
    data = bytearray(tiff(pixels, photometric="rgb", byteorder="<", rowsperstrip=24))
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        tag, place = file.pages[0].tags["StripOffsets"], file.pages[0].dataoffsets[0]
    data += b"\0" * (1 - len(data) % 2) + data[place:]
    moved = len(data) - pixels.nbytes
    data[tag.valueoffset : tag.valueoffset + tag.valuebytecount] = moved.to_bytes(
        tag.valuebytecount, "little"
    )
    assert_reads_as(bytes(data), pixels)


@pytest.mark.parametrize("compression", ["zlib", "lzw", "packbits", "lzma"])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_compressed(compression, byteorder, noise):
    pixels = noise(24, 40, 3, dtype="uint16")
    assert_reads_as(tiff(pixels, compression=compression, byteorder=byteorder, photometric="rgb"), pixels)


def test_planes_tiles_and_big_tiff(noise):
    pixels = noise(48, 40, 3, dtype="uint16")
    planes = np.ascontiguousarray(np.moveaxis(pixels, -1, 0))
    assert_reads_as(tiff(planes, photometric="rgb", planarconfig="separate"), pixels)
    assert_reads_as(tiff(pixels, photometric="rgb", tile=(16, 16)), pixels)
    assert_reads_as(tiff(pixels, photometric="rgb", bigtiff=True), pixels)


@pytest.mark.parametrize("meaning", ["unassalpha", "unspecified"])
def test_a_fourth_channel_stays_whatever_it_means(meaning, noise):
    pixels = noise(24, 40, 4, dtype="uint16")
    assert_reads_as(tiff(pixels, photometric="rgb", extrasamples=[meaning]), pixels)


def test_many_channels(noise):
    pixels = noise(24, 40, 7, dtype="uint16")
    data = tiff(pixels, photometric="minisblack", planarconfig="contig")
    assert_reads_as(data, pixels)
    with pytest.raises(SampleError, match="7 channels"):
        imaging.decode(data, "tiff", channels=3)


def test_white_that_is_zero_is_turned_round(noise):
    pixels = noise(24, 40, dtype="uint16")
    assert_reads_as(tiff(pixels, photometric="miniswhite"), (65535 - pixels)[:, :, None])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_obeyed(orientation, noise):
    pixels = noise(24, 40, 3, dtype="uint16")
    data = tiff(pixels, photometric="rgb", extratags=[(274, 3, 1, orientation, True)])
    header = imaging.probe(data, file_bytes=len(data))
    upright = imaging.decode(data, "tiff")
    assert upright.shape == (header.height, header.width, 3)
    first_corner = {
        1: (0, 0),
        2: (0, -1),
        3: (-1, -1),
        4: (-1, 0),
        5: (0, 0),
        6: (0, -1),
        7: (-1, -1),
        8: (-1, 0),
    }
    np.testing.assert_array_equal(upright[first_corner[orientation]], pixels[0, 0])


@pytest.mark.parametrize("compression", [None, "zlib", "lzw"])
def test_cut_files_are_refused(compression, noise):
    # tifffile writes the tags first, so that what is cut off are pixels.
    data = tiff(noise(48, 40, 3, dtype="uint16"), photometric="rgb", compression=compression, rowsperstrip=8)
    for part in (0.5, 0.8, 0.99):
        cut = data[: int(len(data) * part)]
        with pytest.raises(SampleError):
            imaging.decode(cut, imaging.probe(cut, file_bytes=len(cut)).format)


def test_damaged_pixels_are_refused(noise):
    data = bytearray(tiff(noise(48, 40, 3, dtype="uint16"), photometric="rgb", compression="zlib"))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(SampleError, match="damaged"):
        imaging.decode(bytes(data), "tiff")


def preview_before_the_picture(noise) -> bytes:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(noise(6, 10, 3), photometric="rgb", subfiletype=1, subifds=1)
        writer.write(noise(24, 40, dtype="uint16"), photometric="minisblack")
    return stream.getvalue()


def test_camera_raw_without_a_raw_picture_is_refused(noise):
    dng = tiff(noise(24, 40, 3), photometric="rgb", extratags=[(50706, 1, 4, b"\1\4\0\0", True)])
    for data in (dng, preview_before_the_picture(noise)):
        with pytest.raises(SampleError, match="camera RAW pictures of this kind are not supported"):
            imaging.probe(data, file_bytes=len(data))


def test_kinds_without_a_rule_are_refused(noise):
    data = tiff(noise(24, 40, 4, dtype="uint16"), photometric="separated")
    with pytest.raises(SampleError, match="not supported"):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_colours_multiplied_by_their_transparency_are_divided_by_it(dtype):
    most = 1 if dtype == "float32" else np.iinfo(dtype).max
    pixels = np.full((4, 4, 4), most / 4, dtype)
    pixels[..., 3] = most / 2
    pixels[0, 0, 3] = 0
    found = imaging.decode(tiff(pixels, photometric="rgb", extrasamples=["assocalpha"]), "tiff")
    colour, alpha = pixels[1, 1, 0].astype(float), pixels[1, 1, 3].astype(float)
    expected = colour * most / alpha
    # With 8 bits rounded down, as Pillow does.
    tolerance = {"uint8": 1, "uint16": 0.5, "float32": 1e-7}[dtype]
    assert np.abs(found[1, 1, :3] - expected).max() <= tolerance
    np.testing.assert_array_equal(found[:, :, 3], pixels[:, :, 3])
    assert (found[0, 0] == 0).all()
