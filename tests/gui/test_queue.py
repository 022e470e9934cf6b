"""The queue in the window: adding, arranging, running one after another, and what follows."""

from dataclasses import replace
from unittest.mock import Mock

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QMessageBox,
    QWidget,
)

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import ClusterAwayError, RunError
from stackgui.core.options.options import Options
from stackgui.core.project.queue import JobState, WhenDone
from stackgui.core.project.queue_words import outcome_words
from stackgui.engine.power import Power
from stackgui.engine.queue_file import QueueFile
from stackgui.gui.app import dialogs, night
from stackgui.gui.app.notices import Notices
from stackgui.gui.control.screen import State
from stackgui.gui.widgets.parts import Mark
from tests.gui.acting import words

ASK = dialogs.ask
"""The real question, for which other tests have an answer."""


@pytest.fixture
def queue(app):
    return lambda: app.controller.screen.queue.queue


@pytest.fixture
def states(queue):
    return lambda: [job.state for job in queue().jobs]


@pytest.fixture
def add(app, ready, click, qtbot, queue):
    """Add a stack with other choices than those before."""
    fits = iter(Fit)

    def act() -> str:
        app.controller.choose_options(Options(fit=next(fits)))
        qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
        before = len(queue().jobs)
        click("save.queue")
        qtbot.waitUntil(lambda: len(queue().jobs) == before + 1)
        return queue().jobs[-1].name

    return act


@pytest.fixture
def window(app, find, monkeypatch):
    monkeypatch.setattr(night.power, "can", lambda _wanted: False)
    app.window.menus["queue"].trigger()
    return find(QWidget, "queueWindow")


@pytest.fixture
def mark(find):
    def act(row: int) -> None:
        find(QAbstractItemView, "queue.table").selectRow(row)

    return act


def test_three_stacks_are_made_while_the_next_is_prepared(
    add, app, behaviour, queue, states, click, qtbot, find, window, reach, folders
):
    behaviour.run_may_end.clear()
    names = [add() for _ in range(3)]
    assert names == ["cats", "cats 2", "cats 3"], "each has a place of its own"
    assert words(find, "messageBar.text").startswith("“cats 3” is in the queue. Start the queue")
    assert words(find, "queue.line") == "3 stacks wait."
    click("queue.start")
    qtbot.waitUntil(lambda: "2 of 4 rows" in find(QLabel, "progress.line").text())
    assert app.window.message.text() == "", "nothing asks to start it any more"
    assert states() == [JobState.RUNNING, JobState.WAITING, JobState.WAITING]
    assert app.window.windowTitle().startswith("50 %")
    model = find(QAbstractItemView, "queue.table").model()
    assert model.index(0, 1).data() == "50 % made"
    app.controller.choose_options(Options(fit=Fit.STRETCH))
    app.controller.projects.start_new()
    app.controller.add_sources(folders[1:])
    qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
    assert app.controller.screen.run.destination.endswith("dogs")
    click("save.convert")
    qtbot.waitUntil(lambda: len(queue().jobs) == 4)
    assert words(find, "messageBar.text") == "“dogs” is in the queue. It begins when “cats” is done."
    behaviour.run_may_end.set()
    qtbot.waitUntil(lambda: states() == [JobState.DONE] * 4)
    qtbot.waitUntil(lambda: not app.controller.screen.queue.is_going)
    assert words(find, "messageBar.text") == "The queue is done: 4 stacks are made."
    assert [job.failed for job in QueueFile().read().jobs] == [1] * 4
    assert model.index(0, 1).data() == "done; 1 could not be read"
    assert not QueueFile().is_run_elsewhere, "another program may run the queue now"
    click("queue.clear")
    qtbot.waitUntil(lambda: queue().jobs == ())
    assert words(find, "queue.line").startswith("Nothing is in the queue.")


def test_what_is_shown_of_a_job(add, find, window, app):
    add()
    model = find(QAbstractItemView, "queue.table").model()
    job = app.controller.screen.queue.queue.jobs[0]
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert shown[:3] == ["cats", "waiting", "Exactly as they are, padded"]
    assert shown[3].startswith("4 pictures, ")
    assert shown[4:] == ["cats, dogs", job.destination.rpartition("/")[0]]
    assert find(QAbstractButton, "save.showQueue").text() == "Queue (1)"


