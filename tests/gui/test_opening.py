"""What the program is started with, or handed while it runs, opens as what it is."""

import json

import pytest
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from stackgui.core.base.choices import Fit
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.project.project import Project
from stackgui.engine.project_file import write_project
from stackgui.gui.app.opening import Opening


@pytest.fixture
def places(tmp_path):
    """One of each kind that can be opened."""
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets-8").mkdir()
    (tmp_path / "pets-8" / "stack.json").write_text("{}")
    (tmp_path / "half.partial").mkdir()
    (tmp_path / "more.npy").touch()
    (tmp_path / "boxes.json").write_text("{}")
    shared = SharedPlan(Options(fit=Fit.COVER), ScanOptions(), ())
    (tmp_path / "plan.json").write_text(json.dumps(shared.to_json()))
    write_project(str(tmp_path / "work.stackgui"), Project(sources=(str(tmp_path / "pets"),)))
    return {file.name: str(file) for file in tmp_path.iterdir()}


@pytest.fixture
def opening(app, monkeypatch):
    """That of the window; stacks and unfinished stacks are noted instead of opened."""
    made = Opening(app, app.controller, app.stacks, app.opening._open_plan, "linux")
    made.noted = []
    monkeypatch.setattr(app.stacks, "open", lambda path: made.noted.append(("view", path)))
    monkeypatch.setattr(app.controller.left_over, "look_for", lambda path: made.noted.append(("left", path)))
    return made


def test_folders_files_and_lists_become_sources_of_a_new_project(app, opening, places, qtbot):
    app.controller.add_sources([places["pets-8"]])
    before = app.controller.screen.file
    opening.open_later([places["pets"]])
    qtbot.waitUntil(lambda: app.controller.screen.sources == (places["pets"],))
    assert app.controller.screen.file != before


def test_a_project_opens(app, opening, places, qtbot):
    opening.open_later([places["work.stackgui"]])
    qtbot.waitUntil(lambda: app.controller.screen.file == places["work.stackgui"])
    assert app.controller.screen.sources == (places["pets"],)


def test_the_choices_of_a_plan_file_are_taken_over(app, opening, places, qtbot):
    assert app.controller.screen.options.fit is not Fit.COVER
    opening.open_later([places["plan.json"]])
    qtbot.waitUntil(lambda: app.controller.screen.options.fit is Fit.COVER)
    assert app.controller.screen.sources == ()


def test_stacks_arrays_and_unfinished_stacks_are_shown_beside_it(opening, places, qtbot):
    opening.open_later([places["pets-8"], places["more.npy"], places["half.partial"] + "/"])
    qtbot.waitUntil(lambda: len(opening.noted) == 3)
    opening.open_later([places["pets-8"] + "/stack.json"])
    qtbot.waitUntil(lambda: len(opening.noted) == 4)
    assert opening.noted.pop() == ("view", places["pets-8"]), "file managers hand over a file of it"
    assert opening.noted == [
        ("view", places["pets-8"]),
        ("view", places["more.npy"]),
        ("left", places["half.partial"].removesuffix(".partial")),
    ]


def test_the_project_of_the_last_session_makes_way_for_pictures_only(app, opening, places, monkeypatch):
    begun = []
    monkeypatch.setattr(app.controller, "begin", lambda file="", *, blank=False: begun.append((file, blank)))
    assert opening.begin([]) == []
    assert opening.begin([places["pets"]]) == [places["pets"]]
    assert opening.begin([places["boxes.json"]]) == [places["boxes.json"]]
    assert opening.begin([places["plan.json"], places["pets-8"]]) == [places["plan.json"], places["pets-8"]]
    assert opening.begin([places["pets"], places["work.stackgui"]]) == [places["pets"]]
    assert begun == [("", False), ("", True), ("", True), ("", False), (places["work.stackgui"], True)]


def test_what_is_gone_is_said(app, opening, places, find, qtbot):
    from PySide6.QtWidgets import QLabel

    opening.open_later([places["pets"] + "-gone"])
    qtbot.waitUntil(lambda: find(QLabel, "messageBar.text").isVisible())
    assert "neither a folder nor a file" in find(QLabel, "messageBar.text").text()


@pytest.mark.parametrize("system", ["darwin", "linux"])
def test_macos_hands_files_over_by_events(app, places, qtbot, monkeypatch, system):
    handed = []
    made = Opening(app, app.controller, app.stacks, app.opening._open_plan, system)
    monkeypatch.setattr(made, "open_later", handed.append)
    event = QFileOpenEvent(QUrl.fromLocalFile(places["pets"]))
    assert event.type() is QEvent.Type.FileOpen
    QGuiApplication.sendEvent(QGuiApplication.instance(), event)
    assert handed == ([[places["pets"]]] if system == "darwin" else [])
    QGuiApplication.instance().removeEventFilter(made)
