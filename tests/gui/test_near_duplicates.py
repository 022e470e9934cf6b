"""Near-duplicates are looked for on request, shown beside what they look like, and left out by one click."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QTableView, QTabWidget

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.control.screen import State
from tests.gui.acting import choose, words


@pytest.fixture
def alike(behaviour, ready, app, click, reach):
    """The last two of four pictures that can be read look like the first; they are found on request."""
    plain = behaviour.catalog
    fine = np.array([7, 7, 0, 7])
    sketched = replace(plain, sketch=np.array([5, 0xFFFF << 30, 0, 5]), fine_sketch=fine)

    def catalog_of(sources, options: ScanOptions):
        behaviour.catalog = sketched if options.near_duplicates else plain
        return type(behaviour)._catalog_of(behaviour, sources, options)

    behaviour._catalog_of = catalog_of
    click("plan.more")
    assert app.controller.screen.problems.of_kind("near-duplicate") is None
    click("plan.near_duplicates")
    reach(State.READY)
    return app


def test_they_are_looked_for_on_request_alone(alike, find, click, reach):
    assert alike.controller.screen.scan_options == ScanOptions(near_duplicates=True)
    assert find(QCheckBox, "plan.near_duplicates").isChecked()
    problem = alike.controller.screen.problems.of_kind("near-duplicate")
    assert problem.text == "1 picture looks almost like an earlier one."
    click("plan.near_duplicates")
    reach(State.READY)
    assert alike.controller.screen.problems.of_kind("near-duplicate") is None


def test_each_is_shown_beside_the_one_that_it_looks_like(alike, find, click, qtbot):
    find(QTabWidget, "found.tabs").setCurrentWidget(alike.window.found.problems)
    shown = [alike.window.found.problems.samples_in_view()]
    assert (0, 3) in [each[-2:] for each in shown]
    click("problem.near-duplicate.look")
    page = alike.window.found.pictures
    qtbot.waitUntil(lambda: page.grid.samples.tolist() == [0, 3])
    assert words(find, "pictures.selection.line") == "1 picture that looks almost like an earlier one"
    choose(find, qtbot, "pictures.order", "Area")
    qtbot.waitUntil(lambda: page.grid.samples.tolist() == [3, 0])
    assert find(QTableView, "thumbGrid").isVisible()


@pytest.mark.parametrize("button", ["problem.near-duplicate.leave_out", "pictures.selection.exclude"])
def test_one_of_each_is_kept_by_a_click(alike, find, click, reach, button):
    find(QTabWidget, "found.tabs").setCurrentWidget(alike.window.found.problems)
    if button.startswith("pictures"):
        click("problem.near-duplicate.look")
    click(button)
    reach(State.READY)
    screen = alike.controller.screen
    assert np.flatnonzero(screen.options.exclude.mask(screen.catalog)).tolist() == [3]
    assert screen.problems.of_kind("near-duplicate") is None
    assert find(QAbstractButton, "plan.undo").isEnabled()
