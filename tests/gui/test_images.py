import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stackgui.gui.widgets.images import to_qimage
from tests.gui.acting import to_array

CHANNELS = {1: (0, 0, 0), 3: (0, 1, 2), 4: (0, 1, 2)}


@given(st.data(), st.sampled_from([1, 3, 4]))
def test_pixels_survive_the_way_to_qt_and_back(data, channels):
    shape = (*data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9))), channels)
    pixels = data.draw(hnp.arrays(np.uint8, shape))
    back = to_array(to_qimage(pixels))
    assert np.array_equal(back[..., :3], pixels[..., CHANNELS[channels]])
    assert np.array_equal(back[..., 3], pixels[..., 3] if channels == 4 else np.full(shape[:2], 255))


def test_a_picture_without_a_channel_axis_is_grey():
    pixels = np.arange(15, dtype=np.uint8).reshape(3, 5)
    assert np.array_equal(to_array(to_qimage(pixels))[..., 1], pixels)


def test_views_with_gaps_are_copied_right():
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)[::2, ::-1]
    assert np.array_equal(to_array(to_qimage(pixels))[..., :3], pixels)


def test_the_image_does_not_depend_on_the_array():
    pixels = np.zeros((4, 4, 3), np.uint8)
    image = to_qimage(pixels)
    pixels[:] = 255
    assert to_array(image)[..., :3].max() == 0


@pytest.mark.parametrize("shape", [(4,), (4, 4, 2), (4, 4, 5), (1, 4, 4, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="no picture"):
        to_qimage(np.zeros(shape, np.uint8))


def test_other_numbers_are_refused():
    with pytest.raises(ValueError, match="float32"):
        to_qimage(np.zeros((4, 4, 3), np.float32))
