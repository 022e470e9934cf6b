"""Conversions that did not come to their end: found, resumed, begun again, left alone."""

import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import OtherJobError
from stackgui.core.options.options import Options
from stackgui.core.run.progress import FillProgress, Phase, ScanProgress
from stackgui.core.run.run_options import IfUnfinished
from stackgui.gui.app import dialogs
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import Ending, Outcome
from stackgui.gui.control.screen import Running, State
from stackgui.gui.texts import run_texts
from tests.gui.acting import words
from tests.gui.conftest import make_unfinished


@pytest.fixture
def left(behaviour, folders, tmp_path):
    """A conversion that an earlier window was told to make, and that is not complete."""
    found = make_unfinished(str(tmp_path / "pets"), folders, Options(fit=Fit.COVER))
    behaviour.left[found.destination] = found
    Preferences().keep_unfinished(found.destination)
    return found


@pytest.fixture
def found(left, app, find, qtbot):
    qtbot.waitUntil(find(QWidget, "unfinished").isVisible)


@pytest.fixture
def cancelled(ready, app, behaviour, find, click, qtbot, reach):
    behaviour.run_may_end.clear()
    app.controller.convert()
    qtbot.waitUntil(lambda: app.controller.screen.running.progress.rows_done == 2)
    click("progress.cancel")
    reach(State.CANCELLED)
    behaviour.run_may_end.set()
    qtbot.waitUntil(find(QWidget, "result.resume").isVisible)


# At the start


def test_it_is_found_at_the_start_and_resumed(found, left, app, engine, find, click, reach, qtbot):
    assert "“pets”, 2 of 4 rows" in words(find, "unfinished.line")
    assert left.destination in words(find, "unfinished.details")
    click("unfinished.resume")
    screen = app.controller.screen
    assert (screen.sources, screen.options, screen.run.destination) == (
        left.sources, left.options, left.destination,
    )  # fmt: skip
    assert "continues where it stopped" in words(find, "found.trouble")
    reach(State.FINISHED)
    assert engine.resume.call_args.args[0] == left.partial
    assert "in “pets”" in words(find, "result.line")
    assert Preferences().unfinished() == ""
    qtbot.waitUntil(lambda: app.controller.screen.plan is not None)
    assert app.controller.screen.catalog.sources == left.sources, "the folders can be looked at afterwards"


def test_resuming_ends_a_search_so_that_it_begins_anew_after_the_run(left, app):
    """As where the project of the last session comes back with its folders, which are searched at once."""
    searching = replace(
        app.controller.screen,
        sources=left.sources,
        scan_options=left.scan_options,
        options=left.options,
        scan=ScanProgress(),
    )
    assert transitions.adopted(searching, left).scan is None


def test_start_again_makes_ready_and_throws_nothing_away_yet(
    found, left, app, behaviour, find, click, reach, qtbot
):
    click("unfinished.restart")
    screen = reach_ready(app, reach)
    assert not find(QWidget, "unfinished").isVisible()
    assert (screen.sources, screen.options) == (left.sources, left.options)
    qtbot.waitUntil(lambda: "will be thrown away" in words(find, "save.line"))
    assert left.destination in behaviour.left
    click("save.convert")
    reach(State.FINISHED)
    assert left.destination not in behaviour.left


def reach_ready(app, reach):
    reach(State.READY)
    return app.controller.screen


def test_not_now_leaves_it_for_the_next_start(found, left, app, behaviour, find, click):
    click("unfinished.leave")
    assert not find(QWidget, "unfinished").isVisible()
    assert app.controller.screen.state is State.EMPTY
    assert left.destination in behaviour.left
    assert Preferences().unfinished() == left.destination


@pytest.fixture
def elsewhere(left, behaviour):
    """Known before the window is there, which looks for it at once."""
    behaviour.left[left.destination] = replace(left, in_use=True)


def test_nothing_is_offered_that_another_window_is_working_on(elsewhere, engine, app, qtbot, find):
    qtbot.waitUntil(lambda: not app.controller._jobs.is_active("left over"))
    engine.unfinished.assert_called()
    assert not find(QWidget, "unfinished").isVisible()


# At the chosen place


def test_it_is_found_where_the_stack_is_to_be_saved(ready, left, app, find, click, qtbot, reach):
    app.controller.choose_destination(left.destination)
    qtbot.waitUntil(find(QWidget, "unfinished").isVisible)
    assert not find(QAbstractButton, "save.convert").isEnabled()
    click("unfinished.leave")
    reach(State.READY)
    assert app.controller.screen.run.destination != left.destination


def test_start_again_with_the_choices_of_the_window(ready, left, app, engine, find, click, qtbot, reach):
    app.controller.choose_destination(left.destination)
    qtbot.waitUntil(find(QWidget, "unfinished").isVisible)
    click("unfinished.restart")
    reach(State.READY)
    assert app.controller.screen.options == Options()
    click("save.convert")
    reach(State.FINISHED)
    assert engine.convert.call_args.args[1].unfinished is IfUnfinished.RESTART


