"""In languages that are read from right to left: what points somewhere mirrors, pictures and plots do not."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QTableView

from stackgui.gui.panels.sources.sources import SourcesPanel
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.size_canvas import SizeCanvas
from stackgui.gui.widgets.thumb_grid import ThumbGrid
from stackgui.gui.widgets.zoom_view import ZoomView


@pytest.fixture
def mirrored(qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def picture(icon: QIcon):
    return icon.pixmap(QSize(32, 32)).toImage()


def test_what_points_forward_or_back_points_the_other_way(qapp):
    names = ("chevron-left", "chevron-right", "undo", "redo", "save", "play")
    plain = {name: picture(theme.icon(name)) for name in names}
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        now = {name: picture(theme.icon(name)) for name in names}
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    for name, other in (("chevron-left", "chevron-right"), ("undo", "redo")):
        assert (now[name], now[other]) == (plain[other], plain[name])
    assert (now["save"], now["play"]) == (plain["save"], plain["play"])


def test_the_plot_of_sizes_stays_as_it_is(mirrored, qtbot):
    canvas = SizeCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    canvas.show()
    across, down = canvas._plot, canvas._down
    qtbot.waitUntil(lambda: down.scenePos().x() > 0)
    assert across.scenePos().x() < down.scenePos().x(), "heights are counted at its right"
    assert canvas.isRightToLeft()


def test_the_icon_of_what_was_skipped_follows_its_text(mirrored, qtbot):
    panel = SourcesPanel()
    qtbot.addWidget(panel)
    assert panel.isRightToLeft()
    assert not panel._skipped.isRightToLeft()


def test_keys_and_rubber_band_go_where_the_eye_sees_them_go(mirrored, qtbot):
    grid = ThumbGrid()
    qtbot.addWidget(grid)
    grid.resize(600, 400)
    grid.show()
    grid.set_samples(np.arange(50))
    view = grid.findChild(QTableView, "thumbGrid")
    for key, current in ((Qt.Key.Key_Left, 0), (Qt.Key.Key_Left, 1), (Qt.Key.Key_Right, 0)):
        qtbot.keyClick(view, key)
        assert grid.current == current
    first = view.visualRect(view.model().index(0, 0))
    assert first.center().x() > view.viewport().width() // 2, "the first picture is at the right"
    band = QRect(first.center(), first.center() + QPoint(2, 2))
    assert view._inside(band).tolist() == [0]


def test_the_next_picture_is_at_the_left(mirrored, qtbot):
    view = ZoomView()
    qtbot.addWidget(view)
    steps = []
    view.stepped.connect(steps.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageDown):
        qtbot.keyClick(view, key)
    assert steps == [1, -1, 1]
