from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QProgressBar

import stackgui
from stackgui import resources
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import show_busy
from stackgui.gui.widgets.theme import Role, Theme
from tests.gui.acting import to_array

NAMES = sorted(file.stem for file in resources.path("icons").glob("*.svg"))


def ink_of(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> tuple[int, ...]:
    """The colour of the most opaque pixel."""
    pixels = to_array(icon.pixmap(48, 48, mode).toImage()).reshape(-1, 4)
    return tuple(int(value) for value in pixels[pixels[:, 3].argmax()][:3])


def near(ink: tuple[int, ...], colour: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(ink, colour.getRgb()[:3], strict=True)) <= 3


@pytest.fixture
def palette(qapp):
    before = qapp.palette()
    yield before
    qapp.setPalette(before)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something_and_leaves_room(qapp, name):
    alpha = to_array(theme.icon(name).pixmap(32, 32).toImage())[..., 3]
    assert 0.02 < (alpha > 40).mean() < 0.9


def test_an_icon_follows_a_change_from_light_to_dark(qapp, palette):
    icon = theme.icon("plus")
    assert near(ink_of(icon), palette.buttonText().color())
    qapp.setPalette(QPalette(QColor("#363639"), QColor("#2b2b2e")))
    assert near(ink_of(icon), qapp.palette().buttonText().color())
    assert ink_of(icon)[0] > 200


def test_a_disabled_icon_is_drawn_in_the_colour_of_disabled_text(qapp, palette):
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert near(ink_of(theme.icon("plus"), QIcon.Mode.Disabled), disabled)


def test_an_icon_takes_the_colour_of_its_role(qapp):
    assert near(ink_of(theme.icon("check", Role.SUCCESS)), theme.colour(Role.SUCCESS, qapp.palette()))


def test_a_misspelt_icon_is_found_at_once(qapp):
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-drawing")


def test_the_program_has_its_own_icon_at_many_sizes(qapp):
    assert {size.width() for size in theme.app_icon().availableSizes()} >= {16, 32, 48, 256}


def test_dark_is_told_from_light(qapp):
    assert theme.is_dark(QPalette(QColor("#363639"), QColor("#2b2b2e")))
    assert not theme.is_dark(QPalette(QColor("#efefef")))


def test_a_soft_label_follows_the_palette(qtbot, qapp, palette):
    label = theme.SoftLabel("so many")
    qtbot.addWidget(label)
    assert label.palette().windowText().color() == theme.soft_text(palette)
    dark = QPalette(QColor("#363639"), QColor("#2b2b2e"))
    qapp.setPalette(dark)
    qtbot.waitUntil(lambda: label.palette().windowText().color() == theme.soft_text(dark))


@pytest.mark.parametrize("base", ["#1e1e20", "#ffffff"])
def test_an_accent_that_cannot_be_seen_gives_way_to_one_that_can(base):
    palette = QPalette(QColor(base))
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    for accent, kept in ((QColor("#2680ba"), True), (QColor(base), False)):
        palette.setColor(QPalette.ColorRole.Accent, accent)
        assert (theme.colour(Role.ACCENT, palette) == accent) is kept


# Themes


@pytest.fixture
def themes(qapp):
    """The function that shows a theme; the system's is shown again afterwards."""
    yield theme.use_theme
    theme.use_theme(Theme.SYSTEM)
    theme.use_motion(wanted=True)
    qapp.setPalette(QPalette())


def test_each_theme_can_be_chosen_and_left_again(qapp, themes):
    at_first, style = qapp.palette().window().color(), qapp.style().name()
    for chosen, dark, strong in (
        (Theme.DARK, True, False),
        (Theme.LIGHT, False, False),
        (Theme.CONTRAST, False, True),
        (Theme.DARK, True, False),
    ):
        themes(chosen)
        assert theme.is_dark(qapp.palette()) is dark
        assert theme.is_high_contrast(qapp.palette()) is strong
    themes(Theme.SYSTEM)
    assert (qapp.palette().window().color(), qapp.style().name()) == (at_first, style)


def test_what_the_system_changes_is_followed_until_a_theme_is_chosen(qapp, themes):
    themes(Theme.DARK)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.is_dark(qapp.palette())


def test_motion_stops_where_it_is_not_wanted(qtbot, themes):
    bar = QProgressBar()
    qtbot.addWidget(bar)
    show_busy(bar)
    assert (bar.minimum(), bar.maximum()) == (0, 0), "it moves to and fro"
    theme.follow_motion(wanted=False)
    assert not theme.has_motion(), "the system does not want it"
    theme.follow_motion(wanted=True)
    assert theme.has_motion()
    theme.use_motion(wanted=False)
    assert not theme.has_motion()
    show_busy(bar)
    assert bar.maximum() > 0


def test_no_part_has_a_style_sheet_of_its_own():
    """It would keep the colours of the theme in which it was made."""
    package = Path(stackgui.__file__).parent
    assert [str(each) for each in package.rglob("*.py") if "setStyleSheet" in each.read_text()] == []


def test_all_boxes_are_those_whose_empty_ones_can_be_seen():
    package = Path(stackgui.__file__).parent
    plain = ("QCheckBox(", "QRadioButton(")
    texts = {str(each): each.read_text() for each in package.rglob("*.py")}
    assert [name for name, text in texts.items() if any(each in text for each in plain)] == []