def test_the_first_is_marked_when_the_window_opens(add, find, request):
    add()
    request.getfixturevalue("window")
    assert find(QWidget, "queue.remove").isEnabled()


def test_order_pause_and_removal(add, click, queue, states, mark, window, qtbot):
    names = [add() for _ in range(3)]
    mark(2)
    click("queue.up")
    qtbot.waitUntil(lambda: [job.name for job in queue().jobs] == [names[0], names[2], names[1]])
    click("queue.up")
    qtbot.waitUntil(lambda: queue().jobs[0].name == names[2])
    click("queue.pause")
    qtbot.waitUntil(lambda: states()[0] is JobState.PAUSED)
    click("queue.goOn")
    qtbot.waitUntil(lambda: states()[0] is JobState.WAITING)
    click("queue.remove")
    qtbot.waitUntil(lambda: [job.name for job in queue().jobs] == names[:2])


def test_a_button_that_is_locked_gives_the_keyboard_to_the_table(add, find, queue, mark, window, qtbot):
    """Not to what happens in the end, which the next key would change."""
    last = [add() for _ in range(2)][-1]
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    mark(1)
    find(QWidget, "queue.up").setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: queue().jobs[0].name == last)
    qtbot.waitUntil(find(QWidget, "queue.table").hasFocus)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["done"], "1 stack is made."),
        (["cancelled"], "no stack is made, 1 cancelled."),
        (["done", "failed", "cancelled", "done"], "2 stacks are made, 1 failed, 1 cancelled."),
    ],
)
def test_the_end_tells_of_what_was_cancelled(states, said):
    jobs = [Mock(state=JobState(each)) for each in states]
    assert outcome_words(jobs) == f"The queue is done: {said}"


def test_a_failure_stops_no_other_and_can_be_tried_again(
    add, behaviour, click, states, queue, find, mark, window, qtbot, app
):
    add()
    add()
    behaviour.error = RunError("The worker processes keep ending.")
    click("queue.start")
    qtbot.waitUntil(lambda: states() == [JobState.FAILED, JobState.FAILED])
    qtbot.waitUntil(lambda: not app.controller.screen.queue.is_going)
    assert words(find, "messageBar.text") == "The queue is done: no stack is made, 2 failed."
    assert app.window.message.accessibleName().startswith("warning: ")
    mark(0)
    assert words(find, "queue.told") == "The worker processes keep ending."
    behaviour.error = None
    behaviour.notes = ("Some pictures have changed since it was added.",)
    click("queue.retry")
    qtbot.waitUntil(lambda: states()[0] is JobState.WAITING)
    click("queue.start")
    qtbot.waitUntil(lambda: states()[0] is JobState.DONE)
    assert words(find, "queue.told") == "Some pictures have changed since it was added."
    assert states()[1] is JobState.FAILED


def test_a_cluster_that_is_lost_leaves_a_job_to_go_on_with(
    add, behaviour, click, states, find, window, qtbot
):
    add()
    behaviour.error = ClusterAwayError("The scheduler of the cluster at tcp://oak:8786 was lost.")
    click("queue.start")
    qtbot.waitUntil(lambda: "was lost" in words(find, "messageBar.text"))
    qtbot.waitUntil(lambda: states() == [JobState.WAITING])
    assert find(QAbstractItemView, "queue.table").model().index(0, 1).data() == "waiting to go on"


