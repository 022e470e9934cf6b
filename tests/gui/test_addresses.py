"""Addresses in the window: typed or pasted they are sources, and refused where they hold a key."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView

from stackgui.core.base.awaited import Awaited
from stackgui.core.base.extras import Extra
from stackgui.gui.control.screen import State

KEY = "nobodySeesThis"


@pytest.fixture(autouse=True)
def remote(monkeypatch):
    monkeypatch.setattr(Extra, "is_there", True)


def test_a_pasted_address_is_a_source_and_one_with_a_key_is_refused(app, reach):
    QGuiApplication.clipboard().setText("s3://bucket/place/")
    app.window.menus["paste"].trigger()
    reach(State.READY)
    assert app.controller.screen.sources == ("s3://bucket/place",)
    app.controller.add_sources([f"s3://me:{KEY}@bucket/other", f"https://host/x.png?sig={KEY}"])
    assert app.controller.screen.sources == ("s3://bucket/place",)
    assert "it holds a name or a password" in app.window.message.text()
    assert KEY not in app.window.message.text()


@pytest.fixture
def field(find):
    return find(QLineEdit, "addresses.field")


def said(find, name="addresses.line") -> str:
    return find(QLabel, name).text().replace("\N{NO-BREAK SPACE}", " ")


def test_an_address_is_typed_checked_and_added_by_keys_alone(app, find, field, qtbot, reach):
    app.window.menus["addAddresses"].trigger()
    qtbot.waitUntil(field.hasFocus)
    assert said(find).startswith("An address begins with")
    qtbot.keyClicks(field, "gcs://bucket")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said(find) == "Write gs:// instead of gcs://."
    assert app.controller.screen.sources == ()
    assert not find(QPushButton, "addresses.add").isEnabled()
    field.clear()
    qtbot.keyClicks(field, "gs://bucket/cats s3://bucket/pets/")
    assert "AWS_ACCESS_KEY_ID" in said(find, "addresses.about")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    reach(State.READY)
    assert app.controller.screen.sources == ("gs://bucket/cats", "s3://bucket/pets")
    assert not app.window.addresses.isVisible()


def test_closing_the_card_adds_nothing_forgets_what_was_typed_and_gives_the_keyboard_back(
    ready, app, find, field, qtbot
):
    before = app.controller.screen.sources
    find(QPushButton, "sources.addresses").setFocus()
    app.window.menus["addAddresses"].trigger()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, f"s3://me:{KEY}@bucket/pets")
    app.window.menus["closeCard"].trigger()
    assert not app.window.addresses.isVisible()
    assert (field.text(), app.controller.screen.sources) == ("", before)
    assert find(QPushButton, "sources.addresses").hasFocus()


def test_the_card_knows_what_is_in_the_list(app, click, find, field, reach):
    app.controller.add_sources(["s3://bucket/pets"])
    reach(State.READY)
    click("sources.addresses")
    field.setText("s3://bucket/pets")
    assert said(find) == "s3://bucket/pets is already in the list."
    app.controller.remove_sources(["s3://bucket/pets"])
    assert said(find) == "s3://bucket/pets will be searched, with everything below it."


def test_without_the_library_the_card_says_how_to_get_it_and_nothing_is_added(app, click, find, monkeypatch):
    monkeypatch.setattr(Extra, "is_there", False)
    click("welcome.addresses")
    assert "pip install 'stackgui[remote]'" in said(find)
    app.controller.add_sources(["s3://bucket/pets"])
    assert app.controller.screen.sources == ()
    assert "pip install 'stackgui[remote]'" in app.window.message.text()


def test_an_address_is_listed_with_its_bucket_remembered_and_never_called_missing(app, find, until, reach):
    app.controller.add_sources(["s3://bucket/pets"])
    reach(State.READY)
    rows = find(QTableView, "sources.list").model()
    assert rows.data(rows.index(0, 0)) == "bucket/pets"
    recents = app.controller.projects.recents
    until(app._poll, lambda: recents.sources() == ("s3://bucket/pets",))
    recents.look()
    until(app._poll, lambda: not app.controller._jobs.is_active("recents"))
    assert recents.sources() == ("s3://bucket/pets",)
    assert app.files.last_place() == str(Path.home()), "no folder of this computer"


def test_of_a_run_that_stands_still_the_line_says_for_how_long(ready, app, behaviour, find, qtbot, reach):
    behaviour.run_may_end.clear()
    app.controller.convert()
    qtbot.waitUntil(lambda: "2 of 4 rows" in said(find, "progress.line"))
    assert "nothing new" not in said(find, "progress.line")
    app.window.progress._awaited = Awaited(5, clock=iter([0, *[40] * 1000]).__next__)
    app.window.progress._say()
    assert said(find, "progress.line").endswith("nothing new for 40 s")
    behaviour.run_may_end.set()
    reach(State.FINISHED)
