"""Making failed rows again, as the person sees it."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget

from stackgui.core.base.errors import StoreError
from stackgui.core.run.report import Failure, RetryReport, Status
from stackgui.gui.app import dialogs
from stackgui.gui.control.screen import State
from stackgui.gui.texts import run_texts
from tests.gui.acting import words


@pytest.fixture
def retried(click, reach):
    """Press the button, and wait for the end."""

    def act() -> None:
        click("result.retry")
        reach(State.FINISHED)

    return act


def test_rows_that_are_repaired_are_told_and_leave_no_failures(finished, app, engine, find, retried):
    before = app.controller.screen.end.report
    assert "3 of 4 pictures" in words(find, "result.line")
    retried()
    assert engine.retry_failed.call_args.args[0] == before.stack
    assert "All 4 pictures are in" in words(find, "result.line")
    assert words(find, "result.details") == (
        "1 picture could be read this time. Its place is filled now. The other rows are unchanged."
    )
    assert not find(QWidget, "result.retry").isVisible()
    assert not find(QWidget, "result.failures").isVisible()


def test_rows_that_still_fail_are_listed_and_can_be_tried_once_more(
    finished, app, behaviour, find, retried, click
):
    failure = app.controller.screen.end.report.failures[0]
    behaviour.still_failing = (Failure(failure.row, failure.file, "the file is no longer there"),)
    retried()
    assert "No picture could be read this time. 1 still fails." in words(find, "result.details")
    click("result.failures")
    model = find(QAbstractItemView, "result.table").model()
    assert (model.rowCount(), model.index(0, 2).data()) == (1, "the file is no longer there")
    behaviour.still_failing = ()
    retried()
    assert "All 4 pictures" in words(find, "result.line")


def test_meanwhile_progress_is_shown_and_nothing_else_can_start(
    finished, app, behaviour, find, click, reach, qtbot, monkeypatch
):
    behaviour.run_may_end.clear()
    click("result.retry")
    qtbot.waitUntil(lambda: "Retrying · 1 of 1 row" in words(find, "progress.line"))
    assert not find(QWidget, "result").isVisible()
    assert not find(QAbstractButton, "save.convert").isEnabled()
    assert words(find, "save.line") == "Failed rows of “cats” are being retried."
    asked = []
    monkeypatch.setattr(dialogs, "ask", lambda _window, question, *_: asked.append(question) or False)
    assert not app.window.close()
    assert "The rows retried so far are kept" in asked[0]
    click("progress.cancel")
    reach(State.FINISHED)
    assert find(QWidget, "result.retry").isVisible()
    assert "3 of 4 pictures" in words(find, "result.line")


def test_what_went_wrong_is_said_and_the_card_stays(finished, behaviour, find, retried):
    behaviour.error = StoreError("The disk is full.")
    retried()
    assert words(find, "messageBar.text") == "The disk is full."
    assert "3 of 4 pictures" in words(find, "result.line")
    assert find(QWidget, "result.retry").isVisible()


def test_a_fault_can_be_copied(finished, behaviour, find, retried):
    behaviour.error = KeyError("odd")
    retried()
    assert "fault of the program" in words(find, "messageBar.text")
    assert find(QWidget, "result.retry").isVisible()


def test_without_failures_there_is_nothing_to_retry(ready, app, engine):
    app.controller.runs.retry_failed()
    assert not app.controller.screen.running
    engine.retry_failed.assert_not_called()


@pytest.mark.parametrize(
    ("status", "left", "said"),
    [
        (Status.COMPLETE, 0, "3 pictures could be read this time. Their places are filled now."),
        (Status.COMPLETE_WITH_FAILURES, 2, "2 still fail."),
        (Status.CANCELLED, 1, "You cancelled before all of them were tried."),
    ],
)
def test_texts(status, left, said):
    failures = tuple(Failure(row, f"{row}.png", "odd") for row in range(left))
    assert said in run_texts.retry_details(RetryReport(status, "/pets", ("/pets",), 3, failures, 1.0))