def test_a_cluster_that_is_away_stops_the_queue_and_fails_no_job(
    add, behaviour, click, states, find, window, qtbot, app, mark
):
    name = add()
    add()
    behaviour.keeps_rows = False
    behaviour.error = ClusterAwayError("The cluster at tcp://oak:8786 cannot be reached (refused).")
    click("queue.start")
    qtbot.waitUntil(lambda: "cannot be reached" in words(find, "messageBar.text"))
    assert not app.controller.screen.queue.is_going
    qtbot.waitUntil(lambda: states() == [JobState.WAITING, JobState.WAITING])
    mark(0)
    assert find(QAbstractItemView, "queue.table").model().index(0, 1).data() == "waiting"
    assert words(find, "queue.told") == "It has not begun, since the cluster could not be reached."
    assert words(find, "messageBar.text") == (
        "The cluster at tcp://oak:8786 cannot be reached (refused). The queue waits before "
        f"“{name}”. Start it again when the cluster is there."
    )
    assert app.window.message.accessibleName().startswith("warning: ")
    assert app.controller.screen.running is None
    behaviour.error = None
    click("queue.start")
    qtbot.waitUntil(lambda: states() == [JobState.DONE, JobState.DONE])


def test_the_running_one_is_paused_and_cancelled_from_the_queue(
    add, behaviour, click, states, app, window, qtbot, mark, reach, find
):
    behaviour.run_may_end.clear()
    add()
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.running is not None)
    mark(0)
    click("queue.pause")
    reach(State.PAUSED)
    qtbot.waitUntil(lambda: words(find, "queue.line").endswith("is paused; 1 stack waits."))
    model = find(QAbstractItemView, "queue.table").model()
    assert model.index(0, 1).data().startswith("paused at ")
    click("queue.goOn")
    reach(State.RUNNING)
    qtbot.waitUntil(lambda: words(find, "queue.line").endswith("is being made; 1 stack waits."))
    click("queue.hold")
    click("queue.cancel")
    qtbot.waitUntil(lambda: states() == [JobState.CANCELLED, JobState.WAITING])
    assert app.controller.screen.running is None, "the queue was stopped, so the next does not begin"
    behaviour.run_may_end.set()


def test_a_stack_in_the_queue_is_not_made_twice(add, app, find, queue):
    name = add()
    assert words(find, "save.line").startswith(f"“{name}” is in the queue.")
    assert not find(QWidget, "save.convert").isEnabled()
    app.controller.convert()
    app.controller.queueing.add()
    assert app.controller.screen.running is None
    assert len(queue().jobs) == 1


def test_what_the_queue_has_made_is_done_as_after_a_plain_run(
    add, app, behaviour, click, find, reach, window, qtbot
):
    behaviour.run_may_end.clear()
    add()
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.running is not None)
    assert words(find, "save.line").startswith("“cats 2” is in the queue."), "what runs is another"
    behaviour.run_may_end.set()
    qtbot.waitUntil(lambda: "The queue is done" in app.window.message.text())
    qtbot.waitUntil(lambda: words(find, "save.line").startswith("This stack is done."))
    assert not find(QWidget, "save.convert").isEnabled()
    assert not find(QWidget, "save.queue").isEnabled()
    click("result.back")
    assert words(find, "save.line").startswith("This stack is done."), "closing its card makes no new stack"
    assert find(Mark, "save.mark").accessibleName() == "info"
    app.controller.choose_options(Options(fit=Fit.COVER))
    reach(State.READY)
    assert app.controller.screen.run.destination.endswith("cats")


def test_the_first_of_the_queue_is_done_while_the_next_is_made(
    add, app, behaviour, click, find, window, qtbot
):
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.is_done)
    qtbot.waitUntil(lambda: not app.controller.screen.queue.is_going)
    behaviour.run_may_end.clear()
    job = replace(app.controller.screen.queue.queue.jobs[0], number=0, state=JobState.WAITING)
    other = replace(
        job, project=replace(job.project, run=replace(job.project.run, destination="/pets/other"))
    )
    QueueFile().change(lambda found: found.added(other))
    qtbot.waitUntil(lambda: len(app.controller.screen.queue.queue.jobs) == 2)
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.running is not None)
    assert words(find, "save.line").startswith("This stack is done.")
    behaviour.run_may_end.set()
    qtbot.waitUntil(lambda: app.controller.screen.running is None)


def test_what_may_go_wrong_is_told_when_it_is_added(add, behaviour, find):
    behaviour.notes = ("Together they need more than is free.",)
    add()
    assert words(find, "messageBar.text").endswith("Together they need more than is free.")


