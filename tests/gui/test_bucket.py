"""Saving a stack at an address, in the window: typing it, what it is told, and what is offered in the end."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from stackgui.core.advice.estimate import Verdict
from stackgui.core.base.awaited import Awaited
from stackgui.core.base.choices import Container, Storage
from stackgui.core.base.errors import DestinationError
from stackgui.core.base.extras import Extra
from stackgui.core.base.ways import Way
from stackgui.core.project.recents import RecentKind
from stackgui.gui.app import dialogs
from stackgui.gui.control.destination import look_at
from stackgui.gui.control.place import proposed_address
from stackgui.gui.control.screen import State
from tests.gui.conftest import RESOURCES, make_unfinished

KEY = "nobodySeesThis"
PLACE = "s3://bucket/pets.zarr"


@pytest.fixture(autouse=True)
def remote(monkeypatch):
    monkeypatch.setattr(Extra, "is_there", True)


@pytest.fixture
def field(find):
    return find(QLineEdit, "save.destination")


@pytest.fixture
def says(find):
    return lambda name="save.line": find(QLabel, name).text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def can(find):
    return lambda name: find(QAbstractButton, name).isEnabled()


def type_over(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("gcs://bucket/x.zarr", "Write gs:// instead of gcs://."),
        ("ftp://host/x.zarr", "Addresses with ftp:// cannot be used."),
        ("https://host/x.zarr", "https://host/x.zarr can only be read."),
        ("s3:///x.zarr", "names no bucket. Type its name behind the two slashes: s3://bucket/x.zarr."),
        ("s3://bucket", "names no place in a bucket"),
        (f"s3://me:{KEY}@bucket/x.zarr", "cannot be used: it holds a name or a password"),
    ],
)
def test_what_is_no_place_is_said_while_one_types_and_goes_nowhere(
    typed, said, app, field, says, can, find, qtbot
):
    before = app.controller.screen.run.destination
    type_over(qtbot, field, typed)
    assert said in says()
    assert KEY not in says()
    assert not can("save.convert")
    assert not can("save.queue")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    app.window.menus["convert"].trigger()
    find(QAbstractButton, "save.change").setFocus()
    app.controller.look_again()
    assert said in says(), "it stays until it is mended"
    assert app.controller.screen.run.destination == before
    assert not app.controller.screen.running


@pytest.mark.usefixtures("ready")
def test_an_address_is_asked_for_with_return_and_the_line_says_for_how_long(
    app, behaviour, engine, field, says, can, qtbot, reach
):
    type_over(qtbot, field, "s3://bucket/pets.zarr/")
    assert says() == "Press Return: then the server is asked whether a stack can be saved there."
    engine.resources.return_value = replace(RESOURCES, free_disk_bytes=None, is_bucket=True)
    behaviour.server_may_answer.clear()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert app.controller.screen.run.destination == PLACE
    assert says() == f"Asking whether it can be saved at {PLACE}."
    app.window.save._awaited = Awaited(clock=iter([0, *[9] * 1000]).__next__)
    app.window.save._say()
    assert says().endswith("No answer for 9 s.")
    behaviour.server_may_answer.set()
    reach(State.READY)
    assert "before compression" in says()
    assert can("save.convert")
    assert app.controller.screen.estimate.verdict is Verdict.IS_SENT
    assert says("memory.verdict") == "Sent to the bucket as it is made"


@pytest.mark.usefixtures("ready")
def test_return_asks_again_when_something_was_in_the_way(app, engine, field, says, can, qtbot, reach):
    check, engine.check_destination.side_effect = (
        engine.check_destination.side_effect,
        DestinationError("There is no such bucket."),
    )
    type_over(qtbot, field, PLACE)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "There is no such bucket." in says(), timeout=20_000)
    assert not can("save.convert")
    engine.check_destination.side_effect = check
    qtbot.keyClick(field, Qt.Key.Key_Return)
    reach(State.READY)
    assert can("save.convert")


@pytest.mark.usefixtures("ready")
def test_convert_pressed_while_one_types_goes_to_what_is_typed(app, engine, field, qtbot, reach):
    type_over(qtbot, field, PLACE)
    app.window.menus["convert"].trigger()
    reach(State.FINISHED)
    (_plan, run, _control), _ = engine.convert.call_args
    assert run.destination == PLACE


@pytest.mark.usefixtures("ready")
def test_the_button_proposes_an_address_that_lacks_its_bucket_only(app, field, says, click, qtbot):
    click("save.address")
    assert field.hasFocus()
    assert field.text() == "s3:///cats.zarr"
    assert "names no bucket" in says()
    qtbot.keyClicks(field, "mine")
    assert field.text() == "s3://mine/cats.zarr"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert app.controller.screen.run.destination == "s3://mine/cats.zarr"
    click("save.address")
    assert field.selectedText() == "cats.zarr", "in the same bucket"


def test_where_pictures_are_in_a_bucket_the_stack_is_proposed_there():
    assert proposed_address(("/pets", "gs://there/cats"), "/stacks/cats") == ("gs://there/", "cats.zarr")
    assert proposed_address(("https://host/list.csv",), "/stacks/list") == ("s3://", "list.zarr")
    assert proposed_address(("s3://one/x",), "s3://two/deep/y.zarr") == ("s3://two/", "y.zarr")


def test_a_name_that_is_taken_has_another_beside_it_and_an_unreachable_bucket_is_asked_once():
    asked = []

    def check(_sources, run):
        asked.append(run.destination)
        if run.destination in {"s3://b/x.zarr", "s3://b/x-2.zarr"}:
            raise DestinationError("It is taken.", ways=(Way.OTHER_NAME,))
        if run.destination.startswith("s3://gone"):
            raise DestinationError("There is no such bucket.")

    run = replace_run("s3://b/x.zarr")
    assert look_at(check, lambda _: None, (), run).free == "s3://b/x-3.zarr"
    asked.clear()
    found = look_at(check, lambda _: None, (), replace_run("s3://gone/x.zarr"))
    assert (found.problem, found.free, found.replaceable) == ("There is no such bucket.", "", False)
    assert asked == ["s3://gone/x.zarr"]


def replace_run(destination):
    from stackgui.core.run.run_options import RunOptions

    return RunOptions(destination)


@pytest.fixture
def at_address(ready, app, engine, reach):
    engine.resources.return_value = replace(RESOURCES, free_disk_bytes=None, is_bucket=True)
    app.controller.choose_destination(PLACE)
    reach(State.READY)


@pytest.mark.usefixtures("at_address")
def test_choices_that_make_no_difference_there_are_locked_and_named(app, find, says, reach):
    does = app.controller
    for name in ("plan.storage", "plan.container", "plan.report"):
        assert not find(QWidget, name).isEnabled(), name
    assert "no difference" in find(QWidget, "plan.storage").toolTip()
    does.choose_run(replace(does.screen.run, storage=Storage.MEMORY))
    does.choose_options(replace(does.screen.options, container=Container.HDF5))
    reach(State.READY)
    assert "these make no difference: Fill it, Files." in says()
    assert not find(QWidget, "smaller.file").isVisible()
    does.choose_destination("/stacks/pets")
    assert find(QWidget, "plan.storage").isEnabled()
    assert "Where the array is" in find(QWidget, "plan.storage").toolTip()


@pytest.mark.usefixtures("at_address")
def test_a_report_can_be_taken_back(app, find):
    app.controller.choose_run(replace(app.controller.screen.run, report=True))
    assert find(QWidget, "plan.report").isEnabled()


@pytest.mark.usefixtures("at_address")
def test_what_was_made_says_where_it_is_and_offers_what_can_be_done_there(
    app, find, click, says, reach, behaviour, qtbot
):
    behaviour.arrays = app.controller.screen.plan.arrays
    click("save.convert")
    reach(State.FINISHED)
    assert "“pets.zarr”" in says("result.line")
    assert f"It is at {PLACE}, as a group of Zarr" in says("result.details")
    assert "images (shape" in says("result.details")
    shown = {"look", "address", "python", "verify", "failures", "back", "new"}
    for name in ("folder", "handOver", "update", "report", "retry", *shown):
        assert find(QAbstractButton, f"result.{name}").isVisible() is (name in shown), name
    for name in ("openFolder", "update", "retry"):
        assert not app.window.menus[name].isEnabled(), name
    click("result.address")
    assert QGuiApplication.clipboard().text() == PLACE
    click("result.python")
    qtbot.waitUntil(lambda: "from_url" in QGuiApplication.clipboard().text())
    assert f"from_url({PLACE!r})" in QGuiApplication.clipboard().text()
    click("result.verify")
    qtbot.waitUntil(lambda: "nothing has changed" in says("check.line"))
    assert app.controller.screen.check.stack == PLACE
    recents = app.controller.projects.recents._recents
    assert [each.path for each in recents if each.kind is RecentKind.STACK] == [PLACE]


@pytest.mark.usefixtures("at_address")
def test_choosing_a_folder_instead_begins_where_stacks_are(app, monkeypatch, click):
    asked = []
    monkeypatch.setattr(dialogs, "ask_destination", lambda _parent, start: asked.append(start) or "")
    click("save.change")
    assert asked == [str(app.controller.parent / "pets")]


def test_what_a_bucket_was_left_with_is_found_at_the_next_start(app, behaviour, find, says, qtbot, click):
    behaviour.left[PLACE] = replace(make_unfinished(PLACE, ("/pets/cats", "/pets/dogs")), partial=PLACE)
    app.controller.left_over.look_for(PLACE)
    qtbot.waitUntil(lambda: find(QWidget, "unfinished").isVisible())
    assert PLACE in says("unfinished.details")
    click("unfinished.resume")
    qtbot.waitUntil(lambda: "pets.zarr" in says("result.line"))


@pytest.mark.usefixtures("at_address")
def test_it_can_be_queued_and_what_is_done_has_no_folder_to_open(app, click, find, qtbot, reach):
    click("save.queue")
    qtbot.waitUntil(lambda: len(app.controller.screen.queue.queue.jobs) == 1)
    assert app.controller.screen.queue.queue.jobs[0].destination == PLACE
    click("save.showQueue")
    click("queue.start")
    reach(State.FINISHED)
    qtbot.waitUntil(lambda: not app.controller.screen.queue.is_going)
    assert not find(QWidget, "queue.open").isVisible()
    app.window.desktop.open(PLACE)
    assert "is not on this computer" in app.window.message.text()
