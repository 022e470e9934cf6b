"""Starting the program where there is no window to be had."""

import os
import subprocess
import sys

import pytest

import stackgui.__main__ as start
from stackgui import system


def started(**environment):
    names = {name: value for name, value in os.environ.items() if name not in system.SCREEN_VARIABLES}
    command = [sys.executable, "-m", "stackgui"]
    return subprocess.run(command, env=names | environment, capture_output=True, text=True, check=False)


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")


@linux
def test_without_a_screen_it_is_a_sentence():
    ended = started()
    assert ended.returncode == 1
    assert ended.stderr.startswith("StackGUI cannot open its window, because this session has no screen")
    assert ended.stderr.endswith("as “stackgui --help” describes.\n")
    assert ended.stderr.count("\n") == 1


@linux
@pytest.mark.parametrize(
    "variable", [{"DISPLAY": ":4242"}, {"QT_QPA_PLATFORM": "nonsense"}, {"WAYLAND_DISPLAY": "wayland-4242"}]
)
def test_with_a_screen_that_is_not_there_it_is_a_sentence_and_no_abort(variable):
    ended = started(**variable)
    assert ended.returncode == 1
    assert "StackGUI cannot open its window" in ended.stderr
    assert "Traceback" not in ended.stderr


@linux
def test_what_qt_lacks_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(system, "_loads", lambda library: library != "libGL.so.1")
    monkeypatch.setenv("DISPLAY", ":0")
    told = system.without_window("libGL.so.1: cannot open shared object file", has_apt=True)
    assert told.startswith("StackGUI cannot open its window. This system lacks libGL.so.1.")
    assert "apt-get install -y --no-install-recommends libgl1" in told


def test_a_library_that_is_missing_as_qt_is_loaded_is_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(system, "has_display", lambda: True)
    monkeypatch.setattr(system, "_loads", lambda _: True)
    monkeypatch.setitem(sys.modules, "stackgui.gui.app.app", None)
    assert start.main([]) == 1
    told = capsys.readouterr().err
    assert told.startswith("StackGUI cannot open its window")
    assert "import of stackgui.gui.app.app halted" in told
    assert "stackgui --help" in told