def test_what_another_program_adds_is_shown(add, app, queue, qtbot):
    add()
    job = replace(queue().jobs[0], number=0)
    QueueFile().change(lambda found: found.added(job))
    qtbot.waitUntil(lambda: len(queue().jobs) == 2)


def test_only_one_program_runs_the_queue(add, click, app, find, window, qtbot):
    add()
    other = QueueFile()
    assert other.own()
    click("queue.start")
    qtbot.waitUntil(lambda: "already running" in app.window.message.text())
    assert app.controller.screen.running is None
    assert words(find, "queue.line") == "Another window or a terminal is running the queue."
    other.release()
    qtbot.waitUntil(lambda: not app.controller.screen.queue.is_run_elsewhere)


def test_a_conversion_begun_by_hand_comes_before_the_queue(add, app, behaviour, click, states, window, qtbot):
    add()
    behaviour.run_may_end.clear()
    app.controller.choose_options(Options(fit=Fit.COVER))
    qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
    click("save.convert")
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.queue.is_going)
    assert states() == [JobState.WAITING]
    behaviour.run_may_end.set()
    qtbot.waitUntil(lambda: states() == [JobState.DONE])


def test_closing_lets_the_running_one_go_on_next_time(add, app, behaviour, click, qtbot, window, monkeypatch):
    behaviour.run_may_end.clear()
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.running is not None)
    asked = []
    monkeypatch.setattr(dialogs, "ask", lambda _window, question, *_: asked.append(question) or True)
    app.window.close()
    assert asked == ["“cats” is being made. Stop the queue and close? It can go on next time."]
    after = QueueFile()
    assert after.own()
    (job,) = after.read().jobs
    assert (job.state, job.attempts) == (JobState.WAITING, 1)
    after.release()


def test_the_question_goes_when_there_is_nothing_to_stop_any_more(
    ready, app, behaviour, click, qtbot, reach, monkeypatch
):
    monkeypatch.setattr(dialogs, "ask", ASK)
    behaviour.run_may_end.clear()
    app.controller.convert()
    reach(State.RUNNING)
    asked = []

    def look() -> None:
        box = app.window.findChild(QMessageBox, "question")
        if box is None or not box.isVisible() or box.text() in asked:
            return
        asked.append(box.text())
        app.controller.runs.pause_or_resume()
        if len(asked) > 1:
            behaviour.run_may_end.set()

    looking = QTimer(app.window, interval=20)
    looking.timeout.connect(look)
    looking.start()
    assert not app.window.close()
    looking.stop()
    assert [text.partition(".")[0] for text in asked] == ["“cats” is being made", "“cats” is paused"]
    assert app.controller.screen.state is State.FINISHED
    assert app.window.isVisible(), "nobody has agreed to close it"


def test_a_logout_lets_the_running_one_wait_again(add, app, behaviour, click, qtbot, window, states):
    behaviour.run_may_end.clear()
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.controller.screen.running is not None)
    app.stop_for_logout()
    qtbot.waitUntil(lambda: states() == [JobState.WAITING])
    behaviour.run_may_end.set()
    click("queue.start")
    qtbot.waitUntil(lambda: states() == [JobState.DONE])


@pytest.fixture
def interrupted(folders, tmp_path, plan):
    from stackgui.core.project.queue import QueuedJob
    from stackgui.core.run.run_options import RunOptions

    file = QueueFile()
    file.change(lambda queue: queue.added(QueuedJob.of(plan, RunOptions(str(tmp_path / "pets")), 900)))
    assert file.own()
    file.take()
    file.release()


def test_the_next_window_offers_what_was_interrupted(interrupted, app, find, qtbot, window, click, states):
    qtbot.waitUntil(lambda: states() == [JobState.WAITING])
    assert words(find, "messageBar.text").startswith("“pets” was interrupted. Start the queue")
    assert find(QAbstractItemView, "queue.table").model().index(0, 1).data() == "waiting to go on"
    qtbot.waitUntil(find(QWidget, "queue.start").isEnabled)
    click("queue.start")
    qtbot.waitUntil(lambda: states() == [JobState.DONE])


