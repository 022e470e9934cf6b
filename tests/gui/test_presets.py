"""Presets, plan files and splits, chosen as a person does it."""

import json
import threading
from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QSpinBox, QTableWidget, QToolButton

from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.catalog.frames import ALL
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.options.presets import BUILT_IN, Presets
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.engine.preset_file import preset_file, read_presets, write_presets
from stackgui.gui.app import presets_menu
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control.screen import State
from tests.gui.acting import choose


@pytest.fixture
def press(app):
    def run(name):
        action = app.window.presets.findChild(QAction, f"presets.{name}")
        assert action is not None, name
        assert action.isEnabled(), name
        action.trigger()

    return run


@pytest.fixture
def name_it(monkeypatch):
    def answer(name):
        monkeypatch.setattr(presets_menu, "ask_name", lambda *_: name)

    return answer


@pytest.fixture
def opened(app, press, qtbot):
    """Open a plan file, and wait until it has been read."""

    def wait():
        press("open")
        assert "Reading" in app.window.message.text()
        qtbot.waitUntil(lambda: "Reading" not in app.window.message.text())

    return wait


def enabled(app, name):
    return app.window.presets.findChild(QAction, f"presets.{name}").isEnabled()


def test_a_preset_sets_all_choices(ready, app, find, press):
    assert find(QToolButton, "presets").text() == f"Preset: {BUILT_IN[0].name}"
    press(f"choose.{BUILT_IN[1].name}")
    assert app.controller.screen.options == BUILT_IN[1].options
    assert find(QToolButton, "presets").text() == f"Preset: {BUILT_IN[1].name}"
    app.controller.choose_size(30, 40)
    assert find(QToolButton, "presets").text() == "Preset: own choices"
    assert not enabled(app, "rename")


def test_choices_are_kept_under_a_name(ready, app, find, press, name_it):
    app.controller.choose_size(30, 40)
    name_it("Mine & yours")
    press("save")
    assert read_presets(preset_file()).named("Mine & yours").options.size == Size.exact(30, 40)
    assert find(QToolButton, "presets").text() == "Preset: Mine && yours"
    press("default")
    assert read_presets(preset_file()).default == "Mine & yours"
    name_it("Mine")
    press("rename")
    assert [preset.name for preset in read_presets(preset_file()).own] == ["Mine"]
    press("delete")
    assert read_presets(preset_file()) == Presets()
    assert app.controller.screen.options.size == Size.exact(30, 40)


def test_a_name_that_cannot_be_is_said_in_the_window(ready, app, press, name_it):
    app.controller.choose_size(30, 40)
    name_it(BUILT_IN[0].name)
    press("save")
    assert "comes with the program" in app.window.message.text()
    name_it(None)
    press("save")
    assert read_presets(preset_file()) == Presets()


def test_a_window_begins_with_the_preset_chosen_for_that(qtbot, engine):
    write_presets(preset_file(), Presets().saved("mine", Options(fit=Fit.CROP)).with_default("mine"))
    made = App(engine, Preferences())
    assert made.controller.screen.options == Options(fit=Fit.CROP)
    made.close()
    made.window.deleteLater()


def test_a_plan_file_goes_from_window_to_window(ready, app, press, opened, monkeypatch, tmp_path):
    chosen = Options(fit=Fit.LETTERBOX, size=Size.exact(9, 8))
    app.controller.choose_options(chosen)
    file = tmp_path / "plan.json"
    monkeypatch.setattr(presets_menu, "ask_file", lambda *_: str(file))
    press("share")
    assert json.loads(file.read_text())["options"]["size"] == "9x8"
    app.controller.choose_options(Options())
    monkeypatch.setattr(presets_menu, "ask_plan", lambda *_: str(file))
    opened()
    assert app.controller.screen.options == chosen
    assert "that folder is not searched" in app.window.message.text()
    for text, told in (("{}", "not a plan"), ("{", "or is damaged")):
        file.write_text(text)
        opened()
        assert told in app.window.message.text()
    file.unlink()
    opened()
    assert "cannot be read" in app.window.message.text()
    assert app.controller.screen.options == chosen


