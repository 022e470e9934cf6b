"""What more arrays are worth, and the choice of how many."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QTableView, QTabWidget

from stackgui.core.base.choices import Fit
from stackgui.core.base.units import format_bytes
from stackgui.core.plan.curve import curve
from stackgui.gui.control.screen import State
from stackgui.gui.widgets.bucket_bars import BucketBars, told
from tests.gui.acting import choose, words


@pytest.fixture
def bars(ready, app, find, qtbot) -> BucketBars:
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.buckets)
    found = find(BucketBars, "bucketBars")
    qtbot.waitUntil(lambda: len(found._points) > 0)
    return found


@pytest.fixture
def settled(app, qtbot):
    """Wait for the plan of the options, and be able to convert again."""

    def wait(**wanted) -> None:
        def so() -> bool:
            screen = app.controller.screen
            plan = screen.plan
            return (
                screen.state is State.READY
                and plan is not None
                and all(getattr(plan.options, name) == value for name, value in wanted.items())
            )

        qtbot.waitUntil(so, timeout=20_000)

    return wait


def press(qtbot, bars: BucketBars, buckets: int) -> None:
    middle = bars._line(buckets).center().toPoint()
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(middle))


def cells(find) -> list[list[str]]:
    model = find(QTableView, "buckets.table").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_curve_is_that_of_the_plans(bars, app):
    plan = app.controller.screen.plan
    assert bars._points == curve(plan.options, plan.catalog)
    assert bars.accessibleDescription() == told(bars._points[0])


def test_a_click_chooses_the_number_of_arrays(bars, app, find, qtbot, settled):
    press(qtbot, bars, 2)
    assert app.controller.screen.options.buckets == 2
    settled(buckets=2)
    arrays = app.controller.screen.plan.arrays
    assert len(arrays) == 2
    assert [row[1:] for row in cells(find)] == [
        [f"{array.rows:,}", format_bytes(array.data_bytes), array.file] for array in arrays
    ]
    assert words(find, "buckets.state").startswith("2 arrays, ")
    assert bars._points, "the curve is the same, whatever is chosen on it"


def test_keys_choose_too(bars, app, qtbot, settled):
    qtbot.keyClick(bars, Qt.Key.Key_3)
    assert app.controller.screen.options.buckets == 3
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert app.controller.screen.options.buckets == 2
    qtbot.keyClick(bars, Qt.Key.Key_0)
    qtbot.keyClick(bars, Qt.Key.Key_9)
    settled(buckets=2)


def test_sizes_become_multiples_and_not_too_small(bars, app, find, qtbot, settled):
    press(qtbot, bars, 3)
    choose(find, qtbot, "buckets.multiple", "32")
    find(QSpinBox, "buckets.smallest").setValue(150)
    settled(buckets=3, multiple=32, smallest_px=150)
    for bucket in app.controller.screen.plan.buckets:
        assert bucket.height % 32 == bucket.width % 32 == 0
        assert min(bucket.height, bucket.width) >= 150
    qtbot.waitUntil(lambda: len(bars._points) > 0)
    assert bars._points[2].arrays == app.controller.screen.plan.arrays


def test_a_multiple_from_elsewhere_is_shown(bars, app, find, settled):
    app.controller.choose_options(replace(app.controller.screen.options, multiple=24))
    settled(multiple=24)
    assert find(QComboBox, "buckets.multiple").currentText() == "24"


def test_while_arrays_are_worked_out_nothing_is_converted_and_the_last_wish_counts(
    bars, app, find, qtbot, settled
):
    press(qtbot, bars, 4)
    assert app.controller.screen.planning
    assert app.controller.screen.obstacle == "Planning the arrays."
    assert find(QLabel, "buckets.state").text() == "Planning the arrays…"
    app.controller.convert()
    assert not app.controller.screen.running
    for fit in (Fit.COVER, Fit.STRETCH, Fit.LETTERBOX):
        app.controller.choose_options(replace(app.controller.screen.options, fit=fit))
    settled(buckets=4, fit=Fit.LETTERBOX)
    assert not app.controller.screen.planning
    app.controller.travel(back=True)
    settled(buckets=app.controller.screen.options.buckets, fit=app.controller.screen.options.fit)


def test_impossible_options_are_said_when_there_are_several_arrays_too(bars, app, qtbot, settled):
    press(qtbot, bars, 2)
    settled(buckets=2)
    app.controller.choose_options(replace(app.controller.screen.options, fill=0.5))
    qtbot.waitUntil(lambda: "0.5" in app.controller.screen.plan_problem)
    assert app.controller.screen.state is State.BLOCKED
    app.controller.choose_options(replace(app.controller.screen.options, fill=0.0))
    settled(buckets=2, fill=0.0)


def test_nothing_is_worked_out_while_nobody_looks(ready, app, find, qtbot):
    qtbot.wait(500)
    assert find(BucketBars, "bucketBars")._points == ()


def test_the_longest_title_of_the_table_is_not_cut_off_in_a_small_window(bars, app, find, qtbot):
    header = find(QTableView, "buckets.table").horizontalHeader()
    app.window.resize(960, 600)
    qtbot.waitUntil(lambda: header.sectionSize(0) >= header.sectionSizeHint(0))
