import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from stackgui.core.catalog.statistics import SizeCounts
from stackgui.gui.widgets.size_keys import CTRL, SHIFT, STEPS, around, framed

sides = st.integers(1, 5_000)
pressed = st.tuples(st.sampled_from(sorted(STEPS)), st.booleans())


def made(pairs):
    height, width = np.array(sorted(pairs), np.int32).T
    ones = np.ones(len(height), np.int64)
    return SizeCounts(height, width, ones, ones)


def key(code, *, with_shift):
    held = CTRL | SHIFT if with_shift else CTRL
    return QKeyEvent(QEvent.Type.KeyPress, code, held)


@given(st.sets(st.tuples(sides, sides), min_size=1), st.lists(pressed, max_size=30))
def test_edges_stop_at_sides_that_pictures_have_and_never_pass_each_other(pairs, keys):
    sizes, frame = made(pairs), None
    for code, with_shift in keys:
        frame = framed(frame, sizes, key(code, with_shift=with_shift))
        assert frame.least_width <= frame.most_width
        assert frame.least_height <= frame.most_height
        assert {frame.least_width, frame.most_width} <= set(map(int, sizes.width))
        assert {frame.least_height, frame.most_height} <= set(map(int, sizes.height))


@given(st.sets(st.tuples(sides, sides), min_size=1))
def test_every_edge_comes_to_the_other_end_and_back(pairs):
    sizes = made(pairs)
    whole = frame = around(sizes)
    for _ in range(100):
        frame = framed(frame, sizes, key(Qt.Key.Key_Left, with_shift=False))
    assert frame.most_width == frame.least_width == whole.least_width
    for _ in range(100):
        frame = framed(frame, sizes, key(Qt.Key.Key_Right, with_shift=False))
    assert frame == whole


def test_other_keys_draw_no_frame():
    sizes = made({(1, 2)})
    plain = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    letter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, CTRL)
    assert framed(None, sizes, plain) is None
    assert framed(None, sizes, letter) is None
