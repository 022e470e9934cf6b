"""The virtual environment in ``.venv``: made once, and again when the project's needs change.

It uses the standard library only, and syntax that an old Python reads too, so that it can say what is wrong.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / ".venv"
PROJECT = REPOSITORY / "pyproject.toml"
CONSTRAINTS = REPOSITORY / "packaging" / "constraints.txt"
OLDEST_PYTHON = (3, 11)
INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended

# What is installed for a purpose, and which purposes an environment serves then.
INSTALLS = {"run": ".", "test": ".[dev]"}
SERVES = {"run": ["run"], "test": ["run", "test"]}


def refuse_old_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """End with a sentence when this Python is too old."""
    if version < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        sys.exit(
            f"StackGUI needs Python {oldest} or newer, and this is Python {version[0]}.{version[1]}.\n"
            f"Start it with a newer one, for example: python{oldest} packaging/run.py"
        )


def python_in(folder: Path) -> str:
    """Give the interpreter of a virtual environment."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def fingerprint() -> str:
    """Digest what the environment depends on: the interpreter, the place, the packages asked for."""
    import tomllib  # noqa: PLC0415 - not there in the old Python that must get as far as the sentence above

    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    asked_for = (project["build-system"], project["project"], CONSTRAINTS.read_text(encoding="utf-8"))
    # Not the full version: an environment outlives a bug-fix release, which the set-up itself may bring.
    facts = (sys.implementation.cache_tag, os.path.realpath(sys.executable), str(REPOSITORY), asked_for)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def stamp(purpose: str) -> Path:
    """Give the file that names the fingerprint for which the environment is complete."""
    return FOLDER / f"complete-for-{purpose}"


def is_complete(purpose: str, wanted: str) -> bool:
    """Whether the environment serves this purpose as it is."""
    try:
        return stamp(purpose).read_text() == wanted
    except OSError:
        return False


def prepare(purpose: str) -> None:
    """Make the environment complete for a purpose.

    An incomplete one is made afresh, since whatever interrupted the last attempt left it in an unknown state.
    Only the tools for development are added to a complete one.
    """
    wanted = fingerprint()
    if is_complete(purpose, wanted):
        return
    afresh = not is_complete("run", wanted)
    for name in INSTALLS:
        stamp(name).unlink(missing_ok=True)
    try:
        if afresh:
            _say("Setting up StackGUI in the folder .venv. This happens once, and takes a minute or so.")
            _run(sys.executable, "-m", "venv", "--clear", str(FOLDER))
        _say("Downloading and installing packages ...")
        _run(
            *(python_in(FOLDER), "-m", "pip", "install", "--no-input", "--constraint", str(CONSTRAINTS)),
            *("--editable", INSTALLS[purpose]),
        )
    except KeyboardInterrupt:
        _say("\nThe set-up was interrupted. Run the same command again to start it afresh.")
        sys.exit(INTERRUPTED)
    for name in SERVES[purpose]:
        stamp(name).write_text(wanted)
    _say("The set-up is complete.")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # stdout belongs to the application


def _run(*command: str) -> None:
    """Run one step. Its output is shown as a single moving line, and in full when it fails."""
    output = []
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as step:
        for line in step.stdout:
            output.append(line)
            _move_line(line.strip())
    _move_line("")
    if step.returncode != 0:
        _say("".join(output))
        _say("The set-up did not finish. The reason stands above; this command failed:")
        _say("  " + " ".join(command))
        sys.exit("If the connection to the package index is at fault, run this again when it is back.")


def _move_line(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r  {text[:76]:76}", end="\r", file=sys.stderr, flush=True)


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
