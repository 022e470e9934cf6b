"""What is doubtful: told before the run, where the eye is, and kept with its report."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget

from stackgui.core.base.warnings import DataWarning
from stackgui.core.options.mending import mend
from stackgui.core.options.options import Options
from stackgui.gui.control.screen import State
from tests.gui.acting import tab_text, words
from tests.making import make_catalog

OF_LIST = DataWarning("lines-without-picture", "2 lines of l.csv name no picture.", 2, ("a.png", "b.png"))
AT_END = DataWarning("stray-bytes", "1 picture has stray bytes.", 1, ("tabby/1.jpg",))


@pytest.fixture
def warned(behaviour, catalog, ready_with, qtbot, app):
    ready_with(replace(catalog, warnings=(OF_LIST,)))
    qtbot.waitUntil(lambda: app.controller.screen.warnings == (OF_LIST,))


@pytest.fixture
def ready_with(behaviour, app, folders, reach):
    def begin(catalog) -> None:
        behaviour.catalog = catalog
        app.controller.add_sources(folders)
        reach(State.READY)

    return begin


def test_warnings_are_told_beside_the_button_and_one_click_away(warned, app, find, click):
    assert "Look at the problems first." in words(find, "save.line")
    assert find(QAbstractButton, "save.warnings").text() == "2 problems"
    assert find(QLabel, "save.mark").accessibleName() == "warning"
    click("save.warnings")
    assert find(QTabWidget, "found.tabs").currentWidget() is app.window.found.problems
    assert words(find, "problem.lines-without-picture.words") == OF_LIST.text
    assert words(find, "problem.lines-without-picture.files") == "a.png\nb.png"
    assert tab_text(find, app.window.found.problems) == "Pro&blems 2", "as the button says"


def test_without_problems_nothing_is_said_of_them(ready_with, catalog, app, find, qtbot):
    sources = ("/pets/cats", "/pets/dogs")
    ready_with(make_catalog([(30, 40)] * 4, sources=sources, skipped=catalog.skipped))
    qtbot.wait(500)  # longer than a plan takes to settle
    assert app.controller.screen.problems.serious == 0
    assert not find(QAbstractButton, "save.warnings").isVisible()
    assert "first" not in words(find, "save.line")
    app.window.found.show_problems()
    assert tab_text(find, app.window.found.problems) == "Pro&blems"
    assert find(QLabel, "problems.nothing").isVisible()
    assert not find(QLabel, "problems.look_at_it").isVisible()


def test_what_is_advised_is_offered(ready_with, app, find, qtbot, click):
    """Two labelled pictures of a class, one of another, and one without a label."""
    labels = ["a", "a", "b", ""]
    ready_with(make_catalog([(30, 40)] * 4, sources=("/pets/cats", "/pets/dogs"), given_label=labels))
    qtbot.waitUntil(lambda: len(app.controller.screen.warnings) == 2)
    app.window.found.show_problems()
    for code, samples in (("without-label", [3]), ("classes-of-one-picture", [2])):
        assert "“Leave out”" in words(find, f"problem.{code}.words")
        assert app.controller.screen.problems.of_kind(code).samples.tolist() == samples
        assert find(QAbstractButton, f"problem.{code}.leave_out").isVisible()
    click("problem.without-label.leave_out")
    assert app.controller.screen.plan.rows == 3


def test_other_folders_have_warnings_of_their_own(
    warned, app, behaviour, catalog, qtbot, folders, reach, find
):
    behaviour.catalog = catalog
    app.controller.remove_sources(folders[1:])
    reach(State.READY)
    assert app.controller.screen.warnings == ()
    assert find(QAbstractButton, "save.warnings").text() == "1 problem", "the picture that cannot be read"


def test_options_that_cannot_be_met_leave_the_warnings_of_the_search(warned, app, qtbot):
    app.controller.choose_options(replace(Options(), fill=300.0))
    assert app.controller.screen.plan is None
    qtbot.wait(500)
    assert app.controller.screen.warnings == (OF_LIST,)


def test_a_run_adds_what_decoding_noted(warned, app, engine, behaviour, reach, find, click):
    def convert(plan, run, control):
        return replace(behaviour.convert(plan, run, control), warnings=(OF_LIST, AT_END))

    engine.convert.side_effect = convert
    app.controller.convert()
    reach(State.FINISHED)
    assert app.controller.screen.warnings == (OF_LIST, AT_END)
    assert find(QAbstractButton, "save.warnings").text() == "3 problems"
    click("save.warnings")
    assert words(find, "problem.stray-bytes.words") == "1 picture has stray bytes."
    assert words(find, "problem.stray-bytes.files") == "tabby/1.jpg"


def test_checking_the_pictures_adds_what_decoding_noted(warned, behaviour, click, app, qtbot):
    behaviour.checks = replace(behaviour.checks, doubts={1: ("stray-bytes",)})
    app.window.found.show_problems()
    click("health.check")
    qtbot.waitUntil(lambda: len(app.controller.screen.warnings) == 2, timeout=10_000)
    stray = app.controller.screen.warnings[1]
    assert (stray.code, stray.count, stray.examples) == ("stray-bytes", 1, ("tabby/2.jpg",))
    app.controller.choose_size(50, 50)
    qtbot.wait(600)
    assert stray in app.controller.screen.warnings, "another plan of the same pictures"


def test_a_button_does_what_a_warning_proposes(ready_with, app, find, click, qtbot, reach):
    paths = ["all/cat/1.png", "all/cat/2.png", "all/dog/3.png", "all/dog/4.png"]
    ready_with(make_catalog([(30, 40)] * 4, path=paths))

    def screen():
        return app.controller.screen

    qtbot.waitUntil(lambda: [each.code for each in screen().warnings] == ["one-class"])
    click("save.warnings")
    assert find(QAbstractButton, "problem.one-class.mend").text() == "Use the second folders instead"
    click("problem.one-class.mend")
    qtbot.waitUntil(lambda: screen().plan.classes == ("cat", "dog"))
    qtbot.waitUntil(lambda: screen().warnings == ())
    app.controller.travel(back=True)
    qtbot.waitUntil(lambda: screen().plan.classes == ("all",))


def test_a_list_that_lies_there_is_taken_by_a_button(ready_with, catalog, app, click, qtbot, engine):
    taken = mend("Take the labels from l.csv", label_list="/pets/l.csv")
    ready_with(replace(catalog, warnings=(replace(OF_LIST, mend=taken),)))
    qtbot.waitUntil(lambda: app.controller.screen.warnings != ())
    click("save.warnings")
    click("problem.lines-without-picture.mend")
    assert app.controller.screen.scan_options.label_list == "/pets/l.csv"
    qtbot.waitUntil(lambda: engine.scan.call_args.args[2].label_list == "/pets/l.csv")


def test_nothing_is_ready_before_its_labels_have_been_looked_at(ready, app, find):
    screen = app.controller.screen
    app.window.present(replace(screen, warned_of=None))
    assert words(find, "save.line") == "Checking the labels and the plan."
    assert find(QLabel, "save.mark").accessibleName() == "info"
    app.window.present(replace(screen, warned_of=screen.plan))
    assert words(find, "save.line").startswith("Ready:")
