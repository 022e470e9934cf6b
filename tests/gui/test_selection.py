"""Pictures picked out in the plot: looked at, listed, and let go again."""

import csv
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton, QTableView, QTabWidget

from stackgui.core.catalog.sample_set import NOTHING
from stackgui.core.catalog.selection import SizeRange
from stackgui.gui.app import dialogs
from tests.gui.acting import words

ALL = SizeRange(1, 10_000, 1, 10_000)


@pytest.fixture
def pick(ready, app):
    def act(sizes):
        app.window.found.sizes.plot.range_picked.emit(sizes)
        return app.controller.screen.selection

    return act


def test_picking_sizes_names_them_and_shows_a_few(pick, app, find, qtbot):
    catalog = app.controller.screen.catalog
    one = SizeRange(*(int(side) for side in np.repeat([catalog.height[0], catalog.width[0]], 2)))
    selection = pick(one)
    assert 0 in selection.samples.tolist()
    assert words(find, "sizes.selection.line").startswith(f"{len(selection)} picture")
    expected = Path(catalog.path[int(selection.samples[0])]).name
    qtbot.waitUntil(lambda: expected in app.window.found.sizes.outlook.accessibleDescription())


def test_the_grid_holds_what_was_picked_and_then_all_again(pick, app, find, click, qtbot):
    catalog = app.controller.screen.catalog
    few = SizeRange(100, 100, 1, 10_000)
    selection = pick(few)
    assert len(selection) < len(catalog)
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    model = find(QTableView, "thumbGrid").model()
    assert model.count == len(selection)
    qtbot.waitUntil(lambda: model.data(model.index(0, 0)) == f"{selection.samples[0]}.jpg")
    click("pictures.selection.drop")
    assert app.controller.screen.selection is None
    assert model.count == len(catalog)
    qtbot.waitUntil(lambda: model.data(model.index(0, 0)) == "0.jpg")


def test_an_empty_frame_picks_nothing(pick):
    assert pick(SizeRange(9_000, 9_001, 1, 2)) is None
    assert pick(ALL) is not None
    assert pick(None) is None


def test_new_folders_let_go_of_what_was_picked(pick, app):
    assert pick(ALL) is not None
    app.controller.projects.start_new()
    assert app.controller.screen.selection is None


def test_the_list_is_saved(pick, app, click, tmp_path, monkeypatch, find, qtbot):
    file = tmp_path / "picked.csv"
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: str(file))
    selection = pick(ALL)
    click("sizes.selection.list")
    qtbot.waitUntil(lambda: words(find, "messageBar.text").startswith("Saved as"))
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["path"] for row in rows] == [
        app.controller.screen.catalog.file(sample) for sample in selection.samples.tolist()
    ]
    assert "picked.csv" in words(find, "messageBar.text")


def test_saving_a_list_can_be_cancelled_and_leaves_what_was_there(
    pick, app, click, tmp_path, monkeypatch, qtbot
):
    file = tmp_path / "picked.csv"
    file.write_text("before")
    begun = threading.Event()

    def endless(_catalog, _samples):
        while True:
            begun.set()
            time.sleep(0.002)
            yield b"line\r\n"

    monkeypatch.setattr("stackgui.gui.app.files.list_lines", endless)
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: str(file))
    pick(ALL)
    click("sizes.selection.list")
    assert begun.wait(10)
    click("messageBar.action.Cancel")
    qtbot.waitUntil(lambda: app.window.message.text() == "")
    assert [(path.name, path.read_text()) for path in tmp_path.glob("picked*")] == [("picked.csv", "before")]


def test_a_list_that_cannot_be_saved_is_said(pick, click, tmp_path, monkeypatch, find, qtbot):
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: str(tmp_path / "nowhere" / "picked.csv"))
    pick(ALL)
    click("sizes.selection.list")
    qtbot.waitUntil(lambda: "Could not be saved" in words(find, "messageBar.text"))


def test_the_plot_is_saved(ready, click, tmp_path, monkeypatch, find):
    file = tmp_path / "plot.svg"
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: str(file))
    click("sizePlot.save")
    assert file.stat().st_size > 0
    assert "plot.svg" in words(find, "messageBar.text")


def test_what_was_picked_is_left_out_and_taken_in_again(pick, app, find, click, qtbot):
    before = app.controller.screen.plan.rows
    selection = pick(SizeRange(100, 100, 1, 10_000))
    click("sizes.selection.exclude")
    screen = app.controller.screen
    assert screen.plan.rows == before - len(selection)
    assert screen.plan.excluded == len(selection)
    assert words(find, "sizes.selection.line").endswith(f"{len(selection)} left out")
    click("sizes.selection.include")
    assert app.controller.screen.plan.rows == before
    assert app.controller.screen.options.exclude == NOTHING


def test_with_everything_left_out_there_is_no_plan_but_a_way_back(pick, app, click):
    pick(ALL)
    click("sizes.selection.exclude")
    screen = app.controller.screen
    assert screen.plan is None
    assert "Take some back in" in screen.obstacle
    click("sizes.selection.include")
    assert app.controller.screen.plan is not None


def test_one_picture_is_left_out_and_taken_in_again(ready, app, find, click):
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    grid, exclude = app.window.found.pictures.grid, find(QAbstractButton, "pictures.exclude")
    assert not exclude.isEnabled(), "no picture is marked yet"
    before = app.controller.screen.plan.rows
    grid.go_to(1)
    click("pictures.exclude")
    screen = app.controller.screen
    assert (screen.plan.rows, screen.plan.excluded) == (before - 1, 1)
    assert screen.options.exclude.mask(screen.catalog).nonzero()[0].tolist() == [1]
    assert not exclude.isVisible()
    click("pictures.include")
    assert app.controller.screen.options.exclude == NOTHING
    assert app.controller.screen.plan.rows == before


def test_among_picked_pictures_the_marked_one_is_meant(pick, app, find, click):
    selection = pick(SizeRange(300, 300, 150, 150))
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    app.window.found.pictures.grid.go_to(int(selection.samples[-1]))
    click("pictures.exclude")
    screen = app.controller.screen
    assert screen.options.exclude.mask(screen.catalog).nonzero()[0].tolist() == [selection.samples[-1]]
