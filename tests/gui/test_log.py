"""The log file, and what the window writes to it."""

import logging

import pytest
from PySide6.QtWidgets import QAbstractButton

from stackgui.gui.control import log
from stackgui.gui.control.log import LogFile, logger
from stackgui.gui.control.screen import State


@pytest.fixture
def log_file(home):
    made = LogFile()
    made.open()
    yield log.folder() / log.FILE
    made.close()
    assert logger.handlers == []


def test_it_lies_in_the_home_and_takes_any_name(log_file, home):
    logger.warning("%s could not be read", "caf\udce9.jpg")
    assert log_file.is_relative_to(home)
    assert "WARNING caf\\udce9.jpg could not be read" in log_file.read_text(encoding="utf-8")


def test_it_is_begun_anew_before_it_grows_large(log_file):
    for _ in range(3):
        logger.info("x" * (log.MAX_BYTES - 100))
    sizes = [path.stat().st_size for path in log_file.parent.iterdir()]
    assert len(sizes) == 3
    assert max(sizes) <= log.MAX_BYTES


def test_a_place_that_cannot_be_written_costs_only_the_log(home, monkeypatch):
    (home / "taken").touch()
    monkeypatch.setattr(log, "folder", lambda: home / "taken" / "log")
    made = LogFile()
    made.open()
    logger.info("nothing happens")
    made.close()
    assert logger.handlers == []


def test_runs_and_faults_are_written_with_their_details(ready, behaviour, click, reach, caplog):
    caplog.set_level(logging.INFO, "stackgui")
    behaviour.error = KeyError("odd")
    click("save.convert")
    reach(State.FAILED)
    assert "A conversion began" in caplog.text
    assert "KeyError: 'odd'" in caplog.text


def test_an_exception_that_nobody_caught_is_written(app, caplog):
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        app.faults._caught(type(error), error, error.__traceback__)
    assert "ZeroDivisionError" in app.faults.take()
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_help_opens_the_folder_of_the_log(app, monkeypatch, qtbot):
    opened = []
    monkeypatch.setattr(app.window.desktop, "open", opened.append)
    app.window.menus["help"].trigger()
    shown = app.window.findChild(QAbstractButton, "help.log")
    shown.click()
    assert opened == [log.folder()]
    shown.window().close()
