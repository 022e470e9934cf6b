import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTableView

from stackgui.gui.widgets.thumb_grid import ThumbGrid
from stackgui.gui.widgets.thumb_model import KEPT_THUMBS


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


def moved_to(place):
    """A movement of the mouse to `place` with the left button held."""
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), QPointF(place), left, left, Qt.KeyboardModifier(0)
    )


@pytest.mark.parametrize("count", [1, 3, 150_000, 1_000_000])
def test_only_what_is_visible_is_asked_for(qtbot, grid, count):
    with qtbot.waitSignal(grid.visible_changed) as asked:
        grid.set_samples(np.arange(count))
    assert asked.args == []
    first, last = grid.visible_range()
    assert first == 0
    assert last == min(count - 1, last) < 30
    assert grid.visible_samples().tolist() == list(range(last + 1))


def test_nothing_is_asked_for_when_there_is_nothing(qtbot, grid):
    with qtbot.assertNotEmitted(grid.visible_changed, wait=200):
        grid.set_samples(np.arange(0))
    assert grid.visible_range() is None


def test_scrolling_to_the_end_asks_for_the_last(qtbot, grid, view):
    grid.set_samples(np.arange(1_000_000))
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 10**6)
    with qtbot.waitSignal(grid.visible_changed):
        view.scrollToBottom()
    first, last = grid.visible_range()
    assert (first > 999_900, last) == (True, 999_999)


def test_another_width_keeps_in_view_what_was(qtbot, grid, view):
    grid.set_samples(np.arange(150_000))
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 10**6)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    first, _ = grid.visible_range()
    grid.resize(1000, 400)
    qtbot.waitUntil(lambda: grid._model.columns > 4)
    now, last = grid.visible_range()
    assert now <= first <= last


def test_the_same_list_once_more_neither_scrolls_nor_drops_thumbnails(qtbot, grid, view, thumb):
    grid.set_samples(np.arange(1000))
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 900)
    view.verticalScrollBar().setValue(900)
    grid.set_thumb(0, thumb(0))
    grid.set_samples(np.arange(1000))
    assert view.verticalScrollBar().value() == 900
    assert grid._model.at(0).data() == "cats/0.jpg"


def test_in_another_order_thumbnails_and_marks_stay_with_their_samples(grid, thumb):
    grid.set_samples(np.arange(10))
    grid.set_thumb(3, thumb(3))
    grid.go_to(3)
    grid.set_samples(np.arange(10)[::-1])
    assert grid._model.at(6).data() == "cats/3.jpg"
    assert (grid.marked_samples.tolist(), grid.current) == ([3], 3)
    grid.set_samples(np.array([5, 4]))
    assert (grid.marked_samples.tolist(), grid.current) == ([], 4)
    grid.forget()
    assert grid._model.at(1).data() is None


def test_a_thumbnail_appears_where_it_belongs(grid, view, thumb, blank):
    grid.set_samples(np.arange(50))
    grid.set_thumb(6, thumb(6))
    grid.set_thumb(7, blank)
    assert grid._model.at(6).data() == "cats/6.jpg"
    assert "blank" in grid._model.at(7).data(Qt.ItemDataRole.ToolTipRole)
    grid.set_thumb(6, None)
    assert grid._model.at(6).data() is None
    assert not view.grab().isNull()


def test_a_late_thumbnail_beyond_the_end_does_no_harm(grid, thumb):
    grid.set_samples(np.arange(5))
    grid.set_thumb(9, thumb(9))
    assert not grid._model.at(9).isValid()


def test_what_is_kept_is_bounded(grid, thumb):
    grid.set_samples(np.arange(KEPT_THUMBS * 2))
    for row in range(KEPT_THUMBS + 10):
        grid.set_thumb(row, thumb(row))
    assert grid._model.at(9).data() is None
    assert grid._model.at(10).data() == "cats/10.jpg"


def test_keys_move_and_mark_as_in_a_file_manager(qtbot, grid, view):
    grid.set_samples(np.arange(50))
    columns = grid._model.columns
    key = Qt.Key
    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier

    def press(which, held=Qt.KeyboardModifier.NoModifier):
        qtbot.keyClick(view, which, held)
        return grid.current, grid.marked_samples.tolist()

    assert press(key.Key_Right) == (0, [0]), "the first key begins at the first picture"
    for _ in range(columns):
        went = press(key.Key_Right)
    assert went == (columns, [columns]), "the right key goes on in the next line"
    assert press(key.Key_Left) == (columns - 1, [columns - 1])
    assert press(key.Key_Up)[0] == columns - 1
    assert press(key.Key_Down)[0] == 2 * columns - 1
    assert press(key.Key_Right, shift) == (2 * columns, [2 * columns - 1, 2 * columns])
    assert press(key.Key_End, ctrl) == (49, [2 * columns - 1, 2 * columns]), "Ctrl moves without marking"
    assert press(key.Key_Space)[1] == [2 * columns - 1, 2 * columns, 49]
    assert press(key.Key_Home) == (0, [0])
    assert press(key.Key_A, ctrl)[1] == list(range(50))
    assert press(key.Key_Escape)[1] == []
    assert press(key.Key_PageDown)[0] > columns


def test_clicks_and_the_rubber_band_mark_as_in_a_file_manager(qtbot, grid, view):
    grid.set_samples(np.arange(50))
    columns = grid._model.columns
    left = Qt.MouseButton.LeftButton

    def middle(position):
        return view.visualRect(grid._model.at(position)).center()

    def click(position, held=Qt.KeyboardModifier.NoModifier, button=left):
        qtbot.mouseClick(view.viewport(), button, held, middle(position))
        return grid.marked_samples.tolist()

    assert click(1) == [1]
    assert click(columns + 1, Qt.KeyboardModifier.ShiftModifier) == list(range(1, columns + 2))
    assert click(3, Qt.KeyboardModifier.ControlModifier) == [1, 2, *range(4, columns + 2)]
    assert click(2, button=Qt.MouseButton.RightButton) == [1, 2, *range(4, columns + 2)], (
        "the menu is for all"
    )
    assert click(0, button=Qt.MouseButton.RightButton) == [0]
    qtbot.mousePress(view.viewport(), left, pos=middle(0))
    qtbot.mouseMove(view.viewport(), middle(columns))
    view.mouseMoveEvent(moved_to(middle(columns + 1)))
    qtbot.mouseRelease(view.viewport(), left, pos=middle(columns + 1))
    assert grid.marked_samples.tolist() == [0, 1, columns, columns + 1]


def test_enter_and_a_double_click_open_and_delete_asks(qtbot, grid, view):
    grid.set_samples(np.array([4, 7]))
    opened, deleted = [], []
    grid.opened.connect(opened.append)
    grid.delete_wanted.connect(lambda: deleted.append(grid.current))
    grid.go_to(7)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(grid._model.at(0)).center()
    )
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert (opened, deleted) == ([7, 4], [7])
    assert (grid.beside(4, 1), grid.beside(4, -1), grid.beside(9, 1)) == (7, -1, -1)


def test_the_empty_cells_of_the_last_line_cannot_be_chosen(qtbot, grid, view):
    columns = grid._model.columns
    grid.set_samples(np.arange(columns + 1))
    assert grid._model.index(1, 1).flags() == Qt.ItemFlag.NoItemFlags
