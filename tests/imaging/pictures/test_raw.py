"""Camera RAW: developed by a fixed rule, and never taken for the thumbnail in it."""

import io

import numpy as np
import pytest
import rawpy
import tifffile

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import ALL
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.pixels import orientation as orient
from tests.imaging.raw_writing import dng, like_cameras

HEIGHT, WIDTH = 60, 90


@pytest.fixture
def sensor() -> np.ndarray:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return (200 + (rows * 37 + columns * 11) % 3000).astype(np.uint16)


def read(data: bytes) -> np.ndarray:
    header = imaging.probe(data, file_bytes=len(data))
    assert (header.format, header.dtype, header.channels) == ("raw", "uint16", 3)
    pixels = imaging.decode(data, header.format)
    assert pixels.shape == (header.height, header.width, header.channels)
    return pixels


def test_a_raw_picture_is_developed_by_the_rule_in_the_help(sensor):
    data = dng(sensor)
    with rawpy.imread(io.BytesIO(data)) as picture:
        rule = {"gamma": (2.4, 12.92), "adjust_maximum_thr": 0.0, "output_color": rawpy.ColorSpace.sRGB}
        expected = picture.postprocess(use_camera_wb=True, no_auto_bright=True, output_bps=16, **rule)
    for _ in range(3):
        assert np.array_equal(read(data), expected)


def test_how_light_a_pixel_is_does_not_depend_on_the_others(sensor):
    """Nothing is brightened by what the picture shows."""
    changed = sensor.copy()
    changed[-20:, -20:] = 4095
    left, right = read(dng(sensor)), read(dng(changed))
    assert np.array_equal(left[:30, :60], right[:30, :60])
    assert not np.array_equal(left, right)


def test_white_balanced_grey_comes_out_grey():
    grey = np.full((HEIGHT, WIDTH), 1000, np.uint16)
    grey[::2, 1::2] = grey[1::2, ::2] = 2000  # as the camera saw it: green twice as light
    pixels = read(dng(grey))[10:-10, 10:-10].astype(int)
    assert np.ptp(pixels, axis=(0, 1)).max() < 655
    assert np.ptp(pixels.mean(axis=(0, 1))) < 3000


@pytest.mark.parametrize("orientation", range(1, 9))
def test_raw_pictures_are_put_upright_once(sensor, orientation):
    smooth = (200 + np.add.outer(np.arange(HEIGHT) * 30, np.arange(WIDTH) * 10)).astype(np.uint16)
    found = read(dng(smooth, orientation)).astype(int)
    expected = orient.upright(read(dng(smooth)), orientation).astype(int)
    assert found.shape == expected.shape
    # Colours between the sensor's are found anew for each way that it is held.
    assert np.abs(found - expected).mean() < 700


def test_a_raw_picture_is_not_its_thumbnail(sensor, noise):
    thumbnail = noise(15, 22, 3)
    assert np.array_equal(read(dng(sensor, thumbnail=thumbnail)), read(dng(sensor)))
    for name, data in like_cameras(sensor, thumbnail).items():
        header = imaging.probe(data, file_bytes=len(data), scan=ScanOptions(frames=ALL))
        assert (name, header.format, header.frames) == (name, "raw", 1)
        assert (header.height, header.width) == (HEIGHT, WIDTH)


def test_a_picture_with_reduced_copies_below_is_none_of_a_camera(noise):
    stream = io.BytesIO()
    picture = noise(32, 48, 3)
    with tifffile.TiffWriter(stream) as writer:
        writer.write(picture, photometric="rgb", subifds=1)
        writer.write(picture[::2, ::2], photometric="rgb", subfiletype=1)
    data = stream.getvalue()
    assert imaging.probe(data, file_bytes=len(data)).format == "tiff"
    assert np.array_equal(imaging.decode(data, "tiff"), picture)


def test_a_raw_picture_that_is_cut_off_is_refused_without_noise(sensor, capfd):
    data = dng(sensor)
    for length in range(len(data) - 10, len(data) // 2, -400):
        with pytest.raises(SampleError, match="ends in the middle"):
            imaging.decode(data[:length], "raw")
    assert capfd.readouterr() == ("", "")


def test_without_rawpy_what_to_install_is_said(sensor, monkeypatch):
    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("stackgui.imaging.base.declaration.import_module", refuse)
    thumbnail = np.zeros((15, 22, 3), np.uint8)
    for data in (dng(sensor), dng(sensor, thumbnail=thumbnail), *like_cameras(sensor, thumbnail).values()):
        with pytest.raises(SampleError, match=r"RAW pictures need more: pip install 'stackgui\[raw\]'"):
            imaging.probe(data, file_bytes=len(data))
