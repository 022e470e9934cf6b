from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPalette

from stackgui.core.plan.plan import NO_ROW
from stackgui.core.run.progress import RowThumb, Uncut
from stackgui.gui.widgets.row_picture import RowPicture
from tests.gui.acting import to_array


def drawn(thumb: RowThumb, palette: QPalette) -> np.ndarray:
    """The row at its own size, shape (48, 64, 4)."""
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    RowPicture(thumb).paint(painter, QRectF(0, 0, 64, 48), palette)
    painter.end()
    return to_array(image)


def test_the_picture_lies_where_it_lies_in_the_row(qapp, thumb):
    inner = drawn(thumb(3), qapp.palette())[2:-2, 2:30, :3]
    assert (inner == (200, 0, 0)).all()


def test_padding_is_hatched(qapp, thumb):
    padding = drawn(thumb(3), qapp.palette())[2:-2, 34:-2, :3].reshape(-1, 3)
    assert len(np.unique(padding, axis=0)) > 2
    # Every line and every column of a few pixels holds both ground and ink: nowhere is it plain.
    grey = drawn(thumb(3), qapp.palette())[2:-2, 34:-2, 1].astype(int)
    assert np.ptp(grey, axis=0).min() > 10
    assert np.ptp(grey, axis=1).min() > 10


def test_padding_is_hatched_in_the_dark_too(dark, thumb):
    grey = drawn(thumb(3), dark)[2:-2, 34:-2, 1].astype(int)
    assert np.ptp(grey, axis=0).min() > 10
    assert grey.mean() < 128


def test_a_blank_row_looks_unlike_padding_and_is_marked(qapp, thumb, blank):
    marked, padded = drawn(blank, qapp.palette()), drawn(thumb(3), qapp.palette())
    red, blue = marked[2:12, 40:-2, 0].astype(int), marked[2:12, 40:-2, 2].astype(int)
    assert (red - blue).mean() > 20
    assert np.abs(padded[2:12, 40:-2, 0].astype(int) - padded[2:12, 40:-2, 2]).mean() < 5
    assert np.ptp(marked[18:30, 24:40, 1].astype(int)) > 60


@pytest.mark.parametrize("in_the_dark", [False, True])
def test_what_is_left_out_looks_unlike_what_failed_without_colours_too(qapp, dark, blank, in_the_dark):
    palette = dark if in_the_dark else qapp.palette()
    failed = drawn(blank, palette)
    left_out = drawn(replace(blank, row=NO_ROW, reason="left out"), palette)
    red, blue = left_out[..., 0].astype(int), left_out[..., 2].astype(int)
    assert np.abs(red - blue).max() < 40  # nothing in the colour of failures
    grey = [each[13:35, 21:43, :3].mean(axis=2) for each in (failed, left_out)]
    assert np.abs(grey[0] - grey[1]).max() > 60  # the marks differ in their form
    assert np.ptp(grey[1]) > 60


@given(
    row=st.tuples(st.integers(1, 200), st.integers(1, 200)),
    area=st.tuples(st.integers(8, 300), st.integers(8, 300)),
    share=st.tuples(*[st.floats(0, 1)] * 4),
)
def test_frame_and_picture_stay_inside(row, area, share):
    height, width = max(1, int(share[0] * row[0])), max(1, int(share[1] * row[1]))
    top, left = int(share[2] * (row[0] - height)), int(share[3] * (row[1] - width))
    thumb = RowThumb(0, "a", np.zeros((height, width, 3), np.uint8), row, (top, left, height, width))
    picture = RowPicture(thumb)
    whole = QRectF(0, 0, area[1], area[0])
    frame = picture.frame(whole)
    assert whole.contains(frame)
    placed = picture._in_frame(frame, QRectF(left, top, width, height))
    # A picture of less than one pixel of the screen is drawn as one.
    assert frame.adjusted(0, 0, 1, 1).contains(placed)


@given(
    row=st.tuples(st.integers(1, 100), st.integers(1, 100)),
    beyond=st.tuples(*[st.integers(0, 80)] * 4),
)
def test_what_a_row_leaves_out_is_drawn_around_it_and_stays_inside_too(row, beyond):
    above, below, before, after = beyond
    height, width = row
    whole = np.full((above + height + below, before + width + after, 3), 90, np.uint8)
    uncut = Uncut(whole, above, before)
    kept = whole[above : above + height, before : before + width]
    picture = RowPicture(RowThumb(0, "a", kept, row, (0, 0, height, width), uncut=uncut))
    area = QRectF(0, 0, 200, 150)
    frame = picture.frame(area)
    around = picture._in_area(area, picture._whole())
    assert area.contains(around)
    assert around.adjusted(-1, -1, 1, 1).contains(frame)


def test_what_is_cut_off_is_dimmed(qapp):
    whole = np.zeros((48, 64, 3), np.uint8)
    uncut = Uncut(whole, 0, 16)
    thumb = RowThumb(0, "a", whole[:, 16:48], (48, 32), (0, 0, 48, 32), uncut=uncut)
    shown = drawn(thumb, qapp.palette())
    assert shown[24, 32, 0] < 20
    assert 60 < shown[24, 8, 0] < 230


@pytest.mark.parametrize("row", [(1, 1000), (1000, 1)])
def test_extreme_shapes_are_drawn(qapp, row):
    thumb = RowThumb(0, "a", np.zeros((1, 1, 3), np.uint8), row, (0, 0, 1, 1))
    assert drawn(thumb, qapp.palette()).shape == (48, 64, 4)
