"""Starting the program where there is no window to be had."""

import os
import socket
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


def refused(**environment) -> str:
    ended = started(**environment)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "xcb-cursor" not in ended.stderr, "Qt's text on a library that is there"
    told = [line for line in ended.stderr.splitlines() if "StackGUI" in line]
    assert len(told) == 1
    assert told[0].endswith(".")
    return told[0]


@linux
@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"DISPLAY": ":4242"}, "cannot reach the display :4242, because no screen answers there"),
        ({"DISPLAY": "localhost:4242.0"}, "cannot reach the display localhost:4242.0, because no screen"),
        ({"DISPLAY": "nonsense"}, "cannot reach the display nonsense, because that is no name of a display"),
        (
            {"WAYLAND_DISPLAY": "wayland-4242", "XDG_RUNTIME_DIR": "/run"},
            "cannot reach the Wayland display wayland-4242, because no screen answers there",
        ),
        ({"WAYLAND_DISPLAY": "wayland-4242", "XDG_RUNTIME_DIR": ""}, "because XDG_RUNTIME_DIR is not set"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "QT_QPA_PLATFORM asks for “nonsense”, which Qt does not have"),
        ({"QT_QPA_PLATFORM": "xcb"}, "because this session has no screen (DISPLAY is not set)"),
    ],
    ids=["x", "x over the net", "no x name", "wayland", "no runtime folder", "no plugin", "no display"],
)
def test_each_way_of_having_no_screen_is_one_sentence_and_no_abort(variables, says):
    assert says in refused(**variables)


@linux
def test_a_display_that_refuses_is_told_from_one_that_is_not_there(tmp_path, monkeypatch):
    """An X server that answers, but not with a window: as one does to whoever has no right to it."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "x"))
        server.listen()
        monkeypatch.setattr(system, "_loads", lambda _: True)
        for name in system.SCREEN_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DISPLAY", str(tmp_path / "x"))
        told = system.without_window("could not connect to display", has_apt=True)
        assert "does not let you in" in told
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    told = system.without_window("", has_apt=True).splitlines()
    assert len(told) == 2, "each of the two that were tried"
    assert "Wayland display wayland-0, because no screen answers" in told[0]
    assert f"display {tmp_path / 'x'}, because no screen answers" in told[1]


@linux
def test_what_qt_lacks_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(system, "_loads", lambda library: library != "libGL.so.1")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    told = system.without_qt("libGL.so.1: cannot open shared object file", has_apt=True)
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


def test_without_a_terminal_a_message_is_shown(monkeypatch, capsys):
    """As on Windows after a double-click, where there is nothing to write to."""
    shown = []
    system.tell("to the terminal", shown.append)
    assert (shown, capsys.readouterr().err) == ([], "to the terminal\n")
    monkeypatch.setattr(sys, "stderr", None)
    system.tell("in a box", shown.append)
    assert shown == ["in a box"]
    system.tell("nowhere")


@pytest.mark.parametrize(
    ("arguments", "opened"),
    [
        ([], []),
        (["pets.stackgui"], ["pets.stackgui"]),
        (["pets"], ["pets"]),
        (["pets", "plan.json"], ["pets", "plan.json"]),
        (["open"], []),
        (["open", "nowhere"], ["nowhere"]),
        (["open", "--", "--odd"], ["--odd"]),
        (["open", "--help"], None),
        (["scan"], None),
        (["scan", "pets"], None),
        (["pets", "--json"], None),
        (["nowhere"], None),
        (["--version"], None),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else None,
)
def test_what_is_there_opens_in_the_window_and_commands_go_to_the_terminal(
    monkeypatch, tmp_path, arguments, opened
):
    monkeypatch.chdir(tmp_path)
    for name in ("pets", "scan"):
        (tmp_path / name).mkdir()
    (tmp_path / "plan.json").touch()
    seen = []
    monkeypatch.setattr(start, "_show_window", lambda paths=(): seen.append(list(paths)) or 0)
    monkeypatch.setattr("stackgui.cli.main", lambda *_: seen.append(None) or 0)
    assert start.main(arguments) == 0
    assert seen == [opened]
