"""Bringing a stack up to date, as the person sees it."""

import threading

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QWidget

from stackgui.core.base.errors import UsageError
from stackgui.core.base.ways import Way
from stackgui.core.options.update_options import Gone, Larger
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Status
from stackgui.core.run.update_report import UpdateReport
from stackgui.gui.control import stack_update


class Sources:
    """What an update finds, and whether it may end."""

    def __init__(self) -> None:
        self.found = {"new": ("cat/9.png", "dog/8.png"), "gone": ("cat/1.png",)}
        self.state = "one"
        self.larger: tuple[str, ...] = ()
        self.error: Exception | None = None
        self.asked = []
        self.may_end = threading.Event()
        self.may_end.set()

    def update(self, stack, control, how):
        self.asked.append(how)
        if not how.only_look:
            control.publish(FillProgress(Phase.FILLING, 1, 2))
            while not self.may_end.wait(0.002):
                control.check()
        if self.error is not None:
            raise self.error
        kinds = {kind: self.found.get(kind, ()) for kind in ("new", "changed", "gone", "came_back")}
        report = UpdateReport(
            Status.COMPLETE, stack, not how.only_look, 4, 6, **kinds, relabelled=(), annotated=(),
            larger=self.larger, new_classes=(), versions=(), failures=(), choices=how.choices, seconds=1.0,
            state=self.state,
        )  # fmt: skip
        if not how.only_look:
            self.found = {}
        return report


@pytest.fixture
def sources(engine) -> Sources:
    made = Sources()
    engine.update.side_effect = made.update
    return made


@pytest.fixture
def says(find, qtbot):
    def wait(text: str) -> None:
        qtbot.waitUntil(lambda: text in find(QLabel, "update.line").text())

    return wait


def test_what_has_changed_is_shown_before_anything_is_done(finished, sources, find, click, says):
    click("result.update")
    says("can be brought up to date")
    assert "2 new pictures, 1 picture is gone." in find(QLabel, "update.details").text()
    model = find(QAbstractItemView, "update.table").model()
    assert [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())] == [
        ("new", "cat/9.png"), ("new", "dog/8.png"), ("gone", "cat/1.png"),
    ]  # fmt: skip
    assert [how.only_look for how in sources.asked] == [True]
    find(QAbstractButton, "update.blank").click()
    says("can be brought up to date")
    click("update.begin")
    says("is up to date again: 6 rows")
    assert sources.asked[-1].choices.gone is Gone.BLANK
    assert not find(QAbstractButton, "update.begin").isEnabled()
    click("update.again")
    says("nothing is new, changed or gone")


def test_an_update_is_cancelled_and_shown_again(finished, sources, find, click, says):
    click("result.update")
    says("can be brought up to date")
    sources.may_end.clear()
    click("update.begin")
    says("Updating: 1 of 2 rows")
    assert not find(QAbstractButton, "update.begin").isEnabled()
    click("update.cancel")
    says("can be brought up to date")
    assert find(QAbstractButton, "update.begin").isEnabled()


def test_larger_pictures_can_be_shrunk(finished, sources, find, click, says, qtbot):
    sources.larger = ("cat/9.png",)
    click("result.update")
    says("can be brought up to date")
    assert "its row stays blank" in find(QLabel, "update.details").text()
    find(QAbstractButton, "update.shrink").click()
    qtbot.waitUntil(lambda: "is made smaller" in find(QLabel, "update.details").text())
    assert sources.asked[-1].choices.larger is Larger.SHRINK


def test_an_error_names_the_way_out(finished, sources, find, click, says):
    sources.error = UsageError("Other versions.", ways=(Way.OTHER_VERSIONS,))
    click("result.update")
    says("Other versions. Tick “Go on with other versions”")
    assert not find(QAbstractButton, "update.begin").isEnabled()
    sources.error = RuntimeError("broken")
    click("update.again")
    says("fault of the program")
    click("update.copyDetails")
    assert "RuntimeError: broken" in QApplication.clipboard().text()


def test_a_watched_stack_is_updated_once_files_have_settled(
    finished, app, sources, find, click, says, monkeypatch
):
    monkeypatch.setattr(stack_update, "SETTLE_S", 0.0)
    click("result.update")
    says("can be brought up to date")
    find(QAbstractButton, "update.watch").click()
    says("is up to date")
    assert sum(not how.only_look for how in sources.asked) == 1
    find(QAbstractButton, "update.watch").click()
    assert not app.controller.updating.state.is_watched


def test_the_menu_offers_it_too(finished, app, sources, find, says):
    app.window.menus["update"].trigger()
    says("“cats” can be brought up to date")
    assert find(QWidget, "updateWindow").isVisible()
    app.stack_updates.show("/elsewhere/stack")
    says("“stack” can be brought up to date")
