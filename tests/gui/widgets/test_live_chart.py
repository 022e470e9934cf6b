from itertools import pairwise

import pytest

from stackgui.gui.widgets.live_chart import KEPT_POINTS, LiveChart
from tests.gui.acting import to_array


@pytest.fixture
def chart(qtbot):
    chart = LiveChart()
    qtbot.addWidget(chart)
    chart.resize(480, 96)
    return chart


def test_the_history_is_bounded_and_covers_the_whole_run(chart):
    for tick in range(20_000):
        chart.add(tick / 10, 10**9, 10**10, 2000.0)
    assert KEPT_POINTS / 4 < len(chart._points) <= KEPT_POINTS
    times = [point.elapsed_s for point in chart._points]
    assert times[0] == 0
    assert times[-1] == 1999.9
    assert times == sorted(times)
    gaps = [b - a for a, b in pairwise(times[:-1])]
    assert max(gaps) < 1999.9 / 100


def test_the_newest_value_is_told(chart):
    chart.add(0, 10**9, 2 * 10**9, 10)
    chart.add(1, 3 * 10**9, 2 * 10**9, 1234)
    assert chart.accessibleDescription() == "program 3.00 GB, free 2.00 GB, 1,234 rows a second"


def test_names_are_read_in_full_in_a_narrow_chart_whatever_the_values_are(chart):
    names = [line.name for line in chart._lines()]
    assert chart._rows_of_words(names, 400) == 1
    assert chart._rows_of_words(names, 90) == 2


def test_it_can_be_drawn_empty_with_one_point_and_with_zeros(chart):
    blank = to_array(chart.grab().toImage())
    chart.add(0, 0, 0, 0)
    assert not chart.grab().isNull()
    chart.add(3, 10**9, 10**9, 500)
    assert (to_array(chart.grab().toImage()) != blank).any()
    chart.clear()
    assert (to_array(chart.grab().toImage()) == blank).all()
