"""Whatever the format: pixels equal Pillow's, and the header tells the truth about them."""

import contextlib
import io
import mmap
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header

MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def probe_as_the_scan_does(data: bytes) -> Header:
    try:
        return imaging.probe(data[: imaging.PREFIX_BYTES], file_bytes=len(data))
    except imaging.MoreBytesNeeded:
        with mapped(data) as file:
            return imaging.probe(file, file_bytes=len(data))


@contextlib.contextmanager
def mapped(data: bytes) -> Iterator[mmap.mmap]:
    """A whole file as the scan hands it over."""
    with mmap.mmap(-1, len(data)) as file:
        file.write(data)
        yield file


def assert_header_is_true(data: bytes, header: Header) -> np.ndarray:
    pixels = imaging.decode(data, header.format)
    assert pixels.shape == (header.height, header.width, header.channels)
    assert pixels.dtype == header.dtype
    out = np.empty(pixels.shape, pixels.dtype)
    assert imaging.decode(data, header.format, out=out) is out
    np.testing.assert_array_equal(out, pixels)
    return pixels


def assert_equals_pillow(data: bytes, format_: str, reference, modes=MODES) -> None:
    for channels, mode in modes.items():
        expected = reference(data, mode)
        np.testing.assert_array_equal(imaging.decode(data, format_, channels=channels), expected)
        out = np.empty_like(expected)
        imaging.decode(data, format_, channels=channels, out=out)
        np.testing.assert_array_equal(out, expected)


def files(folder: Path, step: int = 1) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())[::step]


def test_every_photo_equals_pillow(photos, reference):
    found = files(photos)
    assert found
    for path in found:
        data = path.read_bytes()
        header = probe_as_the_scan_does(data)
        assert_header_is_true(data, header)
        assert_equals_pillow(data, header.format, reference)


def test_thumbnails_equal_pillow(thumbnails, reference):
    found = files(thumbnails, 10)
    assert len(found) >= 1000
    for path in found:
        data = path.read_bytes()
        header = probe_as_the_scan_does(data)
        assert_header_is_true(data, header)
        assert_equals_pillow(data, header.format, reference)


@given(
    pixels=st.sampled_from([1, 3, 4]).flatmap(
        lambda c: hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(c)))
    ),
    pillow_format=st.sampled_from(["PNG", "TIFF", "JPEG2000"]),
)
def test_what_was_written_without_loss_comes_back(pixels, pillow_format):
    stream = io.BytesIO()
    Image.fromarray(pixels.squeeze(2) if pixels.shape[2] == 1 else pixels).save(stream, pillow_format)
    data = stream.getvalue()
    header = probe_as_the_scan_does(data)
    np.testing.assert_array_equal(assert_header_is_true(data, header), pixels)


@given(
    st.binary(max_size=200),
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x93NUMPY\1\0", b"II*\0"]),
)
def test_arbitrary_bytes_raise_nothing_unexpected(body, start):
    data = start + body
    try:
        header = imaging.probe(data, file_bytes=len(data))
    except SampleError:
        return
    assert header.height * header.width > 0


def test_rare_decoders_are_loaded_late():
    code = "import sys, stackgui.imaging; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"imagecodecs", "tifffile", "pi_heif", "PySide6"} & set(done.stdout.split())


def test_an_out_of_another_shape_is_refused(saved, noise):
    for format_ in ("png", "jpeg", "bmp"):
        data = saved(noise(5, 7, 3), format_)
        for out in (
            np.empty((7, 5, 3), np.uint8),
            np.empty((5, 7, 3), np.uint16),
            np.empty((5, 7, 4), np.uint8),
        ):
            with pytest.raises(SampleError, match="not what its header said"):
                imaging.decode(data, format_, out=out)


@pytest.mark.parametrize("format_", ["png", "jpeg", "bmp"])
def test_an_out_with_gaps_is_filled_all_the_same(format_, saved, noise):
    data = saved(noise(5, 7, 3), format_)
    row = np.zeros((9, 9, 3), np.uint8)
    imaging.decode(data, format_, channels=3, out=row[1:6, 1:8])
    np.testing.assert_array_equal(row[1:6, 1:8], imaging.decode(data, format_))
    assert not row[0].any()
    assert not row[:, 8].any()


def test_an_unknown_format_is_refused_by_name():
    with pytest.raises(SampleError, match="xcf"):
        imaging.decode(b"", "xcf")


def test_decoders_are_told_with_their_versions():
    versions = imaging.decoder_versions(["png", "dicom"])
    assert {"h5py", "zarr", "rawpy"}.isdisjoint(versions)
    assert "pydicom" in versions
    of_all = imaging.decoder_versions(format_.name for format_ in imaging.FORMATS)
    assert set(of_all) == {*versions, "h5py", "zarr", "rawpy"}
    assert {"simplejpeg", "imagecodecs", "PIL", "tifffile", "pi_heif", "numpy"} <= set(versions)
    assert all(version[0].isdigit() for version in versions.values())
