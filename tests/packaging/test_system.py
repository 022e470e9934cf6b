"""Which packages are missing, and what is said or done about it."""

import sys

import pytest

from stackgui.system import _loads as loads

pytestmark = pytest.mark.tree


@pytest.fixture
def on_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def installed(monkeypatch):
    """The libraries that this pretended system has."""
    libraries = set()
    monkeypatch.setattr("stackgui.system._loads", libraries.__contains__)
    return libraries


def packages(missing):
    return [thing.package for thing in missing]


@pytest.mark.usefixtures("on_linux")
class TestMissingForQt:
    def test_nothing_is_missing_where_all_is_there(self, system, installed):
        installed.update(system.DRAWING_LIBRARIES, system.X_WINDOW_LIBRARIES)
        assert system.missing_for_qt(window=True) == []

    def test_what_is_missing_is_named_by_library_and_package(self, system, installed):
        installed.update(system.DRAWING_LIBRARIES.keys() - {"libEGL.so.1"})
        assert system.missing_for_qt(window=False) == [system.Missing("libEGL.so.1", "libegl1")]

    def test_libraries_for_x_are_wanted_for_a_window_only(self, system, installed):
        installed.update(system.DRAWING_LIBRARIES)
        assert system.missing_for_qt(window=False) == []
        assert packages(system.missing_for_qt(window=True)) == list(system.X_WINDOW_LIBRARIES.values())

    @pytest.mark.parametrize("platform", ["win32", "darwin"])
    def test_other_systems_bring_their_own(self, system, installed, monkeypatch, platform):
        monkeypatch.setattr(sys, "platform", platform)
        assert not installed
        assert system.missing_for_qt(window=True) == []


def test_the_loader_tells_what_is_there():
    assert not loads("libno-such-library.so.1")
    assert loads(None)  # the program itself, which is always there


def test_python_without_venv_names_the_package_of_this_version(system, monkeypatch):
    monkeypatch.setattr(system.installing, "is_there", lambda module: module == "venv")
    (missing,) = system.missing_for_setup()
    assert missing.package == f"python3.{sys.version_info.minor}-venv"


@pytest.mark.usefixtures("on_linux")
@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_display_is_found_by_any_of_its_variables(system, monkeypatch, variable):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not system.has_display()
    monkeypatch.setenv(variable, ":0")
    assert system.has_display()


class TestAdvice:
    def test_on_debian_it_is_a_line_to_copy(self, system):
        missing = [system.Missing("libGL.so.1", "libgl1"), system.Missing("libEGL.so.1", "libegl1")]
        assert system.advice(missing, has_apt=True).splitlines() == [
            "This system lacks libGL.so.1, libEGL.so.1.",
            "Install it with this line, then run the same command again:",
            "  sudo apt-get update && sudo apt-get install -y --no-install-recommends libgl1 libegl1",
        ]

    def test_elsewhere_it_names_the_libraries(self, system):
        text = system.advice([system.Missing("libGL.so.1", "libgl1")], has_apt=False)
        assert "libGL.so.1" in text
        assert "apt-get" not in text


class TestProvide:
    @pytest.fixture
    def commands(self, system, monkeypatch):
        """What would have been run; every command succeeds."""
        commands = []

        def record(command, **_):
            commands.append(command)
            return system.subprocess.CompletedProcess(command, 0, stdout="")

        monkeypatch.setattr(system.subprocess, "run", record)
        return commands

    @pytest.fixture(params=["root", "person"])
    def who(self, request, system, monkeypatch):
        monkeypatch.setattr(
            system.os, "geteuid", lambda: 0 if request.param == "root" else 1000, raising=False
        )
        monkeypatch.setattr(system.shutil, "which", lambda _: "/usr/bin/apt-get")
        return request.param

    def test_nothing_missing_runs_nothing(self, system, commands):
        system.provide([])
        assert commands == []

    def test_only_root_installs(self, system, commands, who):
        missing = [system.Missing("libGL.so.1", "libgl1")]
        if who == "root":
            system.provide(missing)
            assert commands == system.install_commands(missing)
        else:
            with pytest.raises(SystemExit, match="sudo apt-get update"):
                system.provide(missing)
            assert commands == []

    def test_a_command_that_fails_is_shown(self, system, monkeypatch):
        monkeypatch.setattr(system.os, "geteuid", lambda: 0, raising=False)
        monkeypatch.setattr(system.shutil, "which", lambda _: "/usr/bin/apt-get")
        failed = system.subprocess.CompletedProcess([], 100, stdout="no space left")
        monkeypatch.setattr(system.subprocess, "run", lambda *_, **__: failed)
        with pytest.raises(SystemExit, match=r"(?s)no space left.*apt-get update"):
            system.provide([system.Missing("libGL.so.1", "libgl1")])
