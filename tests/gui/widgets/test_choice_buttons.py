import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from stackgui.gui.widgets.choice_buttons import ChoiceButtons
from tests.gui.acting import to_array

FITS = [
    ("pad", "Pad", "fit-pad", "Puts the picture into the row as it is."),
    ("crop", "Crop", "fit-crop", "Cuts the middle out."),
    ("cover", "Cover", "fit-cover", "Scales until nothing is left uncovered."),
]


@pytest.fixture
def choice(qtbot):
    choice = ChoiceButtons()
    choice.setObjectName("fit")
    qtbot.addWidget(choice)
    choice.set_choices(FITS)
    choice.show()
    return choice


def button(choice, value):
    return choice.findChild(QToolButton, f"fit.{value}")


def test_the_first_is_pressed_until_another_is(qtbot, choice):
    assert choice.value() == "pad"
    with qtbot.waitSignal(choice.changed) as told:
        qtbot.mouseClick(button(choice, "crop"), Qt.MouseButton.LeftButton)
    assert told.args == ["crop"]
    assert choice.value() == "crop"
    assert not button(choice, "pad").isChecked()


def test_setting_a_value_is_not_told(qtbot, choice):
    with qtbot.assertNotEmitted(choice.changed):
        choice.set_value("cover")
    assert choice.value() == "cover"
    with pytest.raises(KeyError):
        choice.set_value("melt")


def test_the_arrow_keys_choose(qtbot, choice):
    button(choice, "pad").setFocus()
    with qtbot.waitSignal(choice.changed) as told:
        qtbot.keyClick(button(choice, "pad"), Qt.Key.Key_Right)
    assert told.args == ["crop"]


def test_every_button_has_a_name_and_a_sentence(choice):
    for value, label, _, sentence in FITS:
        assert button(choice, value).accessibleName() == label
        assert button(choice, value).toolTip() == sentence


def test_new_choices_replace_the_old_ones(qtbot, choice):
    choice.set_choices([FITS[2], FITS[1]])
    assert choice.value() == "cover"
    with pytest.raises(KeyError):
        choice.set_value("pad")


def test_what_is_pressed_can_be_seen(choice, dark):
    ground = [
        to_array(button(choice, value).grab().toImage())[4, 12, :3].astype(int) for value in ("pad", "crop")
    ]
    assert abs(ground[0] - ground[1]).max() > 8


def test_without_labels_the_buttons_are_square_and_keep_their_names(qtbot):
    choice = ChoiceButtons(show_labels=False)
    choice.setObjectName("fit")
    qtbot.addWidget(choice)
    choice.set_choices(FITS)
    assert button(choice, "pad").sizeHint().width() == button(choice, "pad").sizeHint().height()
    assert button(choice, "pad").accessibleName() == "Pad"
