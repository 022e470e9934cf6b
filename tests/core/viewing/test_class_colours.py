"""The colours of classes over pictures."""

import numpy as np
import pytest

from stackgui.core.viewing.class_colours import is_unknown, mask_pixels


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32])
def test_a_mask_that_is_the_ignore_value_throughout_says_nothing(dtype):
    most = np.iinfo(dtype).max
    assert is_unknown(np.full((2, 3), most, dtype))
    assert not is_unknown(np.array([[0, most]], dtype))
    assert not is_unknown(np.array([[1, most]], dtype))


def test_the_background_stays_clear_and_what_is_ignored_has_no_colour():
    background, first, ignored = mask_pixels(np.array([[0, 1, 255]], np.uint8))[0]
    assert background[3] == 0
    assert first.tolist()[:3] == [0xE6, 0x9F, 0]
    assert len(set(ignored.tolist()[:3])) == 1
    assert ignored[3]
