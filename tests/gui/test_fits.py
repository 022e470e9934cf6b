"""All fits side by side, and the choice of one of them."""

import pytest
from PySide6.QtWidgets import QLabel, QTabWidget, QToolButton

from stackgui.core.base.choices import Fit
from stackgui.core.catalog.selection import SizeRange


@pytest.fixture
def page(ready, app, find, qtbot):
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.fits)
    return app.window.found.fits


def figures(find, fit: Fit) -> str:
    return find(QLabel, f"fits.{fit.value}.figures").text().strip()


def names(page, fit: Fit) -> str:
    return page._rows[fit].accessibleDescription()


def test_every_fit_is_shown_with_what_it_does(page, app, find, qtbot):
    qtbot.waitUntil(lambda: all(figures(find, fit) for fit in Fit))
    plan = app.controller.screen.plan
    assert plan.options.fit is Fit.PAD
    assert f"{plan.waste:.0%}".rstrip("%") in figures(find, Fit.PAD)
    assert "larger" in figures(find, Fit.STRETCH)
    assert find(QToolButton, "fits.pad").isChecked()
    assert "widest" in names(page, Fit.COVER)


def test_figures_move_nothing_and_none_is_cut_off(page, app, find, qtbot):
    shown = find(QLabel, f"fits.{Fit.COVER.value}.figures")
    page._show_figures(Fit.COVER, [])
    empty_px = shown.sizeHint().height()
    page._show_figures(Fit.COVER, ["50 % padding", "2 made larger", "2 made smaller"])
    assert shown.sizeHint().height() == empty_px
    page._show_figures(Fit.COVER, ["one", "two", "three", "four"])
    app.window.resize(960, 510)
    four_px = 4 * shown.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: shown.height() >= four_px - shown.fontMetrics().leading())


def test_a_click_on_a_fit_chooses_it(page, app, find, click, qtbot):
    click("fits.cover")
    assert app.controller.screen.options.fit is Fit.COVER
    assert find(QToolButton, "fits.cover").isChecked()
    assert not find(QToolButton, "fits.pad").isChecked()
    click("fits.cover")
    assert find(QToolButton, "fits.cover").isChecked(), "pressing it again takes nothing back"
    qtbot.waitUntil(lambda: all(names(page, fit) for fit in Fit))


def test_pictures_that_were_picked_out_are_shown_instead(page, app, qtbot):
    app.window.found.sizes.plot.range_picked.emit(SizeRange(100, 100, 1, 1000))
    qtbot.waitUntil(lambda: all(names(page, fit).startswith("1.jpg") for fit in Fit))


def test_nothing_is_explained_that_is_not_drawn(page, find):
    hint = find(QLabel, "fits.hint").text()
    assert "Padding is hatched" in hint
    assert "crossed" not in hint, "there are no boxes"


def test_nothing_is_made_while_nobody_looks(ready, app, engine, qtbot):
    qtbot.wait(500)
    assert not any(call.kwargs.get("uncut") for call in engine.previews.call_args_list)