@pytest.fixture
def reading(ready, app, press, monkeypatch, tmp_path):
    """A plan file that is being read, until its event is set."""
    may_end, begun = threading.Event(), threading.Event()

    def read(_opened, cancellation):
        begun.set()
        while not may_end.wait(0.002):
            cancellation.check()
        return SharedPlan(Options(fit=Fit.CROP)).to_json()

    file = tmp_path / "plan.json"
    file.write_text("{}")
    monkeypatch.setattr(presets_menu, "read_head", read)
    monkeypatch.setattr(presets_menu, "ask_plan", lambda *_: str(file))
    press("open")
    assert begun.wait(10)
    yield may_end
    may_end.set()


def test_the_window_waits_for_a_plan_file_without_standing_still(reading, app, qtbot):
    qtbot.wait(250)  # the window's thread is free meanwhile
    assert "Reading" in app.window.message.text()
    assert app.controller.screen.options.fit is not Fit.CROP
    reading.set()
    qtbot.waitUntil(lambda: app.controller.screen.options.fit is Fit.CROP)


def test_reading_a_plan_file_can_be_cancelled(reading, app, click, qtbot):
    click("messageBar.action.Cancel")
    qtbot.waitUntil(lambda: app.window.message.text() == "")
    assert app.controller.screen.options.fit is not Fit.CROP


def test_choices_that_come_after_a_conversion_has_begun_are_those_of_the_next(
    reading, app, behaviour, qtbot, engine, reach
):
    behaviour.run_may_end.clear()
    app.controller.convert()
    reading.set()
    qtbot.waitUntil(lambda: app.controller.screen.options.fit is Fit.CROP)
    assert not app.controller.screen.under_way
    assert engine.convert.call_args.args[0].options.fit is not Fit.CROP
    behaviour.run_may_end.set()
    reach(State.FINISHED)


@pytest.mark.usefixtures("ready")
def test_a_plan_file_says_how_folders_are_searched(app, engine, press, monkeypatch, tmp_path, reach, qtbot):
    own = ScanOptions(label_list=str(tmp_path / "own.csv"))
    app.controller.choose_scan(own)
    reach(State.READY)
    strange = ScanOptions(frames=ALL, open_archives=False, follow_links=True, label_list="/strange.csv")
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(SharedPlan(Options(fit=Fit.CROP), strange).to_json()))
    monkeypatch.setattr(presets_menu, "ask_plan", lambda *_: str(file))
    press("open")
    expected = replace(own, frames=ALL, open_archives=False)
    qtbot.waitUntil(lambda: app.controller.screen.scan_options == expected)
    reach(State.READY)
    assert engine.scan.call_args.args[2] == expected
    assert app.controller.screen.plan.options == Options(fit=Fit.CROP)
    assert app.controller.screen.plan.catalog.scan_options == expected


def test_splits_are_chosen_and_shown(ready, app, find, click, qtbot):
    click("plan.more")
    assert not find(QTableWidget, "plan.parts").isVisible()
    assert not find(QSpinBox, "plan.seed").isEnabled()
    choose(find, qtbot, "plan.split", "80 % train, 20 validation")
    assert app.controller.screen.options.split == Split.parse("80/20")
    table = find(QTableWidget, "plan.parts")
    assert table.isVisible()
    heads = [table.horizontalHeaderItem(place).text() for place in range(table.columnCount())]
    assert heads == list(app.controller.screen.plan.parts)
    counts = [int(table.item(0, place).text()) for place in range(table.columnCount())]
    assert sum(counts) == app.controller.screen.plan.rows
    find(QSpinBox, "plan.seed").setValue(7)
    find(QCheckBox, "plan.shuffle").click()
    options = app.controller.screen.options
    assert (options.seed, options.shuffle) == (7, True)


def test_pictures_left_out_belong_to_their_folder(ready, app, catalog):
    left_out = SampleSet.of(catalog, [0])
    app.controller.choose_options(replace(Options(), exclude=left_out))
    sources = app.controller.screen.sources
    app.controller.projects.start_new()
    assert len(app.controller.screen.options.exclude) == 0
    assert left_out.moved(("/a",), ("/b", "/a")).names == {(1, path, m) for _, path, m in left_out.names}
    assert sources
