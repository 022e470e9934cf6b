"""Objects are drawn where they lie, unless their class is hidden."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from stackgui.gui.widgets.overlay import class_colour, class_pattern, mask_image, overlay, paint_marks
from tests.core.plan.test_placed_objects import plan_with
from tests.core.plan.test_row_marks import marks_of_picture

FRAME = QRectF(10, 20, 200, 100)
"""Where a picture of 50 × 100 is drawn, at twice its size."""


@pytest.fixture(autouse=True)
def everything_shown(qapp):
    yield
    overlay().show(wanted=True)
    overlay().hide_classes(frozenset())


def painted(*objects) -> QImage:
    image = QImage(220, 140, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_marks(
        painter,
        marks_of_picture(plan_with([(50, 100)], [(0, *each, {}) for each in objects]), 0),
        FRAME,
        FRAME,
    )
    painter.end()
    return image


def seen(image: QImage) -> np.ndarray:
    """Which pixels are not black, shape (H, W)."""
    return np.array([[image.pixelColor(x, y).lightness() > 60 for x in range(220)] for y in range(140)])


def test_a_box_is_drawn_around_its_object():
    rows, columns = np.nonzero(seen(painted(("cat", (10, 10, 60, 30)))))
    bounds = [columns.min(), rows.min(), columns.max(), rows.max()]
    np.testing.assert_allclose(bounds, [30, 40, 130, 80], atol=2)
    assert painted(("cat", (10, 10, 60, 30))).pixelColor(80, 40).hue() == class_colour(0).hue()


def test_nothing_is_drawn_outside_the_picture():
    rows, columns = np.nonzero(seen(painted(("cat", (-50, -50, 60, 30)))))
    assert (columns.min(), rows.min()) >= (10, 20)
    assert rows.min() >= 20


def test_hidden_classes_are_not_drawn():
    objects = ("cat", (10, 10, 60, 30)), ("dog", (70, 10, 90, 30))
    overlay().hide_classes(frozenset({"cat"}))
    _rows, columns = np.nonzero(seen(painted(*objects)))
    assert columns.min() > 140
    overlay().show(wanted=False)
    assert not seen(painted(*objects)).any()


def test_the_first_classes_differ_in_colour_and_further_ones_in_pattern():
    looks = [(class_colour(number).name(), class_pattern(number)) for number in range(21)]
    assert len(set(looks)) == 21
    assert len({colour for colour, _pattern in looks[:7]}) == 7


def test_a_change_is_told_once(qtbot):
    with qtbot.waitSignal(overlay().changed):
        overlay().hide_classes(frozenset({"cat"}))
    with qtbot.assertNotEmitted(overlay().changed):
        overlay().hide_classes(frozenset({"cat"}))


def test_a_mask_is_clear_where_nothing_is_and_coloured_where_a_class_is():
    image = mask_image(np.array([[0, 1], [2, 255]], np.uint8))
    alphas = [image.pixelColor(x, y).alpha() for y in range(2) for x in range(2)]
    assert alphas[0] == 0
    assert min(alphas[1:]) > 60
    assert image.pixelColor(1, 0).hue() == class_colour(0).hue()
    assert image.pixelColor(0, 1).hue() == class_colour(1).hue()
    assert image.pixelColor(1, 1).saturation() == 0
