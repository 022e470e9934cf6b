"""Verifying a stack, as the person sees it."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from stackgui.core.base.errors import UsageError
from stackgui.core.run.findings import Damage
from stackgui.gui.control.screen import State
from stackgui.gui.texts import run_texts
from tests.gui.acting import words


@pytest.fixture
def says(find, qtbot):
    def wait(text: str) -> None:
        qtbot.waitUntil(lambda: text in find(QLabel, "check.line").text())
        assert find(QLabel, "check.line").isVisible()

    return wait


def test_a_stack_just_made_is_verified_and_compared(finished, app, engine, find, click, says, qtbot):
    click("result.verify")
    says("Verified: nothing has changed in “cats”.")
    assert find(QWidget, "result").isVisible(), "both stay readable"
    assert not find(QWidget, "check.folder").isVisible(), "the card above has it"
    assert not find(QWidget, "check.list").isVisible()
    assert words(find, "check.details") == "4 rows checked against their checksums."
    click("check.deep")
    qtbot.waitUntil(lambda: "4 rows compared with the pictures" in find(QLabel, "check.details").text())
    assert engine.verify.call_args.kwargs == {"deep": 1000}
    click("check.close")
    assert find(QWidget, "result").isVisible()


def test_two_reports_leave_room_for_the_rest_in_a_low_window(finished, app, find, click, says, qtbot):
    app.window.resize(960, 510)
    assert find(QLabel, "result.details").isVisible()
    click("result.verify")
    says("Verified")
    assert not find(QLabel, "result.details").isVisible()
    qtbot.waitUntil(lambda: find(QWidget, "splitter").height() > 510 / 2)
    close, told = find(QWidget, "check.close"), find(QLabel, "check.line")
    assert close.x() > told.geometry().right(), "its buttons stand beside its words"
    app.window.resize(1280, 800)
    assert find(QLabel, "result.details").isVisible()
    click("check.close")
    app.window.resize(960, 510)
    assert find(QLabel, "result.details").isVisible()


def test_a_new_project_begins_without_the_check(finished, app, find, click, says):
    click("result.verify")
    says("Verified: nothing has changed in “cats”.")
    click("result.new")
    assert app.controller.screen.check is None
    assert not find(QWidget, "check").isVisible()


def test_damage_is_listed(app, behaviour, find, says, tmp_path):
    behaviour.damage = (Damage("images.npy", "the pixels are not those that were written", 1_200),)
    app.controller.stacks.verify(str(tmp_path / "old"))
    says("“old” is damaged.")
    assert find(QWidget, "check.folder").isVisible()
    table = find(QAbstractItemView, "check.table")
    assert table.isVisible()
    assert [table.model().index(0, column).data() for column in range(3)] == [
        "images.npy", "1,200", "the pixels are not those that were written",
    ]  # fmt: skip
    assert app.controller.screen.state is State.EMPTY, "folders can be added meanwhile"


def test_what_is_no_stack_is_said(app, behaviour, find, says):
    behaviour.error = UsageError("There is no folder /old.")
    app.controller.stacks.verify("/old")
    says("There is no folder /old.")
    assert not find(QWidget, "check.copyDetails").isVisible()


def test_a_fault_can_be_copied(app, behaviour, find, says, click):
    behaviour.error = KeyError("odd")
    app.controller.stacks.verify("/old")
    says("fault of the program")
    click("check.copyDetails")
    assert "KeyError: 'odd'" in QGuiApplication.clipboard().text()


def test_a_check_can_be_ended_and_gives_way_to_a_run(ready, app, behaviour, find, click, says, qtbot, reach):
    behaviour.run_may_end.clear()
    app.controller.stacks.verify("/old")
    qtbot.waitUntil(lambda: "1 of 4 rows checked" in find(QLabel, "check.details").text())
    click("check.close")
    assert not find(QWidget, "check").isVisible()
    app.controller.stacks.verify("/old")
    app.controller.convert()
    assert app.controller.screen.check is None
    app.controller.stacks.verify("/old")
    assert app.controller.screen.check is not None
    assert app.controller.screen.running is not None, "another stack may be checked beside the run"
    behaviour.run_may_end.set()
    reach(State.FINISHED)


def test_what_could_not_be_compared_and_what_to_do_is_said(report):
    from stackgui.core.run.verify import VerifyReport

    damaged = VerifyReport("/pets", 4, 2, (Damage("", "labels.npy is missing"),), report.failures)
    assert run_texts.check_details(damaged) == (
        "4 rows checked against their checksums. 2 rows compared with the pictures. "
        "1 picture not compared: changed since the stack was made, gone, or made by other versions. "
        "Convert the pictures again, or fetch a fresh copy of the stack."
    )
