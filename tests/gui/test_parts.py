import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QWidget

from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import (
    Mark,
    PrimaryButton,
    Words,
    button,
    choices_form,
    column,
    scrolling,
    set_quietly,
)
from stackgui.gui.widgets.theme import Role


@pytest.fixture
def dark(qapp):
    """Turn the system dark, while the window is open."""
    before = qapp.palette()
    yield lambda: qapp.setPalette(QPalette(QColor("#363639"), QColor("#2b2b2e")))
    qapp.setPalette(before)


def colours(widget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_a_button_is_named_by_its_words(qtbot):
    made = button("save.change", "C&hange…", "folder-open", "Chooses another place.")
    qtbot.addWidget(made)
    assert (made.objectName(), made.accessibleName(), made.toolTip()) == (
        "save.change",
        "Change",
        "Chooses another place.",
    )


def test_no_line_ends_between_a_number_and_its_unit(qtbot):
    made = Words("words")
    qtbot.addWidget(made)
    made.setText("Filling takes 1.59 GB of 22.5 GB, 95.0 % of 1,200 × 1,600 px in 8 steps")
    shown = QLabel.text(made).replace("\N{NO-BREAK SPACE}", "_")
    assert shown == "Filling takes 1.59_GB of 22.5_GB, 95.0_% of 1,200_×_1,600_px in 8 steps"
    assert made.text() == "Filling takes 1.59 GB of 22.5 GB, 95.0 % of 1,200 × 1,600 px in 8 steps"
    made.clear()
    assert not made.text()
    assert not QLabel.text(made)


def test_a_list_takes_the_keyboard_only_while_it_scrolls(qtbot):
    inner = QWidget()
    area = scrolling("list", "List", inner)
    qtbot.addWidget(area)
    area.resize(200, 100)
    area.show()
    assert area.focusPolicy() is Qt.FocusPolicy.NoFocus
    inner.setMinimumHeight(500)
    qtbot.waitUntil(lambda: area.focusPolicy() is Qt.FocusPolicy.StrongFocus)
    inner.setMinimumHeight(10)
    qtbot.waitUntil(lambda: area.focusPolicy() is Qt.FocusPolicy.NoFocus)


def test_the_primary_button_stands_out_only_while_it_can_be_pressed(qtbot):
    made = PrimaryButton("save.convert", "&Convert", "play", "Makes the stack.")
    qtbot.addWidget(made)
    made.show()
    bright = colours(made)
    made.setEnabled(False)
    assert not bright & {c for c in colours(made) if QColor(c).saturation() > 100}
    assert any(QColor(c).saturation() > 100 for c in bright)


def test_it_follows_the_system_from_light_to_dark(qtbot, dark):
    made = PrimaryButton("save.convert", "&Convert", "play", "Makes the stack.")
    made.setEnabled(False)
    qtbot.addWidget(made)
    made.show()
    assert QColor(max(colours(made))).lightness() > 200
    dark()
    QApplication.processEvents()
    assert QColor(min(colours(made))).lightness() < 100


def test_a_mark_is_redrawn_for_the_dark(qtbot, dark):
    mark = Mark("save.mark")
    qtbot.addWidget(mark)
    mark.set_role(Role.INFO)
    mark.show()
    light = mark.grab().toImage()
    dark()
    QApplication.processEvents()
    assert mark.grab().toImage() != light
    assert mark.accessibleName() == "info"


def test_showing_a_value_keeps_what_is_being_typed(qtbot):
    box = QSpinBox(keyboardTracking=False, maximum=999)
    qtbot.addWidget(box)
    box.setValue(300)
    box.selectAll()
    qtbot.keyClicks(box, "6")
    set_quietly(box, 300)
    assert box.text() == "6"
    with qtbot.assertNotEmitted(box.valueChanged):
        set_quietly(box, 200)
    assert box.text() == "200"


def test_lines_of_one_choice_never_cover_the_next(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    form = choices_form()
    column(window).addLayout(form)
    first, second = (Flow(), Flow())
    for flow in (first, second):
        for _ in range(3):
            flow.addWidget(QPushButton("x" * 12))
        form.addRow("row", flow)
    window.resize(250, 400)
    window.show()
    form.heightForWidth(250)
    form.heightForWidth(form.sizeHint().width())  # as the layouts around it ask, in any order
    form.setGeometry(QRect(0, 0, 250, form.heightForWidth(250)))
    lowest = max(first.itemAt(place).geometry().bottom() for place in range(3))
    assert second.itemAt(0).geometry().top() > lowest
