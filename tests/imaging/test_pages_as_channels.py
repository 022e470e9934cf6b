"""The pages of a TIFF as channels of one sample, against tifffile and Pillow."""

import io
from dataclasses import replace

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.frames import CHANNELS
from stackgui.core.catalog.meaning import Taken
from stackgui.core.catalog.scan_options import DEFAULT

JOINED = replace(DEFAULT, frames=CHANNELS)


def written(pages: list[np.ndarray], **options: object) -> bytes:
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        for page in pages:
            writer.write(page, contiguous=False, metadata=None, **options)
    return stream.getvalue()


def probe(data: bytes):
    return imaging.probe(data, file_bytes=len(data), scan=JOINED)


def decode(data: bytes, **options: object) -> np.ndarray:
    return imaging.decode(data, "tiff", part=imaging.Part(0, JOINED), **options)


def grey(count: int, dtype: str = "uint8") -> list[np.ndarray]:
    return list(np.random.default_rng(count).integers(0, 200, (count, 8, 9)).astype(dtype))


@pytest.mark.parametrize("count", [2, 3, 4, 5, 12])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_each_page_is_a_channel(count, dtype):
    pages = grey(count, dtype)
    data = written(pages)
    header = probe(data)
    assert (header.height, header.width, header.channels, header.dtype) == (8, 9, count, dtype)
    assert (header.frames, header.member, header.others) == (count, -1, ())
    np.testing.assert_array_equal(decode(data), np.stack(pages, axis=-1))
    np.testing.assert_array_equal(decode(data, channels=count, taken=Taken.ALL), np.stack(pages, axis=-1))


def test_three_grey_pages_are_red_green_and_blue_and_of_others_none_is_transparency():
    three, four = grey(3), grey(4)
    np.testing.assert_array_equal(decode(written(three), channels=3), np.stack(three, axis=-1))
    np.testing.assert_array_equal(decode(written(four), channels=4)[..., 3], np.full((8, 9), 255))
    np.testing.assert_array_equal(decode(written(grey(2)), channels=1)[..., 0], grey(2)[0])


def test_pages_of_colours_follow_one_another():
    pages = [np.random.default_rng(seed).integers(0, 256, (6, 7, 3), np.uint8) for seed in range(2)]
    data = written(pages, photometric="rgb")
    assert probe(data).channels == 6
    np.testing.assert_array_equal(decode(data), np.concatenate(pages, axis=2))


def test_turned_pages_are_upright():
    pages = grey(2)
    data = written(pages, extratags=[(274, "H", 1, 6, True)])
    assert (probe(data).height, probe(data).width) == (9, 8)
    np.testing.assert_array_equal(decode(data)[..., 1], np.rot90(pages[1], -1))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (np.zeros((8, 10), np.uint8), r"page 3 is 8 × 10 pixels of 1 channel in uint8"),
        (np.zeros((8, 9), np.uint16), r"page 3 is 8 × 9 pixels of 1 channel in uint16"),
        (np.zeros((8, 9, 3), np.uint8), r"page 3 is 8 × 9 pixels of 3 channels in uint8"),
    ],
)
def test_pages_that_differ_are_refused_with_the_first_that_does(other, words):
    with pytest.raises(SampleError, match=words + r" and the first is 8 × 9 .*--frames all"):
        probe(written([*grey(2), other]))


def test_a_single_page_is_as_ever_and_frames_of_others_are_refused():
    (page,) = grey(1)
    assert probe(written([page])).channels == 1
    np.testing.assert_array_equal(decode(written([page]))[..., 0], page)
    stream = io.BytesIO()
    frames = [Image.fromarray(frame) for frame in grey(3)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(SampleError, match="no pages of a TIFF"):
        probe(stream.getvalue())
