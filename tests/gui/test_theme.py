import pytest
from PySide6.QtGui import QColor, QIcon, QPalette

from stackgui import resources
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.theme import Role
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
    assert near(ink_of(theme.icon("check", Role.SUCCESS)), QColor("#009E73"))


def test_a_misspelt_icon_is_found_at_once(qapp):
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-drawing")


def test_the_program_has_its_own_icon_at_many_sizes(qapp):
    assert {size.width() for size in theme.app_icon().availableSizes()} >= {16, 32, 48, 256}


def test_dark_is_told_from_light(qapp):
    assert theme.is_dark(QPalette(QColor("#363639"), QColor("#2b2b2e")))
    assert not theme.is_dark(QPalette(QColor("#efefef")))


@pytest.mark.parametrize("window", ["#efefef", "#2b2b2e"])
@pytest.mark.parametrize("role", [Role.INFO, Role.SUCCESS, Role.WARNING, Role.ERROR])
def test_text_on_a_tinted_ground_can_be_read(qapp, window, role):
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5."""
    palette = QPalette(QColor(window))
    text, ground = luminance(palette.windowText().color()), luminance(theme.tint(role, palette))
    assert (max(text, ground) + 0.05) / (min(text, ground) + 0.05) >= 4.5


@pytest.mark.parametrize("window", ["#efefef", "#2b2b2e"])
def test_secondary_text_can_be_read(qapp, window):
    palette = QPalette(QColor(window))
    text, ground = luminance(theme.soft_text(palette)), luminance(palette.window().color())
    assert (max(text, ground) + 0.05) / (min(text, ground) + 0.05) >= 4.5


def luminance(colour: QColor) -> float:
    """Relative luminance as in WCAG 2.2."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in colour.getRgbF()[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
    for accent, kept in ((QColor("#308cc6"), True), (QColor(base), False)):
        palette.setColor(QPalette.ColorRole.Accent, accent)
        shown = theme.colour(Role.ACCENT, palette)
        assert (shown == accent) is kept
        assert abs(shown.lightnessF() - palette.base().color().lightnessF()) >= theme.MIN_CONTRAST
