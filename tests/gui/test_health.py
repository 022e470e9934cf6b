"""What may be wrong with pictures: told, looked at, left out, and looked for."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget, QWidget

from stackgui.core.advice.health import HealthKind
from stackgui.core.advice.problem_words import UNREADABLE
from stackgui.core.base.choices import Fit, Numbers
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import RunError
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import NOTHING
from stackgui.core.catalog.selection import Selection
from stackgui.core.options.options import Options
from stackgui.core.run.report import Failure
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.problems import empty_places, without_failed
from stackgui.gui.control.screen import Health, Screen, State
from tests.gui.acting import choose, tab_text, words
from tests.gui.conftest import REASON
from tests.making import make_plan


@pytest.fixture
def page(ready, app, find):
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.problems)


@pytest.fixture
def health(app):
    return lambda: app.controller.screen.health


@pytest.fixture
def kinds(app):
    return lambda: [problem.kind for problem in app.controller.screen.problems.entries]


@pytest.fixture
def cannot_be_read(app):
    def samples():
        return app.controller.screen.problems.of_kind(UNREADABLE).samples.tolist()

    return samples


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


ASIDE = ["files that are no pictures", "hidden files"]


def test_what_headers_tell_is_there_at_once(page, find, kinds, engine):
    assert kinds() == [UNREADABLE, *ASIDE], "a picture that is turned upright is no problem"
    assert words(find, "problem.unreadable.words") == "1 picture cannot be read."
    assert words(find, "problem.unreadable.files") == f"terrier/3.jpg: {REASON}"
    assert "A check also finds" in words(find, "health.state")
    engine.check_samples.assert_not_called()


def test_they_are_looked_at(page, app, find, click):
    click("problem.unreadable.look")
    assert app.controller.screen.selection.samples.tolist() == [2]
    assert find(QTabWidget, "found.tabs").currentWidget() is app.window.found.pictures
    assert words(find, "pictures.selection.line").startswith("1 picture that cannot be read")


def test_they_are_left_out_and_taken_in_again(page, app, find, click, kinds):
    click("problem.unreadable.leave_out")
    assert app.controller.screen.plan.rows == 3
    assert kinds() == ["pictures excluded", *ASIDE], "it is dealt with"
    assert tab_text(find, app.window.found.problems) == "Pro&blems"
    assert words(find, "problem.pictures-excluded.words") == "1 picture left out by you."
    assert "1 picture is left out; the figures still count it." in find(QLabel, "sizes.census").text()
    click("problem.pictures-excluded.take_in")
    assert app.controller.screen.plan.rows == 4
    assert app.controller.screen.options.exclude == NOTHING
    assert kinds() == [UNREADABLE, *ASIDE]


def test_leaving_a_kind_out_leaves_what_was_picked_out_alone(page, app, click, catalog):
    app.controller.pick(Selection("that is picked", np.array([1])))
    picked = app.controller.screen.selection
    click("problem.unreadable.leave_out")
    assert app.controller.screen.selection is picked
    assert app.controller.screen.options.exclude.mask(catalog).tolist() == [False, False, True, False]


def test_decoding_tells_more(checked, find, kinds, health, app, qtbot):
    # Of the two that are alike by their checksum, one is of another size.
    assert kinds() == [UNREADABLE, HealthKind.DARK, *ASIDE]
    assert words(find, "problem.too-dark.words") == "1 picture is very dark."
    assert words(find, "health.state") == "All pictures were checked."
    assert health().progress is None
    shown = find(QWidget, "problem.too-dark.example.0")
    qtbot.waitUntil(lambda: shown.accessibleName() == "3.jpg")


def test_what_decoding_finds_damaged_is_told_as_what_headers_find(
    page, app, behaviour, click, find, qtbot, kinds
):
    """The list never says in one place that nothing is wrong, and in another that something is."""
    behaviour.checks = replace(behaviour.checks, problem=Coded.from_values(["", "it is cut off", "", ""]))
    click("health.check")
    qtbot.waitUntil(lambda: words(find, "health.state") == "All pictures were checked.")
    assert kinds() == [UNREADABLE, HealthKind.DARK, *ASIDE]
    assert words(find, "problem.unreadable.words") == "2 pictures cannot be read."
    told = words(find, "problem.unreadable.files")
    assert told == f"tabby/2.jpg: it is cut off\nterrier/3.jpg: {REASON}"
    assert words(find, "plan.effects").endswith("2 places stay empty.")
    find(QTabWidget, "found.tabs").setCurrentIndex(0)
    overview = [label.text() for label in find(QTabWidget, "found.tabs").currentWidget().findChildren(QLabel)]
    assert f"1: it is cut off\n1: {REASON}" in overview, "as Problems has it"
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    click("pictures.filters")
    choose(find, qtbot, "pictures.standing", "it is cut off (1)")
    qtbot.waitUntil(lambda: app.window.found.pictures.grid.samples.tolist() == [1])
    app.window.found.show_problems()
    assert tab_text(find, app.window.found.problems) == "Pro&blems 2"
    assert not find(QWidget, "problems.nothing").isVisible()


def test_what_the_previews_cannot_read_is_told_until_they_can(
    ready, app, engine, find, qtbot, behaviour, cannot_be_read
):
    def previews(plan, samples, side_px, control, *, uncut=False):
        thumbs = behaviour.previews(plan, samples, side_px, control, uncut=uncut)
        reason = "it is cut off" if broken else ""
        return tuple(replace(thumb, reason=reason) if thumb.row == 1 else thumb for thumb in thumbs)

    broken = True
    engine.previews.side_effect = previews
    app.controller.choose_size(40, 40)
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    qtbot.waitUntil(lambda: cannot_be_read() == [1, 2])
    assert tab_text(find, app.window.found.problems) == "Pro&blems 1"
    broken = False
    app.controller.choose_size(50, 50)
    qtbot.waitUntil(lambda: cannot_be_read() == [2])


def test_what_only_the_options_made_unreadable_is_forgotten_with_them(
    page, app, behaviour, click, qtbot, cannot_be_read
):
    reason = "2 of its values are not finite (NaN or infinity)"
    behaviour.checks = replace(behaviour.checks, problem=Coded.from_values(["", reason, "", "it is empty"]))
    click("health.check")
    qtbot.waitUntil(lambda: cannot_be_read() == [1, 2, 3])
    app.controller.choose_size(50, 50)
    assert cannot_be_read() == [1, 2, 3], "a size changes nothing of it"
    app.controller.choose_options(replace(app.controller.screen.options, dtype=Numbers.FLOAT32))
    assert cannot_be_read() == [2, 3]


def test_rows_that_failed_are_told_and_retried(page, app, engine, behaviour, reach, find, click, qtbot):
    def convert(plan, run, control):
        report = behaviour.convert(plan, run, control)
        return replace(report, failures=(*report.failures, Failure(3, "/pets/dogs/4.jpg", "it is cut off")))

    behaviour.checks = replace(behaviour.checks, problem=Coded.from_values(["", "", "", "it is cut off"]))
    engine.convert.side_effect = convert
    qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
    app.controller.convert()
    reach(State.FINISHED)
    assert words(find, "problem.unreadable.words") == "2 pictures cannot be read."
    behaviour.still_failing = ()
    behaviour.checks = replace(behaviour.checks, problem=Coded.constant("", 4))
    click("problem.unreadable.retry")
    qtbot.waitUntil(lambda: app.controller.screen.problems.of_kind(UNREADABLE) is None)
    assert tab_text(find, app.window.found.problems) == "Pro&blems"


def test_checking_is_stopped(checking, find, click, qtbot, health):
    assert not find(QAbstractButton, "health.check").isVisible()
    click("health.stop")
    qtbot.waitUntil(lambda: health().progress is None)
    assert health().by_pixels is None
    assert find(QAbstractButton, "health.check").isEnabled()


def test_choices_do_not_disturb_checking(checking, app, click, behaviour, qtbot, health, kinds):
    click("problem.unreadable.leave_out")
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


def test_a_run_has_read_the_pictures_whole_too(page, app, reach, find, click, qtbot):
    app.controller.exclude(wanted=True, selection=Selection("", np.array([0])))
    app.controller.convert()
    reach(State.FINISHED)
    assert words(find, "health.state") == (
        "All pictures were read when the stack was made. A check also finds exact copies, and pictures that "
        "are blank, very dark or very light."
    )
    app.controller.exclude(wanted=False, selection=Selection("", np.array([0])))
    assert words(find, "health.state").startswith("2 of 3 pictures were read when the stack was made.")
    click("health.check")
    qtbot.waitUntil(lambda: words(find, "health.state") == "All pictures were checked.")


def test_why_it_could_not_be_checked_is_said(page, behaviour, click, find, qtbot, health):
    behaviour.error = RunError("The programs that decode keep ending.")
    click("health.check")
    qtbot.waitUntil(lambda: health().problem != "")
    assert words(find, "health.state").endswith("The programs that decode keep ending.")
    behaviour.error = None
    click("health.check")
    qtbot.waitUntil(lambda: health().by_pixels is not None)
    assert health().problem == ""


def test_a_picture_that_cannot_be_read_counts_as_an_empty_place_and_not_as_changed():
    plan = make_plan([(10, 20), (30, 40), (5, 5)], Options(size=Size.parse("8x8"), fit=Fit.LETTERBOX))
    tried = Health(tried={1: "it is damaged", 2: ""})
    screen = Screen(run=RunOptions(""), catalog=plan.catalog, plan=plan, health=tried)
    assert (plan.scaled_down, plan.scaled_up) == (2, 1)
    counted = without_failed(screen)
    assert (counted.scaled_down, counted.scaled_up, empty_places(screen)) == (1, 1, 1)
    assert without_failed(replace(screen, health=None)) is plan
