"""Projects: kept after every change, begun, opened, saved elsewhere, and found again."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from stackgui.core.base.choices import Fit, OnError
from stackgui.core.catalog.selection import Selection, SizeRange
from stackgui.core.options.options import Options
from stackgui.core.project.project import SUFFIX, Project
from stackgui.core.project.recents import RecentKind
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.project_file import own_folder, read_project, write_project
from stackgui.gui.app import dialogs
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control.screen import Kind, State
from tests.gui.acting import words


def holds(file: str, project: Project) -> bool:
    return os.path.exists(file) and read_project(file).project == project


@pytest.fixture
def kept(app, qtbot):
    """Wait until the file of the project holds what is on the screen."""

    def wait() -> str:
        file = app.controller.screen.file
        qtbot.waitUntil(lambda: holds(file, app.controller.screen.project))
        return file

    return wait


@pytest.fixture
def restart(qtbot, engine):
    """Open another window on the same files."""
    made = []

    def begin(file: str = "") -> App:
        again = App(engine, Preferences())
        again.start([file] if file else [])
        made.append(again)
        return again

    yield begin
    for again in made:
        again.close()
        again.window.deleteLater()


def small(app) -> Selection:
    return SizeRange(1, 200, 1, 1000).selection(app.controller.screen.catalog)


def undo(app) -> None:
    app.window.menus["undo"].trigger()


def test_every_change_is_kept_and_there_again_at_the_next_start(
    ready, app, folders, kept, restart, qtbot, tmp_path
):
    app.controller.choose_options(Options(fit=Fit.COVER))
    app.controller.choose_run(RunOptions("", on_error=OnError.STOP))
    app.controller.choose_destination(str(tmp_path / "out"))
    file = kept()
    assert os.path.dirname(file) == own_folder()
    project = app.controller.screen.project
    app.window.close()
    again = restart()
    qtbot.waitUntil(lambda: again.controller.screen.state is State.READY)
    assert again.controller.screen.project == project
    assert again.controller.screen.run.destination == str(tmp_path / "out")
    assert not again.controller.screen.history.past
    assert again.window.windowTitle() == "cats and 1 other"


def test_what_was_done_last_is_kept_when_the_window_closes(ready, app):
    app.controller.choose_options(Options(fit=Fit.COVER))
    file = app.controller.screen.file
    app.window.close()
    assert read_project(file).project.options.fit is Fit.COVER


def test_new_asks_nothing_and_undo_brings_everything_back(ready, app, reach, qtbot):
    app.controller.exclude(wanted=True, selection=small(app))
    app.controller.choose_options(replace(app.controller.screen.options, fit=Fit.COVER))
    before = app.controller.screen.work
    app.window.menus["new"].trigger()
    assert app.controller.screen.state is State.EMPTY
    assert app.controller.screen.options.fit is Fit.COVER
    assert app.controller.screen.file != before.file
    assert app.window.menus["undo"].text() == "&Undo: New project"
    undo(app)
    assert app.controller.screen.work == before
    reach(State.READY)
    app.window.menus["redo"].trigger()
    assert app.controller.screen.state is State.EMPTY
    qtbot.waitUntil(lambda: holds(before.file, before.project))


def test_what_is_said_of_a_project_goes_with_it(ready, app, qtbot):
    app.window.show_message(Kind.WARNING, "/pets/gone is not there.")
    app.controller.choose_options(Options(fit=Fit.COVER))
    assert app.window.message.text() == "/pets/gone is not there.", "it is the same project"
    app.controller.projects.start_new()
    assert app.window.message.text() == ""
    app.window.show_message(Kind.INFO, "There is a newer release.")
    undo(app)
    assert app.window.message.text() == "There is a newer release.", "a blank project has no messages"
    app.window.show_waiting("Saving the list.", lambda: None)
    app.controller.projects.start_new()
    assert app.window.message.text() == "Saving the list.", "it goes when the list is saved"


def test_an_untouched_new_project_is_not_kept(ready, app, kept):
    before = kept()
    app.window.menus["new"].trigger()
    assert app.controller.screen.file != before
    app.window.close()
    files = [entry.path for entry in os.scandir(own_folder()) if entry.name.endswith(SUFFIX)]
    assert files == [before]
    assert Preferences().project() == "", "it begins without it at the next start"


def test_a_new_project_with_choices_is_there_again(ready, app, restart, qtbot):
    app.controller.choose_options(Options(fit=Fit.COVER))
    app.window.menus["new"].trigger()
    app.window.close()
    again = restart()
    qtbot.waitUntil(lambda: again.controller.screen.options.fit is Fit.COVER)
    assert again.controller.screen.sources == ()


def test_removed_sources_come_back_with_what_was_left_out_of_them(ready, app, folders, reach):
    app.controller.exclude(wanted=True, selection=small(app))
    left_out = app.controller.screen.options.exclude
    assert app.window.menus["undo"].text() == "&Undo: Leave out 2 pictures"
    app.controller.remove_sources(folders[:1])
    assert app.controller.screen.options.exclude != left_out
    undo(app)
    assert app.controller.screen.options.exclude == left_out
    reach(State.READY)
    undo(app)
    assert not app.controller.screen.options.exclude


def test_the_place_and_the_way_of_running_are_undone_too(ready, app, tmp_path):
    proposed = app.controller.screen.run.destination
    app.controller.choose_destination(str(tmp_path / "mine"))
    app.controller.choose_run(replace(app.controller.screen.run, on_error=OnError.STOP))
    undo(app)
    assert app.controller.screen.run.on_error is OnError.BLANK
    assert app.controller.screen.run.destination == str(tmp_path / "mine")
    undo(app)
    assert app.controller.screen.run.destination == proposed


def test_a_project_is_saved_elsewhere_and_saves_itself_there(
    ready, app, kept, tmp_path, monkeypatch, qtbot, find
):
    old, file = kept(), str(tmp_path / "pets.stackgui")
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: file.removesuffix(".stackgui"))
    app.window.menus["saveProject"].trigger()
    qtbot.waitUntil(lambda: app.controller.screen.file == file)
    assert "Every change is saved there" in words(find, "messageBar.text")
    assert app.window.windowTitle() == "pets"
    assert not os.path.exists(old)
    app.controller.choose_options(Options(fit=Fit.COVER))
    assert kept() == file
    undo(app)
    assert app.controller.screen.file == file
    assert [each.path for each in recent_of(RecentKind.PROJECT)] == [file]


def test_no_other_project_is_overwritten_without_a_question(ready, app, tmp_path, qtbot, find):
    file = tmp_path / "pets.stackgui"
    write_project(str(file), Project(("/elsewhere",)))
    app.controller.projects.save_as(str(tmp_path / "pets"))
    assert "“pets.stackgui” is there already" in words(find, "messageBar.text")
    assert read_project(str(file)).project.sources == ("/elsewhere",)


def recent_of(kind: RecentKind):
    return [each for each in Preferences().recents() if each.kind is kind]


def test_a_project_that_is_opened_replaces_the_one_before_until_undo(
    ready, app, folders, tmp_path, monkeypatch, reach, qtbot
):
    file = str(tmp_path / "other.stackgui")
    write_project(file, Project((folders[1],), options=Options(fit=Fit.CROP)))
    before = app.controller.screen.work
    monkeypatch.setattr(dialogs, "ask_project", lambda *_: file)
    app.window.menus["openProject"].trigger()
    qtbot.waitUntil(lambda: app.controller.screen.file == file)
    reach(State.READY)
    assert app.controller.screen.project.sources == (folders[1],)
    assert app.window.menus["undo"].text() == "&Undo: Open “other”"
    undo(app)
    assert app.controller.screen.work == before


def test_a_project_file_is_dropped_or_named_at_the_start(app, folders, tmp_path, restart, qtbot):
    file = str(tmp_path / "other.stackgui")
    write_project(file, Project((folders[0],)))
    app.window.folders_dropped.emit([file, folders[1]])
    told = "Only the project is opened. Add the other files afterwards."
    qtbot.waitUntil(lambda: app.window.message.text() == told)
    qtbot.waitUntil(lambda: app.controller.screen.sources == (folders[0],))
    app.window.close()
    write_project(str(tmp_path / "b.stackgui"), Project((folders[1],)))
    again = restart(str(tmp_path / "b.stackgui"))
    qtbot.waitUntil(lambda: again.controller.screen.sources == (folders[1],))


def test_missing_sources_are_named_and_everything_else_is_there(app, folders, tmp_path, qtbot, find):
    file, gone = str(tmp_path / "p.stackgui"), str(tmp_path / "gone")
    write_project(file, Project((folders[0], gone), options=Options(fit=Fit.CROP)))
    app.controller.projects.open(file)
    qtbot.waitUntil(lambda: app.controller.screen.file == file)
    assert f"{gone} is not there. Connect its disk and search again" in words(find, "messageBar.text")
    assert app.controller.screen.sources == (folders[0], gone)
    assert app.controller.screen.options.fit is Fit.CROP


def test_what_is_no_project_is_told_and_changes_nothing(ready, app, tmp_path, qtbot, find):
    before = app.controller.screen.work
    (tmp_path / "p.stackgui").write_text("{")
    app.controller.projects.open(str(tmp_path / "p.stackgui"))
    qtbot.waitUntil(lambda: "“p.stackgui” is not a project" in app.window.message.text())
    assert app.controller.screen.work == before


def test_a_damaged_project_is_kept_beside_the_new_one(app, folders, tmp_path, kept, qtbot, find):
    file = tmp_path / "p.stackgui"
    write_project(str(file), Project((folders[0],)))
    damaged = file.read_text().replace('"fit": "pad"', '"fit": "fold"')
    file.write_text(damaged)
    app.controller.projects.open(str(file))
    qtbot.waitUntil(lambda: "could not be read in full" in app.window.message.text())
    assert file.read_text() == damaged
    app.controller.choose_options(Options(fit=Fit.CROP))
    kept()
    assert (tmp_path / "p.stackgui.damaged").read_text() == damaged


def test_a_project_is_open_in_one_window_only(ready, app, kept, restart, qtbot):
    file = kept()
    other = restart()
    assert other.controller.screen.file != file
    other.controller.projects.open(file)
    qtbot.waitUntil(lambda: "is open in another window" in other.window.message.text())
    assert other.controller.screen.file != file


def test_work_that_cannot_be_kept_in_its_file_is_kept_elsewhere(
    ready, app, tmp_path, kept, qtbot, monkeypatch
):
    (tmp_path / "disk").mkdir()
    file = tmp_path / "disk" / "p.stackgui"
    app.controller.projects.save_as(str(file))
    qtbot.waitUntil(lambda: app.controller.screen.file == str(file))
    file.unlink()
    (tmp_path / "disk").rmdir()
    (tmp_path / "disk").touch()
    app.controller.choose_options(Options(fit=Fit.COVER))
    qtbot.waitUntil(lambda: "“p.stackgui” cannot be saved." in app.window.message.text())
    assert os.path.dirname(kept()) == own_folder()


def test_what_was_used_last_can_be_used_again(finished, app, folders, tmp_path, qtbot, reach):
    menu = app.window.recent
    qtbot.waitUntil(lambda: "cats and 1 other" in [action.text() for action in menu.actions()])
    titles = [action.text() for action in menu.actions() if action.text()]
    assert titles[0] == "Projects"
    assert {"cats", "dogs", "&Clear this list"} <= set(titles)
    stack = os.path.basename(app.controller.screen.end.report.stack)
    assert [each.title for each in recent_of(RecentKind.STACK)] == [stack]
    app.window.menus["new"].trigger()
    Path(folders[1]).rmdir()
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: "dogs (missing)" in [action.text() for action in menu.actions()])
    gone = next(action for action in menu.actions() if action.text() == "dogs (missing)")
    assert not gone.isEnabled()
    next(action for action in menu.actions() if action.text() == "cats").trigger()
    reach(State.READY)
    assert app.controller.screen.sources == (folders[0],)
    next(action for action in menu.actions() if action.objectName() == "menu.recent.clear").trigger()
    assert [action.text() for action in menu.actions()] == ["Nothing yet"]
    assert Preferences().recents() == ()


def test_work_on_the_samples_is_not_offered_a_place_inside_the_program(app, reach, monkeypatch):
    starts = []
    monkeypatch.setattr(dialogs, "ask_file", lambda _window, _title, start, _kinds: starts.append(start))
    app.window.menus["addSamples"].trigger()
    app.window.menus["saveProject"].trigger()
    assert [Path(start).parent for start in starts] == [Path.home()]