def test_another_place_takes_back_that_it_starts_again(ready, left, app, find, click, qtbot, tmp_path):
    app.controller.choose_destination(left.destination)
    qtbot.waitUntil(find(QWidget, "unfinished").isVisible)
    click("unfinished.restart")
    app.controller.choose_destination(str(tmp_path / "other"))
    assert app.controller.screen.run.unfinished is IfUnfinished.REFUSE


# After a run


def test_what_was_cancelled_is_resumed_by_key(cancelled, app, find, qtbot, reach, engine):
    assert words(find, "result.details") == "2 of 4 rows are kept. Your pictures are unchanged."
    assert not find(QWidget, "unfinished").isVisible(), "one card is enough"
    assert Preferences().unfinished() == app.controller.screen.run.destination
    app.window.activateWindow()
    qtbot.keyClick(app.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    reach(State.FINISHED)
    engine.resume.assert_called_once()


def test_what_differs_is_said_and_changed_pictures_are_done_again(
    cancelled, app, behaviour, engine, find, click, qtbot, reach
):
    behaviour.error = OtherJobError("1.jpg has changed since.", redoable=True)
    click("result.resume")
    reach(State.FAILED)
    assert words(find, "result.line") == "1.jpg has changed since."
    resume = find(QAbstractButton, "result.resume")
    qtbot.waitUntil(resume.isVisible)
    assert resume.text() == "Resume, convert changed pictures again"
    behaviour.error = None
    click("result.resume")
    reach(State.FINISHED)
    assert engine.resume.call_args.kwargs["redo_changed"]


def test_another_job_can_only_be_begun_again(cancelled, behaviour, find, click, qtbot, reach):
    behaviour.error = OtherJobError("Other folders were chosen.", redoable=False)
    click("result.resume")
    reach(State.FAILED)
    qtbot.waitUntil(find(QWidget, "result.restart").isVisible)
    assert not find(QWidget, "result.resume").isVisible()


def test_what_is_kept_is_that_of_the_run_whatever_is_prepared_meanwhile(
    ready, app, behaviour, find, click, qtbot, reach
):
    behaviour.run_may_end.clear()
    app.controller.convert()
    qtbot.waitUntil(lambda: app.controller.screen.running.progress.rows_done == 2)
    app.controller.choose_size(50, 50)
    assert not app.controller.screen.under_way
    click("progress.cancel")
    reach(State.CANCELLED)
    qtbot.waitUntil(lambda: "2 of 4 rows are kept" in find(QLabel, "result.details").text())
    assert not find(QWidget, "result.resume").isVisible(), "it would resume what is prepared"
    behaviour.run_may_end.set()


@pytest.mark.parametrize("phase", Phase)
def test_a_run_cancelled_before_it_wrote_rows_counts_only_what_is_kept(phase):
    """How many rows were checked or pictures searched again is no number of rows that are done."""
    running = Running("/stacks/pets", FillProgress(phase, 77_943, 120_000))
    end = transitions.run_end(Ending(0, Outcome.CANCELLED), running)
    assert end.text.startswith("You cancelled ")
    assert not any(character.isdigit() for character in end.text)


@given(st.integers(0, 5), st.integers(1, 5))
def test_what_is_said_to_be_kept_is_what_resuming_finds(done, rows):
    left = replace(make_unfinished("/stacks/pets", ["/pets"]), rows_done=min(done, rows), rows=rows)
    told = run_texts.left_line(left)
    numbers = [int(number) for number in re.findall("[0-9]+", told)]
    whole = {"Both rows": 2, "The row ": 1, "No row": 0}
    kept = next((count for words, count in whole.items() if told.startswith(words)), None)
    assert (numbers[0] if kept is None else kept) == left.rows_done


def test_a_run_that_left_nothing_says_so(ready, app, behaviour, find, click, qtbot, reach):
    behaviour.keeps_rows = False
    behaviour.run_may_end.clear()
    app.controller.convert()
    app.controller.runs.cancel()
    reach(State.CANCELLED)
    qtbot.waitUntil(lambda: "None of its rows are kept" in find(QLabel, "result.details").text())
    assert not find(QWidget, "result.resume").isVisible()


def test_the_next_window_finds_what_was_closed_while_running(
    ready, app, behaviour, engine, qtbot, monkeypatch
):
    behaviour.run_may_end.clear()
    app.controller.convert()
    asked = []
    monkeypatch.setattr(dialogs, "ask", lambda *args: asked.append(args[1]) or True)
    app.window.close()
    assert "You can resume it" in asked[0]
    again = App(engine, Preferences())
    again.start()
    qtbot.waitUntil(again.window.unfinished.isVisible)
    again.window.close()


# Words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ((2026, 3, 2, 10, 12), "today at 10:12"),
        ((2026, 3, 1, 9, 5), "yesterday at 09:05"),
        ((2026, 2, 27, 9, 5), "on 27/02/2026 at 09:05"),
    ],
)
def test_a_moment_is_said_as_one_says_it(when, words):
    then_s, now_s = (time.mktime((*moment, 0, 0, 0, -1)) for moment in (when, (2026, 3, 2, 18, 0)))
    assert run_texts.moment(then_s, now_s) == words
