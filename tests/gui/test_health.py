"""What may be wrong with pictures: told, looked at, left out, and looked for."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QTabWidget, QWidget

from stackgui.core.advice.health import HealthKind
from stackgui.core.base.errors import RunError
from stackgui.core.catalog.sample_set import NOTHING
from stackgui.gui.control.screen import State
from tests.gui.acting import words


@pytest.fixture
def page(ready, app, find):
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.problems)


@pytest.fixture
def health(app):
    return lambda: app.controller.screen.health


@pytest.fixture
def kinds(health):
    return lambda: [finding.kind for finding in health().findings]


@pytest.fixture
def checked(page, click, qtbot, health):
    click("health.check")
    qtbot.waitUntil(lambda: health().by_pixels is not None)


@pytest.fixture
def checking(page, behaviour, click, qtbot, find):
    behaviour.check_may_end.clear()
    click("health.check")
    qtbot.waitUntil(lambda: words(find, "health.state") == "1 of 4 pictures checked.")
    yield
    behaviour.check_may_end.set()


def test_what_headers_tell_is_there_at_once(page, find, kinds, engine):
    assert kinds() == [HealthKind.UNREADABLE, HealthKind.TURNED]
    assert words(find, "health.unreadable.words") == "1 picture cannot be read."
    assert "orientation mark" in words(find, "health.turned.words")
    assert not find(QWidget, "health.odd_size").isVisible()
    assert "has to be decoded" in words(find, "health.state")
    engine.check_samples.assert_not_called()


def test_they_are_looked_at(page, app, find, click):
    click("health.turned.look")
    assert app.controller.screen.selection.samples.tolist() == [1]
    assert find(QTabWidget, "found.tabs").currentWidget() is app.window.found.pictures
    assert words(find, "pictures.selection.line").startswith("1 picture that has a camera's orientation mark")


def test_they_are_left_out_and_taken_in_again(page, app, find, click):
    click("health.unreadable.exclude")
    assert app.controller.screen.plan.rows == 3
    assert words(find, "health.unreadable.words") == "1 picture cannot be read; left out."
    assert not find(QAbstractButton, "health.unreadable.exclude").isVisible()
    click("health.unreadable.include")
    assert app.controller.screen.plan.rows == 4
    assert app.controller.screen.options.exclude == NOTHING


def test_leaving_a_kind_out_leaves_what_was_picked_out_alone(page, app, click, catalog):
    click("health.turned.look")
    picked = app.controller.screen.selection
    app.window.found.show_problems()
    click("health.unreadable.exclude")
    assert app.controller.screen.selection is picked
    assert app.controller.screen.options.exclude.mask(catalog).tolist() == [False, False, True, False]


def test_decoding_tells_more(checked, find, kinds, health):
    # Of the two that are alike by their checksum, one is of another size.
    assert kinds() == [HealthKind.UNREADABLE, HealthKind.TURNED, HealthKind.DARK]
    assert words(find, "health.dark.words") == "1 picture is very dark."
    assert words(find, "health.state") == "All pictures were checked."
    assert health().progress is None


def test_checking_is_stopped(checking, find, click, qtbot, health):
    assert not find(QAbstractButton, "health.check").isVisible()
    click("health.stop")
    qtbot.waitUntil(lambda: health().progress is None)
    assert health().by_pixels is None
    assert find(QAbstractButton, "health.check").isEnabled()


def test_choices_do_not_disturb_checking(checking, app, click, behaviour, qtbot, health, kinds):
    click("health.unreadable.exclude")
    behaviour.check_may_end.set()
    qtbot.waitUntil(lambda: health().progress is None)
    assert HealthKind.DARK in kinds()


def test_a_run_ends_checking_which_can_begin_again_meanwhile(
    checking, app, find, behaviour, reach, health, engine, qtbot
):
    behaviour.run_may_end.clear()
    qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
    app.controller.convert()
    reach(State.RUNNING)
    assert health().progress is None
    assert health().by_pixels is None
    assert find(QAbstractButton, "health.check").isEnabled()
    app.controller.health.begin()
    assert health().progress is not None
    behaviour.run_may_end.set()
    reach(State.FINISHED)
    behaviour.check_may_end.set()
    qtbot.waitUntil(lambda: health().by_pixels is not None)
    assert engine.check_samples.call_count == 2


def test_other_folders_end_checking(checking, app, health, folders, reach):
    app.controller.remove_sources(folders[:1])
    reach(State.READY)
    assert health().progress is None
    assert health().by_pixels is None


def test_why_it_could_not_be_checked_is_said(page, behaviour, click, find, qtbot, health):
    behaviour.error = RunError("The programs that decode keep ending.")
    click("health.check")
    qtbot.waitUntil(lambda: health().problem != "")
    assert words(find, "health.state").endswith("The programs that decode keep ending.")
    behaviour.error = None
    click("health.check")
    qtbot.waitUntil(lambda: health().by_pixels is not None)
    assert health().problem == ""
