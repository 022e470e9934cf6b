import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QToolButton

from stackgui.core.catalog.selection import SizeRange
from stackgui.core.catalog.statistics import SizeCounts
from stackgui.gui.widgets.size_keys import CTRL, SHIFT
from stackgui.gui.widgets.size_plot import KEYS_HINT, SizePlot
from tests.gui.acting import to_array
from tests.pointing import place_of, viewport


@pytest.fixture
def plot(qtbot, sizes):
    plot = SizePlot()
    qtbot.addWidget(plot)
    plot.resize(600, 500)
    plot.set_target((300, 400))
    plot.example_name = "no. {}".format
    plot.set_sizes(sizes)
    plot.show()
    qtbot.waitExposed(plot)
    plot.grab()  # lays everything out
    return plot


def readout(plot):
    return plot.findChild(QLabel, "sizePlot.readout").text()


def test_importing_it_does_not_import_pyqtgraph():
    code = "import sys, stackgui.gui.widgets.size_plot; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_words_beside_the_lines_can_be_read_in_full_or_not_at_all(plot):
    lines = plot._canvas._width_line, plot._canvas._height_line
    area = plot._canvas._plot.vb

    def cut_off() -> list[str]:
        room = area.sceneBoundingRect().adjusted(-1, -1, 1, 1)
        shown = [line.label for line in lines if line.label.opacity() > 0]
        return [each.format for each in shown if not room.contains(each.sceneBoundingRect())]

    for width, height in ((600, 500), (420, 260)):
        plot.resize(width, height)
        plot.grab()
        assert cut_off() == []
        assert all(line.label.opacity() > 0 for line in lines)
    area.setRange(xRange=(0, 390), yRange=(0, 290), padding=0)
    plot.grab()
    assert all(line.label.opacity() == 0 for line in lines), "just beyond the edge"
    plot._canvas.show_all()
    plot.grab()
    assert all(line.label.opacity() > 0 for line in lines)


@pytest.mark.parametrize("size", [(600, 500), (420, 260)])
@pytest.mark.parametrize("target", [(20, 20), (1, 120), (60, 60), (300, 400)])
def test_words_beside_the_lines_never_cover_each_other(plot, target, size):
    plot.resize(*size)
    plot.set_target(target)
    plot.grab()
    width, height = (each.label for each in (plot._canvas._width_line, plot._canvas._height_line))
    assert not width.sceneBoundingRect().intersects(height.sceneBoundingRect())


def test_dragging_the_width_tells_height_and_width(plot, drag):
    told = []
    plot.target_dragged.connect(lambda height, width: told.append((height, width)))
    drag(viewport(plot), place_of(plot, 150, 400), place_of(plot, 150, 500))
    assert told[-1][0] == 300
    assert told[-1][1] == pytest.approx(500, abs=4)
    widths = [width for _, width in told]
    assert widths == sorted(widths)


def test_dragging_the_height_tells_height_and_width(plot, drag):
    told = []
    plot.target_dragged.connect(lambda height, width: told.append((height, width)))
    drag(viewport(plot), place_of(plot, 300, 200), place_of(plot, 220, 200))
    assert told[-1][1] == 400
    assert told[-1][0] == pytest.approx(220, abs=4)


def test_setting_the_target_is_not_told_and_does_not_move_the_view(qtbot, plot):
    before = plot._canvas._window()
    with qtbot.assertNotEmitted(plot.target_dragged):
        plot.set_target((350, 450))
    assert plot._canvas._window() == before
    assert plot._canvas._width_line.value() == 450


def test_a_target_beyond_the_pictures_is_brought_into_view_unless_someone_looks_closer(plot):
    plot.set_target((300, 9_000))
    assert plot._canvas._window().right > 9_000
    wide = plot._canvas._window()
    plot.set_target((300, 400))
    assert plot._canvas._window() == wide, "nothing moves that need not"
    plot._canvas._plot.setRange(xRange=(100, 200), yRange=(50, 250), padding=0)
    plot._canvas._plot.vb.sigRangeChangedManually.emit([True, True])
    closer = plot._canvas._window()
    plot.set_target((300, 9_500))
    assert plot._canvas._window() == closer


def test_a_line_that_is_dragged_beyond_the_view_moves_nothing_else(plot):
    before = plot._canvas._window()
    plot._canvas._width_line.moving = True
    plot.set_target((300, 9_000))
    assert plot._canvas._window() == before


def test_looking_closer_counts_what_is_in_view_in_finer_bins(qtbot, plot):
    before = plot._canvas._width_bars.opts["width"]
    plot._canvas._plot.setRange(xRange=(100, 200), yRange=(50, 250), padding=0)
    qtbot.waitUntil(lambda: plot._canvas._width_bars.opts["width"] < before)
    assert plot._canvas._width_bars.opts["height"].max() == 1


def test_a_frame_picks_the_sizes_in_it(plot, drag):
    told = []
    plot.range_picked.connect(told.append)
    drag(viewport(plot), place_of(plot, 60, 120), place_of(plot, 250, 200))
    (picked,) = told
    assert picked.least_height == pytest.approx(60, abs=4)
    assert picked.most_height == pytest.approx(250, abs=4)
    assert picked.least_width == pytest.approx(120, abs=4)
    assert picked.most_width == pytest.approx(200, abs=4)
    assert plot._canvas._band.isVisible()
    plot.set_picked(None)
    assert not plot._canvas._band.isVisible()


