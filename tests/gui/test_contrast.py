"""Contrast as WCAG 2.2 measures it: of every pair of colours in every theme, and of what is on the screen."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QStyle,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QStyleOptionViewItem,
)

from stackgui.core.project.recents import Recent, RecentKind
from stackgui.gui.widgets import palettes, theme
from stackgui.gui.widgets.boxes import CheckBox, RadioButton
from stackgui.gui.widgets.contrast import MARK, TEXT, contrast, least_contrast, mix, told_from
from stackgui.gui.widgets.fold import FoldButton
from stackgui.gui.widgets.parts import PrimaryButton, ToolButton
from stackgui.gui.widgets.table_and_fields import table_of
from stackgui.gui.widgets.theme import Role, Theme
from tests.gui.acting import to_array

P, GROUP = QPalette.ColorRole, QPalette.ColorGroup
GREY, NIGHT = QPalette(QColor("#efefef")), QPalette(QColor("#2b2b2e"))
PALETTES = {
    "light": palettes.own(dark=False),
    "dark": palettes.own(dark=True),
    "black on white": palettes.high_contrast(dark=False),
    "white on black": palettes.high_contrast(dark=True),
    "a grey system": palettes.mended(GREY).resolve(GREY),
    "a dark system": palettes.mended(NIGHT).resolve(NIGHT),
}
colours = st.integers(0, 0xFFFFFF).map(lambda number: QColor(f"#{number:06x}"))


@given(colours, colours, st.sampled_from([MARK, TEXT]))
@example(QColor("black"), QColor("black"), TEXT)
def test_any_colour_can_be_told_from_any_ground(colour, ground, least):
    found = told_from(colour, ground, least=least)
    assert contrast(found, ground) >= least
    assert contrast(colour, ground) < least or found == colour, "what can be read stays as it is"


def test_black_on_white_has_the_highest_contrast():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)
    assert contrast(QColor("white"), QColor("white")) == pytest.approx(1.0)


@given(st.lists(colours, min_size=6, max_size=6))
def test_any_palette_of_a_system_is_mended(found):
    system = QPalette()
    roles = (P.Window, P.WindowText, P.Button, P.ButtonText, P.Highlight, P.HighlightedText)
    for role, colour in zip(roles, found, strict=True):
        system.setColor(role, colour)
    mended = palettes.mended(system).resolve(system)
    for text, ground in zip(roles[1::2], roles[::2], strict=True):
        assert contrast(mended.color(text), mended.color(ground)) >= TEXT


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_text_can_be_read(palette):
    for group in (GROUP.Active, GROUP.Inactive):
        for text, grounds in palettes.TEXTS:
            for ground in grounds:
                ink, below = palette.color(group, text), palette.color(group, ground)
                ink = mix(below, ink, ink.alphaF())
                assert contrast(ink, below) >= TEXT - 0.05, (text, ground)
    window, base = palette.window().color(), palette.base().color()
    for ground in (window, base):
        assert contrast(theme.soft_text(palette), ground) >= TEXT
    for role in Role:
        assert contrast(palette.windowText().color(), theme.tint(role, palette)) >= TEXT, role


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_mark_can_be_seen(palette):
    window, base = palette.window().color(), palette.base().color()
    for role in Role:
        grounds = (window, base, theme.tint(role, palette))
        assert least_contrast(theme.colour(role, palette), grounds) >= MARK, role
    grounds = (window, base, palette.button().color())
    assert least_contrast(theme.focus_colour(palette), grounds) >= MARK


# What is on the screen


@contextmanager
def in_theme(chosen, qapp):
    """Show what there is, and what is made meanwhile, in a theme."""
    try:
        theme.use_theme(chosen)
        yield
    finally:
        theme.use_theme(Theme.SYSTEM)
        qapp.setPalette(QPalette())


def measured(widget) -> float:
    """The contrast of the most common colour in a picture of `widget` with the one that differs most."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    inner = to_array(image)[4:-4, 4:-4, :3].reshape(-1, 3).astype(np.uint32)
    packed, counts = np.unique(inner @ np.array([65536, 256, 1], np.uint32), return_counts=True)
    ground = QColor(f"#{packed[counts.argmax()]:06x}")
    return max(contrast(QColor(f"#{each:06x}"), ground) for each in packed)


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_all_words_in_the_window_can_be_read(finished, app, qapp, qtbot, chosen):
    with in_theme(chosen, qapp):
        dark = theme.is_dark(qapp.palette())
        qtbot.waitUntil(lambda: theme.is_dark(app.window.save.palette()) is dark)
        shown = [*app.window.findChildren(QAbstractButton), *app.window.findChildren(QLabel)]
        worded = [
            w
            for w in shown
            if w.isVisible() and w.isEnabled() and w.text() and min(w.width(), w.height()) > 12
        ]
        assert len(worded) > 20
        assert any(isinstance(widget, PrimaryButton) for widget in shown)
        faint = {widget.objectName() or widget.text(): measured(widget) for widget in worded}
        assert {name: ratio for name, ratio in faint.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_links_to_what_was_used_last_can_be_read(app, qapp, qtbot, tmp_path, chosen):
    """They are made before the theme changes, as at each start."""
    app.window.found.welcome.show_recents((Recent(RecentKind.SOURCE, str(tmp_path), "cats"),))
    with in_theme(chosen, qapp):
        dark = theme.is_dark(qapp.palette())
        qtbot.waitUntil(lambda: theme.is_dark(app.window.save.palette()) is dark)
        link = app.window.findChild(QAbstractButton, "welcome.recent.source.0")
        assert link.isVisible()
        assert measured(link) >= TEXT


@pytest.mark.parametrize("kind", [RadioButton, CheckBox])
@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_what_can_be_chosen_can_be_seen_and_told_from_what_is_chosen(qapp, qtbot, kind, chosen):
    def inside(*, checked: bool) -> list[QColor]:
        made.setChecked(checked)
        image, option = made.grab().toImage(), QStyleOptionButton()
        option.initFrom(made)
        place = made.style().subElementRect(element, option, made).adjusted(4, 4, -4, -4)
        across = range(place.left(), place.right()), range(place.top(), place.bottom())
        return [image.pixelColor(x, y) for x in across[0] for y in across[1]]

    ticked = kind is CheckBox
    names = QStyle.SubElement
    element = names.SE_CheckBoxIndicator if ticked else names.SE_RadioButtonIndicator
    with in_theme(chosen, qapp):
        made = kind("Pad")
        made.setAutoExclusive(False)
        qtbot.addWidget(made)
        made.show()
        off, on = inside(checked=False), inside(checked=True)
        if theme.is_dark(qapp.palette()):
            ground = qapp.palette().window().color()
            assert min(contrast(each, ground) for each in off) >= MARK, "no edge tells of it there"
        # A style draws the dot, which differs by its shape too, half transparent.
        assert max(map(contrast, on, off)) >= 0.95 * MARK


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_a_small_button_that_stays_pressed_can_be_told_from_others(qapp, qtbot, chosen):
    """A style darkens it a little, which nobody sees in the dark."""
    with in_theme(chosen, qapp):
        made = ToolButton()
        made.setText("Pad")
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        qtbot.addWidget(made)
        made.show()
        looks = []
        for pressed in (False, True):
            made.setChecked(pressed)
            image = made.grab().toImage()
            looks.append([image.pixelColor(made.width() // 2, line) for line in range(made.height())])
        assert max(map(contrast, *looks)) >= MARK
        assert max(contrast(each, qapp.palette().window().color()) for each in looks[1][:3]) >= MARK


@pytest.mark.parametrize("is_chosen", [False, True])
@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_boxes_in_tables_can_be_seen_and_told_from_those_with_a_tick(qapp, qtbot, chosen, is_chosen):
    def inside(state: Qt.CheckState) -> list[QColor]:
        model.item(0).setCheckState(state)
        option = QStyleOptionViewItem()
        option.initFrom(table)
        option.rect = table.visualRect(model.index(0, 0))
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        place = table.style().subElementRect(element, option, table).adjusted(4, 4, -4, -4)
        image = table.viewport().grab().toImage()
        across = range(place.left(), place.right()), range(place.top(), place.bottom())
        return [image.pixelColor(x, y) for x in across[0] for y in across[1]]

    with in_theme(chosen, qapp):
        model = QStandardItemModel(2, 1)
        model.item(0) or model.setItem(0, QStandardItem(""))
        model.item(0).setCheckable(True)
        table = table_of(model, "table", "Classes", "")
        qtbot.addWidget(table)
        table.show()
        table.setCurrentIndex(model.index(0 if is_chosen else 1, 0))
        off, on = inside(Qt.CheckState.Unchecked), inside(Qt.CheckState.Checked)
        palette = table.palette()
        if theme.is_dark(palette):
            ground = (palette.highlight() if is_chosen else palette.base()).color()
            assert min(contrast(each, ground) for each in off) >= 0.95 * MARK, "no edge tells of it there"
        assert max(map(contrast, on, off)) >= 0.95 * MARK


def test_an_open_fold_looks_like_a_closed_one_but_for_its_arrow(qtbot):
    """Some styles fill a pressed button with a pattern on which its words cannot be read."""
    title = FoldButton()
    qtbot.addWidget(title)
    title.setText("More")
    closed = measured(title)
    title.setChecked(True)
    option = QStyleOptionToolButton()
    title.initStyleOption(option)
    assert not option.state & QStyle.StateFlag.State_On
    assert measured(title) == pytest.approx(closed)
