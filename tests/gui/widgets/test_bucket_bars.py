import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from stackgui.core.plan.curve import CurvePoint
from stackgui.core.plan.plan import ArraySpec
from stackgui.gui.widgets.bucket_bars import BucketBars, told
from tests.gui.acting import to_array


def make_point(buckets: int, rows: int, waste: float) -> CurvePoint:
    return CurvePoint(buckets, (ArraySpec("images.npy", (rows, 10, 10, 1), "uint8"),), waste)


POINTS = (make_point(1, 1000, 0.5), make_point(2, 500, 0.0))


@pytest.fixture
def bars(qtbot):
    made = BucketBars()
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    made.set_points(POINTS)
    made.show()
    return made


def place(bars: BucketBars, buckets: int) -> QPoint:
    return bars._line(buckets).center().toPoint()


def accent_px(bars: BucketBars, buckets: int) -> int:
    """How much of a line is neither grey nor hatched."""
    pixels = to_array(bars.grab().toImage()).astype(int)
    line = pixels[place(bars, buckets).y()]
    return int(((line[:, 2] - line[:, 0]) > 40).sum())


def test_a_bar_is_as_long_as_its_bytes_and_padding_is_not_of_the_same_colour(bars):
    bars.set_chosen(8)
    assert accent_px(bars, 1) > 100
    assert accent_px(bars, 1) == pytest.approx(accent_px(bars, 2), abs=4), "half of twice as much is padding"
    assert accent_px(bars, 3) == 0


def test_only_what_is_known_can_be_chosen(bars, qtbot):
    told_of = []
    bars.chosen.connect(told_of.append)
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place(bars, 2))
    qtbot.mouseClick(bars, Qt.MouseButton.RightButton, pos=place(bars, 1))
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=place(bars, 3))
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert told_of == [2, 2]


def test_it_says_what_is_chosen(bars):
    bars.set_chosen(2)
    assert bars.accessibleDescription() == told(POINTS[1])
    assert told(POINTS[1]) == "1 array: 50,000 bytes, 0 % of it padding"
    bars.set_points(())
    assert bars.accessibleDescription() == "2 arrays"


def test_hovering_tells_the_exact_figures(bars, monkeypatch):
    shown = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: shown.append(text))
    at = place(bars, 1)
    QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, at, bars.mapToGlobal(at)))
    assert "100,000 bytes" in shown[0]
