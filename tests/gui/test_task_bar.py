"""The progress of the run on the program's icon."""

import ctypes

import pytest
from PySide6.QtGui import QGuiApplication

from stackgui.gui.app import task_bar
from stackgui.gui.app.task_bar import TaskBar


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_it_is_told_of_what_changes(system):
    told = []
    bar = TaskBar(lambda: 7, system, {system: told.append})
    for percent in (None, 1, 1, 2, None, None):
        bar.show(percent)
    assert told == [1, 2, None]


def test_a_system_without_one_gets_nothing():
    TaskBar(lambda: 7, "aix").show(3)


def test_the_dock_shows_a_number(monkeypatch, qapp):
    shown = []
    monkeypatch.setattr(QGuiApplication, "setBadgeNumber", lambda _app, number: shown.append(number))
    bar = TaskBar(lambda: 7, "darwin")
    bar.show(40)
    bar.show(None)
    assert shown == [40, 0]


@pytest.fixture
def com(monkeypatch):
    """An object as COM makes them, whose methods note how they are called."""
    called = []
    handle, number, state = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_int
    kinds = {3: (), 9: (handle, number, number), 10: (handle, state)}

    def method(place):
        made = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p, *kinds.get(place, ()))
        return made(lambda _self, *given: called.append((place, *given)) or 0)

    methods = [method(place) for place in range(11)]
    table = (ctypes.c_void_p * 11)(*(ctypes.cast(each, ctypes.c_void_p) for each in methods))
    made = ctypes.c_void_p(ctypes.addressof(table))
    monkeypatch.setattr(task_bar, "_task_bar_list", lambda: ctypes.pointer(made))
    monkeypatch.setattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE, raising=False)
    yield called
    assert len(methods) == len(table)


def test_the_button_of_the_window_is_filled_on_windows(com):
    bar = TaskBar(lambda: 7, "win32")
    bar.show(40)
    assert com == [(3,), (10, 7, 2), (9, 7, 40, 100)]
    com.clear()
    bar.show(None)
    assert com == [(3,), (10, 7, 0)]


def test_windows_without_a_task_bar_shows_nothing(monkeypatch):
    monkeypatch.setattr(task_bar, "_task_bar_list", lambda: None)
    TaskBar(lambda: 7, "win32").show(40)
