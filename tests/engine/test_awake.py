"""The computer stays awake for as long as it should, with what each system offers."""

import subprocess
import sys

import pytest

from stackgui.core.base.errors import RunError
from stackgui.engine import power
from stackgui.engine.awake import HELPERS, Awake
from stackgui.engine.power import MEANS, Power


def as_cat(command, **how) -> subprocess.Popen:
    """What stands for a helper: it runs until its input is closed."""
    as_cat.commands.append(command)
    return subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], **how)


@pytest.fixture
def commands() -> list:
    as_cat.commands = []
    return as_cat.commands


@pytest.mark.parametrize(("system", "name"), [("linux", "systemd-inhibit"), ("darwin", "caffeinate")])
def test_a_helper_runs_until_it_is_released(commands, system, name):
    awake = Awake(system, lambda command: f"/bin/{command}", as_cat)
    awake.hold()
    awake.hold()
    helper = awake._helper
    assert [command[0] for command in commands] == [f"/bin/{name}"], "once is enough"
    assert helper.poll() is None
    awake.hold(wanted=False)
    assert helper.poll() is not None
    assert not awake.is_held
    awake.release()


def test_the_first_that_is_there_is_used(commands):
    with Awake("linux", lambda command: command if command == "elogind-inhibit" else None, as_cat):
        assert [command[0] for command in commands] == ["elogind-inhibit"]


def test_it_is_released_after_a_failure_too(commands):
    awake = Awake("linux", str, as_cat)
    with pytest.raises(ValueError, match="odd"), awake:
        raise ValueError("odd")
    assert not awake.is_held


def test_without_any_means_nothing_happens(commands):
    def refuse(*_, **__):
        raise OSError("no more processes")

    for awake in (Awake("plan9", str, as_cat), Awake("linux", lambda _: None, as_cat)):
        with awake:
            assert commands == []
    with Awake("linux", str, refuse) as awake:
        assert awake.is_held


def test_windows_is_told_and_told_again():
    told = []
    with Awake("win32", set_state=told.append):
        assert told == [0x80000001]
    assert told == [0x80000001, 0x80000000]


def test_every_helper_ends_with_its_input():
    assert all(command[-1] == "cat" for commands in HELPERS.values() for command in commands)


@pytest.mark.parametrize("which", Power)
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_system_is_asked_before_it_is_told(system, which):
    ran = []

    def run(command, **_how):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, 's "yes"\n', "")

    assert power.can(which, system, str, run)
    power.use(which, system, run)
    means = MEANS[system, which]
    assert ran == [*([means.allows] if means.allows else []), means.does]


@pytest.mark.parametrize("answer", ['s "no"', 's "challenge"', ""])
def test_what_is_not_allowed_is_not_offered(answer):
    def run(command, **_how):
        return subprocess.CompletedProcess(command, 0, answer, "")

    assert not power.can(Power.SLEEP, "linux", str, run)
    assert not power.can(Power.SLEEP, "linux", lambda _: None, run)
    assert not power.can(Power.SLEEP, "plan9", str, run)


def test_a_refusal_is_told():
    def refuse(command, **_how):
        return subprocess.CompletedProcess(command, 1, "", "Access denied.")

    with pytest.raises(RunError, match="Access denied"):
        power.use(Power.SHUT_DOWN, "linux", refuse)
    assert not power.can(Power.SLEEP, "linux", str, refuse)

    def fail(*_, **__):
        raise subprocess.TimeoutExpired("systemctl", 10)

    with pytest.raises(RunError):
        power.use(Power.SHUT_DOWN, "linux", fail)