def test_a_click_picks_one_size_and_a_click_beside_takes_it_back(qtbot, plot):
    told = []
    plot.range_picked.connect(told.append)
    where = place_of(plot, 200, 150).toPoint()
    qtbot.mouseClick(viewport(plot), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseClick(viewport(plot), Qt.MouseButton.LeftButton, pos=place_of(plot, 60, 500).toPoint())
    assert told == [SizeRange(200, 200, 150, 150), None]


def test_with_shift_the_drawing_is_moved_instead(plot):
    before = plot._canvas._window()
    box = plot._canvas._plot.vb
    assert box.state["mouseMode"] == box.PanMode
    assert box.state["mouseEnabled"] == [True, True]
    assert plot._canvas._window() == before


def test_logarithmic_axes_tell_the_same_sizes(qtbot, plot, drag):
    qtbot.mouseClick(plot.findChild(QToolButton, "sizePlot.log"), Qt.MouseButton.LeftButton)
    assert plot._canvas._plot.getAxis("bottom").tickStrings([2, np.log10(500)], 1, 1) == ["100", "500"]
    told = []
    plot.target_dragged.connect(lambda height, width: told.append((height, width)))
    places = [QPointF(np.log10(400), np.log10(150)), QPointF(np.log10(500), np.log10(150))]
    scene = [plot._canvas._plot.vb.mapViewToScene(place) for place in places]
    drag(viewport(plot), *(QPointF(plot._canvas._graphics.mapFromScene(point)) for point in scene))
    assert told[-1] == (300, pytest.approx(500, abs=8))
    qtbot.mouseClick(plot.findChild(QToolButton, "sizePlot.log"), Qt.MouseButton.LeftButton)
    assert plot._canvas._width_line.value() == told[-1][1]


@pytest.mark.parametrize("name", ["sizes.png", "sizes.svg"])
def test_it_is_saved_as_a_picture(plot, tmp_path, name):
    assert plot.save(str(tmp_path / name))
    saved = QImage(str(tmp_path / name))
    assert saved.width() >= plot._canvas.width()
    assert len(np.unique(to_array(saved).reshape(-1, 3), axis=0)) > 3
    assert not plot.save(str(tmp_path / "nowhere" / name))


def test_what_cannot_be_used_yet_is_off(qtbot):
    empty = SizePlot()
    qtbot.addWidget(empty)
    assert not any(tool.isEnabled() for tool in empty.findChildren(QToolButton))
    assert not empty.save("nothing.png")


def test_without_a_target_no_lines_are_shown(plot):
    plot.set_target(None)
    assert not plot._canvas._width_line.isVisible()
    assert not plot._canvas._height_line.isVisible()


def press(qtbot, plot, key, *held):
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= each
    qtbot.keyClick(plot._canvas, key, modifiers)


def test_a_frame_is_drawn_by_keys_and_taken_away_by_escape(qtbot, plot, sizes):
    told = []
    plot.range_picked.connect(told.append)
    widths = sorted(set(map(int, sizes.width)))
    press(qtbot, plot, Qt.Key.Key_Right, CTRL)
    everything = told[-1]
    assert (everything.least_width, everything.most_width) == (widths[0], widths[-1])
    press(qtbot, plot, Qt.Key.Key_Right, CTRL, SHIFT)
    assert told[-1].least_width > widths[0]
    assert told[-1].most_width == widths[-1]
    assert plot._canvas._band.isVisible()
    press(qtbot, plot, Qt.Key.Key_Escape)
    assert told[-1] is None
    assert not plot._canvas._band.isVisible()


def test_it_says_which_keys_act_once_it_has_the_keyboard(qtbot, plot):
    plot.activateWindow()
    plot._canvas.setFocus()
    qtbot.waitUntil(lambda: readout(plot) == KEYS_HINT)
    plot.findChild(QToolButton, "sizePlot.log").setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: readout(plot) != KEYS_HINT)


def test_hovering_tells_how_many_have_a_size(plot, drag):
    plot._canvas._graphics.scene().sigMouseMoved.emit(plot._canvas._plot.vb.mapViewToScene(QPointF(150, 200)))
    assert readout(plot) == "2 pictures 150 pixels wide and 200 high, for example no. 3."
    plot._canvas._graphics.scene().sigMouseMoved.emit(plot._canvas._plot.vb.mapViewToScene(QPointF(500, 100)))
    assert "Drag" in readout(plot)


def test_it_follows_from_light_to_dark(qtbot, plot, dark):
    def ground():
        return to_array(plot._canvas.grab().toImage())[2, 2, 0]

    qtbot.waitUntil(lambda: ground() < 80)


def test_a_million_samples_of_many_sizes_are_drawn_as_a_density(qtbot, plot):
    rng = np.random.default_rng(1)
    side = rng.lognormal(6, 0.4, (2, 1_000_000)).astype(np.int64)
    key, count = np.unique(side[0] << 32 | side[1], return_counts=True)
    many = SizeCounts(
        (key >> 32).astype(np.int32), (key & 0xFFFFFFFF).astype(np.int32), count, np.arange(len(key))
    )
    plot.set_sizes(many)
    assert plot._canvas._image.isVisible()
    assert not plot._canvas._points.isVisible()
    assert plot._canvas._image.image.max() == pytest.approx(1)
    assert "1,000,000 pictures" in plot.accessibleDescription()


def test_clearing_leaves_nothing_to_hover(qtbot, plot, sizes):
    drawing = plot._canvas
    plot.clear()
    assert readout(plot) == ""
    assert not drawing.isVisible()
    assert not plot.save("nothing.png")
    plot.set_sizes(sizes)
    assert plot._canvas is drawing, "making it anew takes long"
    assert drawing.isVisible()
    assert plot._canvas._width_line.value() == 400


def test_its_colours_come_back_when_it_is_unlocked(plot):
    def colours() -> set[str]:
        return {brush.color().name() for brush in plot._canvas._points.data["brush"]}

    before = colours()
    plot.setEnabled(False)
    assert colours() != before
    plot.setEnabled(True)
    assert colours() == before
