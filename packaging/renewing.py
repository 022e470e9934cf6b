"""Resolves all pins anew and says which versions differ; `update.py` runs it in an environment with uv."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import bundled
import environment
import installing

Pins = dict[str, str]  # from “name==version ; condition” to the whole block with its hashes

UV = (
    *("pip", "compile", "--quiet", "--universal", "--no-header", "--no-annotate", "--generate-hashes"),
    *("--python-version", ".".join(map(str, environment.OLDEST_PYTHON))),
)
WITH_EXTRAS = {"test": ["--all-extras"], "bundle": [f"--extra={name}" for name in bundled.extras()]}
"""Purposes that need the libraries of extras, and uv's options for that."""

NOTE = """\
# Made by packaging/update.py: what the set-up installs, with the hashes of its files for all systems.
"""


def project() -> dict[str, object]:
    """Read what is asked for."""
    return tomllib.loads(environment.PROJECT.read_text(encoding="utf-8"))


def blocks(text: str) -> Pins:
    """Split the text of a file of pins."""
    found = re.findall(r"^([a-zA-Z0-9][^\\\n]*?) \\\n((?:    --hash.*\n?)+)", text, re.MULTILINE)
    return {pin: f"{pin} \\\n{hashes.rstrip()}\n" for pin, hashes in found}


def resolve(known: Pins, choices: list[str], more: list[str], *, upgrade: bool) -> Pins:
    """Resolve the project with `choices` of uv and `more` requirements, near to the versions in `known`."""
    with tempfile.TemporaryDirectory() as folder:
        output, asked = Path(folder, "pins.txt"), Path(folder, "more.in")
        output.write_text("".join(known.values()), encoding="utf-8")
        asked.write_text("\n".join(more) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "uv", *UV, str(environment.PROJECT), str(asked), *choices]
        command += [*(["--upgrade"] if upgrade else []), "--output-file", str(output)]
        subprocess.run(command, check=True, cwd=environment.REPOSITORY)
        return blocks(output.read_text(encoding="utf-8"))


def choices_for(purpose: str, groups: dict[str, object]) -> list[str]:
    """Give uv's options for a purpose."""
    return [*WITH_EXTRAS.get(purpose, []), *(["--group", purpose] if purpose in groups else [])]


def renewed(*, upgrade: bool) -> dict[str, Pins]:
    """Resolve everything at once, so that all purposes agree, and give what each needs beside “run”."""
    asked = project()
    groups: dict[str, object] = dict(asked.get("dependency-groups", {}))  # type: ignore[call-overload]
    builds = list(asked["build-system"]["requires"])  # type: ignore[index]
    known: Pins = {}
    for name in ("pip", *environment.SERVES):
        known |= read(name)
    everything = ["--all-extras", *(word for name in groups for word in ("--group", name))]
    known = resolve(known, everything, ["pip", *builds], upgrade=upgrade)
    made = {"pip": {pin: block for pin, block in known.items() if pin.startswith("pip==")}}
    made["run"] = resolve(known, [], builds, upgrade=False)
    for name in environment.SERVES:
        needed = resolve(known, choices_for(name, groups), builds, upgrade=False)
        made.setdefault(name, {pin: block for pin, block in needed.items() if pin not in made["run"]})
    return made


def file_of(name: str) -> Path:
    """Give the file of pins of a purpose."""
    return installing.PINS / f"{name}.txt"


def read(name: str) -> Pins:
    """Read the pins of a purpose as they are; empty if there are none yet."""
    file = file_of(name)
    return blocks(file.read_text(encoding="utf-8")) if file.exists() else {}


def text_of(name: str, pins: Pins) -> str:
    """Give the text of a file of pins."""
    before = "" if name in {"pip", "run"} else "-r run.txt\n"
    return NOTE + before + "".join(pins[pin] for pin in sorted(pins, key=str.lower))


def versions(made: dict[str, Pins]) -> dict[str, str]:
    """Name all versions of each package; there are several where they depend on the system."""
    found: dict[str, set[str]] = {}
    for pin in (pin for pins in made.values() for pin in pins):
        name, version = pin.partition(";")[0].strip().split("==")
        found.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(each)) for name, each in found.items()}


def difference(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Write the rows of a table of what has changed, in Markdown."""
    rows = [
        f"| {name} | {before.get(name, '–')} | {after.get(name, '–')} |"
        for name in sorted({**before, **after})
        if before.get(name) != after.get(name)
    ]
    return (
        ["| package | before | now |", "| --- | --- | --- |", *rows]
        if rows
        else ["All versions are as before."]
    )


def main(arguments: list[str]) -> int:
    """Renew, write, tell and test."""
    parser = argparse.ArgumentParser(
        prog="update.py", description="Renew the pins, run the tests, write what changed."
    )
    parser.add_argument("--python", default=sys.executable, help=argparse.SUPPRESS)
    parser.add_argument("--keep", action="store_true", help="keep versions that still suit pyproject.toml")
    parser.add_argument("--no-tests", action="store_true", help="leave the tests to you")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write what has changed to a file")
    given = parser.parse_args(arguments)
    before = versions({name: read(name) for name in ("pip", *environment.SERVES)})
    made = renewed(upgrade=not given.keep)
    for name, pins in made.items():
        file_of(name).write_text(text_of(name, pins), encoding="utf-8", newline="\n")
    changed = "\n".join(difference(before, versions(made)))
    print(changed)
    if given.write:
        given.write.write_text(changed + "\n", encoding="utf-8")
    if given.no_tests:
        return 0
    return subprocess.run(
        [given.python, "packaging/test.py"], cwd=environment.REPOSITORY, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
