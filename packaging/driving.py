"""Drives the real window as a screen reader would, and takes pictures of it; `try_installed.py` runs it.

It runs in the system's Python, which has the library for AT-SPI (Debian: python3-pyatspi), and prints what it
saw, one line for each step.
"""

from __future__ import annotations

import gettext
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyatspi

LIMIT_S = 90.0
PRESSED = ("push button", "button", "toggle button")


def widgets(root) -> Iterator:  # noqa: ANN001 - pyatspi has no types
    """Yield all that is shown below an object."""
    for child in _children(root):
        try:
            if child.getState().contains(pyatspi.STATE_SHOWING) or child.getRoleName() == "application":
                yield child
                yield from widgets(child)
        except Exception:  # noqa: BLE001, S112 - it was deleted meanwhile
            continue


def _children(root) -> list:  # noqa: ANN001 - as above
    try:
        return [child for child in root if child is not None]
    except Exception:  # noqa: BLE001 - it was deleted meanwhile
        return []


def wait_for(what: Callable[[], object], told: str):  # noqa: ANN201 - whatever it gives
    """Wait until something is there, and give it."""
    end_s = time.monotonic() + LIMIT_S
    while time.monotonic() < end_s:
        if found := what():
            return found
        time.sleep(0.2)
    sys.exit(f"FAILED: waited in vain for {told}")


def program():  # noqa: ANN201 - as above
    """Find the program on the bus."""
    return next(
        (
            each
            for each in _children(pyatspi.Registry.getDesktop(0))
            if "stackgui" in (each.name or "").lower()
        ),
        None,
    )


def button(name: str):  # noqa: ANN201 - as above
    """Find a button that can be pressed."""
    for each in widgets(program()):
        if (
            each.getRoleName() in PRESSED
            and each.name == name
            and each.getState().contains(pyatspi.STATE_SENSITIVE)
        ):
            return each
    return None


def press(name: str) -> None:
    """Press a button as soon as that is possible."""
    wait_for(lambda: button(name), f"the button “{name}”").queryAction().doAction(0)


def windows() -> list[str]:
    """Name the windows that are shown."""
    return [each.name for each in _children(program()) if each.getState().contains(pyatspi.STATE_SHOWING)]


def close_all() -> None:
    """Close one window after the other, the main window last."""
    while len(windows()) > 1:
        before = len(windows())
        key("alt+F4")
        wait_for(lambda before=before: len(windows()) < before, "a window that closes")
    key("ctrl+q")


def key(keys: str) -> None:
    """Press keys."""
    subprocess.run(["xdotool", "key", keys], check=True)


class Album:
    """Takes pictures of the screen, and says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, name: str, told: str) -> None:
        """Take one, when everything has been painted."""
        time.sleep(1.0)
        subprocess.run(["import", "-window", "root", str(self._folder / f"{name}.png")], check=True)
        print(f"{name}: {told}", flush=True)


def walk(album: Album) -> None:
    """Go a first-time user's way."""
    wait_for(program, "the program")
    wait_for(lambda: button("Try with sample pictures"), "the first screen")
    album.take("1-first", "the window opened")
    press("Try with sample pictures")
    wait_for(lambda: button("Convert"), "the sample pictures")
    album.take("2-found", "the sample pictures were found")
    press("Convert")
    wait_for(lambda: button("Look into it"), "the end of the conversion")
    album.take("3-finished", "the stack is finished")
    press("Open folder")
    press("Look into it")
    wait_for(lambda: len(windows()) > 1, "the window of the stack")
    album.take("4-stack", "the stack was opened")
    key("F1")
    wait_for(lambda: "How StackGUI works" in " ".join(windows()), "the help")
    album.take("5-help", "the help was opened")
    close_all()


def speak(album: Album, language: str, mo: Path) -> None:
    """See that the first screen speaks a language, and close it."""
    with mo.open("rb") as file:
        said = gettext.GNUTranslations(file).gettext("Try with sample pictures")
    wait_for(program, "the program")
    wait_for(lambda: button(said), f"“{said}”")
    album.take(f"language-{language}", said)
    key("ctrl+q")


if __name__ == "__main__":
    shown = Album(Path(sys.argv[1]))
    if len(sys.argv) > 2:  # noqa: PLR2004 - a language and its translations
        speak(shown, sys.argv[2], Path(sys.argv[3]))
    else:
        walk(shown)
