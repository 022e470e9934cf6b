"""Annotations of stored pictures are turned exactly as the pixels are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.turning import turned
from stackgui.imaging.annotations.bitmaps import turned_bitmaps
from stackgui.imaging.annotations.run_lengths import mask_of, placed
from stackgui.imaging.pixels.orientation import upright


@pytest.mark.parametrize("orientation", range(1, 9))
@given(data=st.data())
def test_a_box_lies_on_the_pixels_that_it_lay_on(orientation, data):
    height, width = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    right, bottom = data.draw(st.integers(left + 1, width)), data.draw(st.integers(top + 1, height))
    drawn = np.zeros((height, width, 1), np.uint8)
    drawn[top:bottom, left:right] = 1
    builder, runs = AnnotationsBuilder("test"), placed(drawn[..., 0] != 0, 0, 0, height, width)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    builder.add(
        builder.picture("a"), 0, rings=[corners],
        keypoints=[(left + 0.5, top + 0.5, 2), (0, 0, 0)], bitmap=(runs, height, width),
    )  # fmt: skip
    mark = np.array([orientation], np.uint8)
    objects = turned(builder.annotations().objects, mark, np.array([float(height)]), np.array([float(width)]))
    objects = turned_bitmaps(objects, mark)
    seen = upright(drawn, orientation)[..., 0]
    rows, columns = np.nonzero(seen)
    assert objects.box[0].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert sorted(map(tuple, objects.rings[0].tolist())) == sorted(
        (x, y) for x in objects.box[0, ::2].tolist() for y in objects.box[0, 1::2].tolist()
    )
    (x, y, visible), unmarked = objects.keypoints[0].tolist()
    marked = np.zeros((height, width, 1), np.uint8)
    marked[top, left] = 1
    assert upright(marked, orientation)[int(y), int(x), 0] == 1
    assert (visible, unmarked) == (2, [0, 0, 0])
    np.testing.assert_array_equal(mask_of(objects.bitmap[0].tobytes(), *objects.bitmap_size[0]), seen)
