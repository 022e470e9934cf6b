import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from stackgui.gui.widgets.thumb_grid import KEPT_THUMBS, ThumbGrid


@pytest.fixture
def grid(qtbot):
    grid = ThumbGrid()
    qtbot.addWidget(grid)
    grid.resize(600, 400)
    grid.show()
    qtbot.waitExposed(grid)
    return grid


@pytest.fixture
def view(grid):
    return grid.findChild(QTableView, "thumbGrid")


@pytest.mark.parametrize("count", [1, 3, 150_000, 1_000_000])
def test_only_what_is_visible_is_asked_for(qtbot, grid, count):
    with qtbot.waitSignal(grid.visible_changed) as asked:
        grid.set_count(count)
    first, last = asked.args
    assert first == 0
    assert last == min(count - 1, last) < 30


def test_nothing_is_asked_for_when_there_is_nothing(qtbot, grid):
    with qtbot.assertNotEmitted(grid.visible_changed, wait=200):
        grid.set_count(0)
    assert grid.visible_range() is None


def test_scrolling_to_the_end_asks_for_the_last(qtbot, grid, view):
    grid.set_count(1_000_000)
    with qtbot.waitSignal(
        grid.visible_changed, check_params_cb=lambda _first, last: last == 999_999
    ) as asked:
        qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 10**6)
        view.scrollToBottom()
    assert asked.args[0] > 999_900


def test_another_width_keeps_in_view_what_was(qtbot, grid, view):
    grid.set_count(150_000)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 10**6)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    first, _ = grid.visible_range()
    grid.resize(1000, 400)
    qtbot.waitUntil(lambda: grid._model.columns > 4)
    now, last = grid.visible_range()
    assert now <= first <= last


def test_a_new_plan_for_as_many_samples_does_not_scroll(qtbot, grid, view, thumb):
    grid.set_count(1000)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 900)
    view.verticalScrollBar().setValue(900)
    grid.set_thumb(0, thumb(0))
    grid.set_count(1000)
    assert view.verticalScrollBar().value() == 900
    assert grid._model.at(0).data() is None


def test_a_thumbnail_appears_where_it_belongs(grid, view, thumb, blank):
    grid.set_count(50)
    grid.set_thumb(6, thumb(6))
    grid.set_thumb(7, blank)
    assert grid._model.at(6).data() == "cats/6.jpg"
    assert "blank" in grid._model.at(7).data(Qt.ItemDataRole.ToolTipRole)
    grid.set_thumb(6, None)
    assert grid._model.at(6).data() is None
    assert not view.grab().isNull()


def test_a_late_thumbnail_beyond_the_end_does_no_harm(grid, thumb):
    grid.set_count(5)
    grid.set_thumb(9, thumb(9))
    assert not grid._model.at(9).isValid()


def test_what_is_kept_is_bounded(grid, thumb):
    grid.set_count(KEPT_THUMBS * 2)
    for row in range(KEPT_THUMBS + 10):
        grid.set_thumb(row, thumb(row))
    assert grid._model.at(9).data() is None
    assert grid._model.at(10).data() == "cats/10.jpg"


def test_the_arrow_keys_go_on_in_the_next_line(qtbot, grid, view):
    grid.set_count(50)
    chosen = []
    grid.selected.connect(chosen.append)
    view.setCurrentIndex(grid._model.at(0))
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert chosen == [0, 1, 2, 3, 4, 5, 4]


def test_the_empty_cells_of_the_last_line_cannot_be_chosen(qtbot, grid, view):
    columns = grid._model.columns
    grid.set_count(columns + 1)
    assert grid._model.index(1, 1).flags() == Qt.ItemFlag.NoItemFlags