# When it is done


@pytest.fixture
def told(app, monkeypatch) -> list:
    done = []
    monkeypatch.setattr(Notices, "notify", lambda _self, text, _icon: done.append(text))
    monkeypatch.setattr(Notices, "sound", lambda _self: done.append("sound"))
    monkeypatch.setattr(app.window.desktop, "open", done.append)
    monkeypatch.setattr(night.power, "use", done.append)
    return done


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (WhenDone.NOTIFY, "The queue is done: 1 stack is made."),
        (WhenDone.SOUND, "sound"),
        (WhenDone.OPEN_FOLDER, "cats"),
    ],
)
def test_what_is_wanted_happens_when_it_is_done(add, app, told, click, window, qtbot, wanted, expected):
    app.controller.queueing.choose_when_done(wanted)
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].endswith(expected)
    assert app.controller.screen.queue.when_done is wanted


@pytest.fixture
def sleepy(app, monkeypatch, window, find, qtbot, told):
    monkeypatch.setattr(night.power, "can", lambda _wanted: True)
    app.night._controller.errands.begin_quietly("powers", lambda _: night._allowed(), app.night._offer)
    box = find(QComboBox, "queue.whenDone")
    qtbot.waitUntil(lambda: box.findData(WhenDone.SLEEP) >= 0)
    box.setCurrentIndex(box.findData(WhenDone.SLEEP))
    box.activated.emit(box.currentIndex())
    assert app.controller.screen.queue.when_done is WhenDone.SLEEP


def test_the_computer_sleeps_after_a_countdown_and_only_once(
    sleepy, add, app, told, click, qtbot, find, states
):
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: states() == [JobState.DONE])
    qtbot.waitUntil(lambda: app.night._countdown is not None)
    assert words(find, "countdown.words").endswith("goes to sleep in 60 seconds.")
    assert app.controller.screen.queue.when_done is WhenDone.NOTHING
    for _ in range(60):
        app.night._countdown.tick()
    qtbot.waitUntil(lambda: told == [Power.SLEEP])
    assert not find(QWidget, "countdown").isVisible()


def test_the_countdown_can_be_stopped(sleepy, add, app, told, click, qtbot, find, states):
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.night._countdown is not None)
    qtbot.waitUntil(find(QWidget, "countdown").isActiveWindow)  # until then, Esc is for another window
    qtbot.keyClick(find(QWidget, "countdown"), Qt.Key.Key_Escape)
    assert not find(QWidget, "countdown").isVisible()
    assert told == []


def test_it_stays_on_for_a_stack_that_was_begun_meanwhile(sleepy, add, app, told, click, qtbot, behaviour):
    add()
    click("queue.start")
    qtbot.waitUntil(lambda: app.night._countdown is not None)
    behaviour.run_may_end.clear()
    app.controller.choose_options(Options(fit=Fit.STRETCH))
    qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
    click("save.convert")
    for _ in range(60):
        app.night._countdown.tick()
    assert app.window.message.text() == night.STAYS_ON
    assert told == []
    behaviour.run_may_end.set()


def test_the_computer_is_awake_while_a_run_is_on(ready, app, behaviour, qtbot, click, reach):
    behaviour.run_may_end.clear()
    click("save.convert")
    qtbot.waitUntil(lambda: app.night._awake.is_held)
    click("progress.pause")
    qtbot.waitUntil(lambda: not app.night._awake.is_held)
    click("progress.pause")
    qtbot.waitUntil(lambda: app.night._awake.is_held)
    behaviour.error = RunError("It failed.")
    behaviour.run_may_end.set()
    reach(State.FAILED)
    qtbot.waitUntil(lambda: not app.night._awake.is_held)


def test_tab_goes_through_the_window_as_the_eye_does(add, find, window, qtbot):
    add()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    find(QWidget, "queue.start").setFocus()
    walked = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget().objectName())
    assert walked == ["queue.table", "queue.pause", "queue.remove", "queue.whenDone"]
