import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView

from stackgui.gui.widgets.label_bars import LabelBars
from tests.gui.acting import to_array


@pytest.fixture
def bars(qtbot):
    bars = LabelBars()
    qtbot.addWidget(bars)
    bars.resize(400, 200)
    bars.show()
    return bars


@pytest.fixture
def view(bars):
    return bars.findChild(QListView, "labelBars")


def test_a_thousand_labels_scroll(qtbot, bars, view):
    bars.set_counts({f"class {number}": number for number in range(1000)})
    assert view.model().rowCount() == 1000
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 0)
    view.scrollToBottom()
    assert not view.grab().isNull()


def test_hovering_tells_count_and_share(bars, view):
    bars.set_counts({"cats": 3, "dogs": 1})
    index = view.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Label 0, cats: 3 pictures, 75 % of all"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) in index.data(Qt.ItemDataRole.ToolTipRole)


def test_names_of_folders_are_no_markup_and_no_control_characters(bars, view):
    bars.set_counts({"<img src=x>\x1b": 1})
    index = view.model().index(0, 0)
    assert index.data() == "<img src=x>\\x1b"
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize("size_pt", [8, 9.3, 10, 11.7, 13])
def test_a_name_for_which_there_is_room_is_not_shortened(bars, view, size_pt):
    font = view.font()
    font.setPointSizeF(size_pt)
    bars.setFont(font)
    for name in ("landscapes", "flowers", "Fjord", "cat"):
        bars.set_counts({name: 3, "a": 1})
        metrics = view.fontMetrics()
        assert metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, view.itemDelegate().name_px) == name


def test_a_bar_is_as_long_as_its_share_of_the_largest(bars, view):
    bars.set_counts({"many": 100, "half": 50, "none": 0})
    pixels = to_array(view.viewport().grab().toImage()).astype(int)

    def bar_px(row):
        line = pixels[view.visualRect(view.model().index(row, 0)).center().y()]
        return int(((line[:, 2] - line[:, 0]) > 40).sum())

    assert bar_px(0) > 100
    assert bar_px(1) == pytest.approx(bar_px(0) / 2, abs=3)
    assert bar_px(2) == 0


def test_no_labels_at_all(bars, view):
    bars.set_counts({"cats": 3})
    bars.set_counts({})
    assert view.model().rowCount() == 0
    assert view.isHidden()
    bars.set_counts({"cats": 3})
    assert not view.isHidden()
