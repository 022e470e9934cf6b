"""The virtual environment in ``.venv``: made once, and again when the project's needs change or it is broken.

It uses the standard library only, and syntax that an old Python reads too, so that it can say what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import installing
import showing

REPOSITORY = installing.REPOSITORY
FOLDER = REPOSITORY / ".venv"
PROJECT = REPOSITORY / "pyproject.toml"
OLDEST_PYTHON = (3, 11)
INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended

# Which purposes an environment serves that was made for one. Each has its pins, and those of "run" too.
SERVES = {"run": ["run"], "test": ["run", "test"], "dist": ["run", "dist"], "bundle": ["run", "bundle"]}


def refuse_old_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """End with a sentence when this Python is too old."""
    if version < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        sys.exit(
            f"StackGUI needs Python {oldest} or newer, and this is Python {version[0]}.{version[1]}.\n"
            f"Start it with a newer one, for example: python{oldest} packaging/run.py"
        )


def homepage() -> str:
    """Give the address of the project."""
    import tomllib  # noqa: PLC0415 - not there in the old Python that must get as far as the sentence above

    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["urls"]["Homepage"]


def python_in(folder: Path) -> str:
    """Give the interpreter of a virtual environment."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def packages_in(folder: Path) -> set[str]:
    """Name the packages in a virtual environment, with their versions."""
    found = [
        *folder.glob("lib/python*/site-packages/*.dist-info"),
        *folder.glob("Lib/site-packages/*.dist-info"),
    ]
    return {each.name for each in found}


def fingerprint(purpose: str) -> str:
    """Digest what the environment depends on: the interpreter, the place, the packages asked for."""
    import tomllib  # noqa: PLC0415 - not there in the old Python that must get as far as the sentence above

    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    pins = [pins.read_text(encoding="utf-8") for pins in installing.pins_of(purpose)]
    asked_for = (project["build-system"], project["project"], pins)
    # Not the full version: an environment outlives a bug-fix release, which the set-up itself may bring.
    facts = (sys.implementation.cache_tag, os.path.realpath(sys.executable), str(REPOSITORY), asked_for)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def stamp(purpose: str) -> Path:
    """Give the file that names the fingerprint for which the environment is complete, and what is in it."""
    return FOLDER / f"complete-for-{purpose}"


def is_complete(purpose: str) -> bool:
    """Whether the environment serves this purpose as it is, and nothing has been taken out of it since."""
    try:
        wanted, packages = json.loads(stamp(purpose).read_text(encoding="utf-8"))
        return (
            wanted == fingerprint(purpose)
            and os.path.exists(python_in(FOLDER))  # False too for a link to a Python that is gone
            and packages_in(FOLDER).issuperset(packages)
        )
    except (OSError, ValueError, TypeError):
        return False


def prepare(purpose: str, offline: str = "") -> None:
    """Make the environment complete for a purpose.

    An incomplete one is made afresh, since whatever interrupted the last attempt left it in an unknown state.
    Only what another purpose needs besides is added to a complete one.

    Parameters
    ----------
    purpose
        One of `SERVES`.
    offline
        Folder of wheels to install from, without any network, or ``""``.
    """
    if is_complete(purpose):
        return
    with _alone():
        if is_complete(purpose):  # by somebody else, meanwhile
            return
        served = {name for name in SERVES if is_complete(name)}
        for name in SERVES:
            stamp(name).unlink(missing_ok=True)
        try:
            _make(purpose, offline, afresh="run" not in served)
        except KeyboardInterrupt:
            showing.say("\nThe set-up was interrupted. Run the same command again to start it afresh.")
            sys.exit(INTERRUPTED)
        packages = sorted(packages_in(FOLDER))
        for name in served.union(SERVES[purpose]):
            stamp(name).write_text(json.dumps([fingerprint(name), packages]), encoding="utf-8")
    showing.say("The set-up is complete.")


def _refuse_what_others_use() -> None:
    """End if making it afresh would empty a folder elsewhere, which a link leads to."""
    if FOLDER.is_symlink() and FOLDER.is_dir() and any(FOLDER.iterdir()):
        sys.exit(
            "%s is a link to %s, which is not the environment of this checkout and would be emptied. "
            "Remove the link, and run this again." % (FOLDER, FOLDER.resolve())
        )


def _make(purpose: str, offline: str, *, afresh: bool) -> None:
    if afresh:
        _refuse_what_others_use()
        showing.say("Setting up StackGUI in the folder .venv. This happens once, and takes a minute or so.")
        without_pip = ["--without-pip"] if installing.without_pip(offline) else []
        _run([sys.executable, "-m", "venv", "--clear", *without_pip, str(FOLDER)], offline)
    showing.say(
        "Installing packages from %s ..." % offline if offline else "Downloading and installing packages ..."
    )
    for command in installing.commands(python_in(FOLDER), purpose, offline, afresh=afresh):
        _run(command, offline)


def _run(command: list[str], offline: str = "") -> None:
    """Run one step; end with its output and advice when it fails."""
    status, output = showing.run(command, str(REPOSITORY))
    if status != 0:
        showing.say(output)
        showing.say("The set-up did not finish. The reason stands above; this command failed:")
        showing.say("  " + " ".join(command))
        sys.exit(installing.advice(output, offline))


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other set-up is under way in this folder, as there is after a second double-click."""
    try:
        held = open(str(FOLDER) + ".lock", "a", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        sys.exit("The set-up cannot write to %s: %s." % (REPOSITORY, error.strerror))
    with held:
        if not _lock(held.fileno(), wait=False):
            showing.say("Another set-up is under way here. Waiting for it to finish ...")
            _lock(held.fileno(), wait=True)
        yield


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock a file until it is closed; return whether that worked."""
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - not there elsewhere

            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - not there on Windows

            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def become(arguments: list[str]) -> int:
    """Hand over to the environment's Python; where a process cannot be replaced, give its exit status."""
    command = [python_in(FOLDER), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    with subprocess.Popen(command) as application:
        while True:
            try:
                return application.wait()
            except KeyboardInterrupt:  # the console tells the application too, and it decides what to do
                continue
