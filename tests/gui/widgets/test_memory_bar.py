from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.gui.widgets.memory_bar import SMALLEST_PART_PX, BarPart, MemoryBar
from stackgui.gui.widgets.theme import Role
from tests.gui.acting import to_array

GB = 10**9


def make_bar(qtbot, *sizes, capacity=21 * GB, taken=None):
    bar = MemoryBar()
    qtbot.addWidget(bar)
    bar.resize(300, bar.sizeHint().height())
    roles = (Role.ACCENT, Role.SECOND)
    names = ("Array", "Working memory")
    parts = [BarPart(*part) for part in zip(names, sizes, roles, strict=False)]
    bar.set_parts(parts, taken, BarPart("Free memory", capacity))
    return bar


def test_what_is_over_the_capacity_is_counted_and_drawn(qtbot):
    fits, over = make_bar(qtbot, 9 * GB, GB), make_bar(qtbot, 95 * GB, GB)
    assert fits.over_bytes == 0
    assert over.over_bytes == 75 * GB

    def looks_alarming(bar):
        right_end = to_array(bar.grab().toImage())[4:16, -40:-6].astype(int)
        return (right_end[..., 0] - right_end[..., 2]).mean() > 80

    assert looks_alarming(over)
    assert not looks_alarming(fits)


def test_hovering_tells_exact_bytes(qtbot):
    bar = make_bar(qtbot, 9_876_543_210, 1)
    assert bar.toolTip() == (
        "Array: 9,876,543,210 bytes\nWorking memory: 1 byte\nFree memory: 21,000,000,000 bytes"
    )


def test_it_can_be_heard(qtbot):
    assert "Array: 9.00 GB" in make_bar(qtbot, 9 * GB).accessibleDescription()


@pytest.mark.parametrize("sizes", [(), (0,), (0, 0)])
def test_nothing_to_show_is_drawn_too(qtbot, sizes):
    bar = make_bar(qtbot, *sizes, capacity=0)
    assert not bar.grab().isNull()
    assert bar.over_bytes == 0


def test_what_else_runs_lies_before_the_parts_and_is_named(qtbot):
    bar = make_bar(qtbot, 9 * GB, GB, capacity=20 * GB, taken=BarPart("what else runs", 10 * GB, Role.MUTED))
    (taken, first), (array, second), *_ = bar._segments()
    assert (taken.name, array.name) == ("what else runs", "Array")
    assert first.width() == pytest.approx(300 * 10 / 30)
    assert second.width() == pytest.approx(300 * 9 / 30)
    assert bar.over_bytes == 0, "what others use is not free, and not needed either"
    assert "what else runs: 10,000,000,000 bytes" in bar.toolTip()
    assert "what else runs: 10.0 GB" in bar.accessibleDescription()


SIZES = st.integers(0, 2**60)


@given(sizes=st.lists(SIZES, max_size=2), taken=SIZES, capacity=SIZES)
def test_parts_lie_side_by_side_within_the_bar(qapp, sizes, taken, capacity):
    bar = MemoryBar()
    bar.resize(300, 80)
    parts = [BarPart(str(place), size) for place, size in enumerate(sizes)]
    bar.set_parts(parts, BarPart("taken", taken), BarPart("free", capacity))
    segments = [segment for _, segment in bar._segments()]
    assert len(segments) == sum(size > 0 for size in (taken, *sizes))
    assert all(segment.left() >= 0 and segment.right() <= 300 + 3 * SMALLEST_PART_PX for segment in segments)
    assert all(a.right() <= b.left() + 1e-6 for a, b in pairwise(segments))
    bar.deleteLater()


def test_the_legend_has_room_for_every_part(qtbot):
    others = BarPart("what else runs", GB)
    heights = [make_bar(qtbot, *sizes, taken=others).sizeHint().height() for sizes in ((GB,), (GB, GB))]
    assert heights[0] < heights[1]
