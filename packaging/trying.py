"""What is tried of an installed StackGUI: its window, its work at the terminal, and its self-test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import bare_system

DRIVER = Path(__file__).with_name("driving.py")
SYSTEM_PYTHON = "/usr/bin/python3"
SCREEN = "1366x768x24"
LANGUAGES = ("de", "ja")
CLOSE_S = 30.0

FAKE_OPENER = """#!/bin/sh
env > "$HOME/opened.txt"
echo "$@" >> "$HOME/opened.txt"
"""
LOADER_VARIABLES = ("LD_LIBRARY_PATH=", "QT_PLUGIN_PATH=")


class Wrong(Exception):  # noqa: N818 - a finding
    """What does not work, as a sentence."""


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Give the variables of a screen of our own, with a window manager, a session bus and AT-SPI.

    All of them listen at names without files, which a bare system sees too, but for the bus of AT-SPI.
    """
    running: list[subprocess.Popen[bytes]] = []
    number = next(each for each in range(140, 200) if not os.path.exists(f"/tmp/.X{each}-lock"))  # noqa: S108 - X's
    folder = tempfile.TemporaryDirectory(prefix="stackgui-bus-")
    bus = f"unix:abstract=stackgui-tried-{os.getpid()}"
    variables = {"DISPLAY": f":{number}", "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": folder.name}
    mine = {**os.environ, **variables}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": mine}
    try:
        for command in (
            ["Xvfb", f":{number}", "-screen", "0", SCREEN],
            ["dbus-daemon", "--session", f"--address={bus}", "--nofork"],
            ["openbox"],
            ["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"],
        ):
            running.append(subprocess.Popen(command, **quiet))
            time.sleep(1.0)
        yield variables
    finally:
        for each in reversed(running):
            each.terminate()
            each.wait()
        folder.cleanup()


@contextmanager
def started(
    system: bare_system.Here, shown: dict[str, str], **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the window by its menu entry."""
    variables = {**shown, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", **more}
    command, environment = system.command(*system.menu_entry(), **variables)
    with subprocess.Popen(command, env=environment, start_new_session=True) as window:
        try:
            yield window
        finally:
            if window.poll() is None:
                os.killpg(window.pid, signal.SIGKILL)


def drive(system: bare_system.Here, pictures: Path, shown: dict[str, str], *words: str, **more: str) -> None:
    """Start the window, let the driver do its part, and see that the window closes."""
    with started(system, shown, **more) as window:
        driver = [SYSTEM_PYTHON, str(DRIVER), str(pictures), *words]
        done = subprocess.run(
            driver, env={**os.environ, **shown}, check=False, stdout=subprocess.PIPE, text=True
        )
        print(done.stdout, end="", flush=True)
        if done.returncode != 0:
            raise Wrong(f"the window did not go the whole way {' '.join(words[:1])}".rstrip())
        try:
            if status := window.wait(CLOSE_S):
                raise Wrong(f"the window ended with status {status}")
        except subprocess.TimeoutExpired:
            raise Wrong("the window did not close") from None


def window(system: bare_system.Here, pictures: Path) -> None:
    """Go a first-time user's way, and look at the first screen in other languages."""
    home = system.seen_from_here(str(system.home))
    opened, folder = home / "opened.txt", home / "bin"
    folder.mkdir(exist_ok=True)
    opener = folder / "xdg-open"
    opener.write_text(FAKE_OPENER)
    opener.chmod(0o755)
    opened.unlink(missing_ok=True)
    path = f"{system.home}/bin:/usr/bin:/bin"
    with screen() as shown, bus_in(system, shown):
        drive(system, pictures, shown, PATH=path)
        seen = opened.read_text() if opened.exists() else ""
        if not seen:
            raise Wrong("“Open folder” opened nothing")
        if leaked := [each for each in seen.splitlines() if each.startswith(LOADER_VARIABLES)]:
            raise Wrong(f"programs of the desktop would load libraries of StackGUI: {leaked}")
        for language in LANGUAGES:
            (translations,) = system.data.rglob(f"languages/{language}.mo")
            # A home of its own, since the window begins with what was there the last time.
            (home / language).mkdir()
            own = {"HOME": f"{system.home}/{language}", "LANGUAGE": language, "LANG": f"{language}.UTF-8"}
            drive(system, pictures, shown, language, str(translations), **own)


@contextmanager
def bus_in(system: bare_system.Here, shown: dict[str, str]) -> Iterator[None]:
    """Let a bare system see the folder in which the bus of AT-SPI listens."""
    if not isinstance(system, bare_system.Bare):
        yield
        return
    place = system.seen_from_here(shown["XDG_RUNTIME_DIR"])
    place.mkdir(parents=True)
    subprocess.run(["mount", "--bind", shown["XDG_RUNTIME_DIR"], str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def terminal(system: bare_system.Here, _pictures: Path) -> None:
    """Do the same at the terminal, as somebody who is not root."""
    (samples,) = system.data.rglob("_resources/samples")
    inside = "/" + str(samples.relative_to(system.seen_from_here("/")))
    stack = f"{system.home}/made-at-the-terminal"
    for words, status in (
        (("--version",), 0),
        (("scan", inside), 0),
        (("convert", inside, "--out", stack), 3),  # one of the samples is damaged on purpose
        (("verify", stack), 0),
        (("export", stack, "--to", "hdf5", "--out", f"{stack}.h5"), 0),
        (("report", stack), 0),
    ):
        command, environment = system.as_user(*system.program, *words)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != status:
            raise Wrong(f"stackgui {' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")
        print(f"stackgui {words[0]}: as it should", flush=True)


def self_test(system: bare_system.Here, _pictures: Path) -> None:
    """Let it test itself, with nothing left out."""
    command, environment = system.as_user(*system.program, "self-test", "--json")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    try:
        checks = json.loads(done.stdout)["checks"]
    except (ValueError, KeyError):
        raise Wrong(f"the self-test did not run: {done.stderr[-500:]}") from None
    for each in checks:
        print(f"self-test, {each['check']}: {each['told']}", flush=True)
    bad = [each for each in checks if not each["works"] or "not looked at" in each["told"]]
    if bad:
        raise Wrong("; ".join(f"{each['check']}: {each['told']}" for each in bad))


PARTS: tuple[Callable[[bare_system.Here, Path], None], ...] = (self_test, terminal, window)


def everything(system: bare_system.Here, pictures: Path) -> list[str]:
    """Try all parts, and give what went wrong."""
    wrong = []
    for part in PARTS:
        try:
            part(system, pictures)
        except Wrong as found:
            wrong.append(f"{part.__name__}: {found}")
    return wrong
