"""Whether the desktop wants things to move."""

import subprocess

import pytest

from stackgui.engine.motion import wants_motion


@pytest.mark.parametrize(
    ("system", "printed", "wanted"),
    [
        ("linux", "true\n", True),
        ("linux", "false\n", False),
        ("linux", "", True),
        ("darwin", "1\n", False),
        ("darwin", "0\n", True),
        ("darwin", "", True),
    ],
)
def test_its_setting_is_read(system, printed, wanted):
    def run(command, **_):
        return subprocess.CompletedProcess(command, 0, printed, "")

    assert wants_motion(system, lambda name: name, run) is wanted


@pytest.mark.parametrize("error", [OSError("gone"), subprocess.TimeoutExpired("gsettings", 5)])
def test_a_desktop_that_does_not_answer_objects_to_nothing(error):
    def run(*_, **__):
        raise error

    assert wants_motion("linux", lambda name: name, run)
    assert wants_motion("linux", lambda _: None)
    assert wants_motion("aix")


@pytest.mark.parametrize("wanted", [True, False])
def test_windows_is_asked_itself(wanted):
    assert wants_motion("win32", read_windows=lambda: wanted) is wanted
