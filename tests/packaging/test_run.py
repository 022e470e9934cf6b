"""What the start command asks of the system."""

import sys

import pytest

pytestmark = pytest.mark.tree


@pytest.fixture(autouse=True)
def bare_linux(monkeypatch):
    """A system without any of Qt's libraries, and without a screen."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("stackgui.system._loads", lambda _: False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("arguments", [["--help"], ["scan", "pictures"], ["convert", "a", "--out", "b"]])
def test_sub_commands_need_no_qt(run, system, arguments):
    assert run.missing_for(arguments) == system.missing_for_setup()


@pytest.mark.parametrize("display", ["", ":0"])
def test_the_window_needs_x_where_there_is_a_display(run, system, monkeypatch, display):
    monkeypatch.setenv("DISPLAY", display)
    packages = {thing.package for thing in run.missing_for([])}
    assert packages >= set(system.DRAWING_LIBRARIES.values())
    assert (packages >= set(system.X_WINDOW_LIBRARIES.values())) == bool(display)


def test_no_screen_is_said_before_anything_is_prepared(run, environment, monkeypatch):
    monkeypatch.setattr(environment, "prepare", lambda _: pytest.fail("it began to set up"))
    with pytest.raises(SystemExit, match="no screen"):
        run.main([])
