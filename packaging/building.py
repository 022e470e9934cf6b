"""Builds, checks and tests wheel and sdist; `dist.py` runs it in an environment with the tools."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import environment
import installing
import tools

DIST = environment.REPOSITORY / "dist"
NOT_THE_TREE = "not slow and not tree"
"""Tests that look at the files of the checkout say nothing about what was installed."""

BESIDE_TESTS = (
    "tests",
    "resources",
    "packaging",
    "docs",
    ".github",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
"""What tests read besides the package."""


def epoch() -> dict[str, str]:
    """Date everything in the archives by the last commit, so that the same commit gives the same bytes."""
    if "SOURCE_DATE_EPOCH" in os.environ or not (environment.REPOSITORY / ".git").exists():
        return dict(os.environ)
    git = ["git", "-c", "safe.directory=*", "log", "-1", "--format=%ct"]
    told = subprocess.run(git, cwd=environment.REPOSITORY, capture_output=True, text=True, check=True)
    return {**os.environ, "SOURCE_DATE_EPOCH": told.stdout.strip()}


def build(folder: Path) -> list[Path]:
    """Build the sdist, and of that the wheel, into an empty folder; then check both."""
    python = [sys.executable, "-m"]
    subprocess.run(
        [*python, "build", "--no-isolation", "--outdir", str(folder), str(environment.REPOSITORY)],
        env=epoch(),
        check=True,
    )
    made = sorted(folder.glob("stackgui-*"))
    subprocess.run([*python, "twine", "check", "--strict", *map(str, made)], check=True)
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in made]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="ascii")
    return made


def test(wheel: Path, arguments: list[str]) -> int:
    """Run the tests against a wheel in an environment of its own, where the checkout cannot be imported."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, work = Path(scratch, "environment"), Path(scratch, "work")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        python = environment.python_in(folder)
        *packages, project = installing.commands(python, "test", "", afresh=True)
        for command in packages:
            subprocess.run(command, check=True)
        subprocess.run([*project[: project.index("--editable")], str(wheel)], check=True)
        for name in filter(lambda each: (environment.REPOSITORY / each).exists(), BESIDE_TESTS):
            copy = shutil.copytree if (environment.REPOSITORY / name).is_dir() else shutil.copy2
            work.mkdir(exist_ok=True)
            copy(environment.REPOSITORY / name, work / name)
        shutil.copy2(environment.PROJECT, work)
        command = [python, "-m", "pytest", *tools.SIDE_BY_SIDE, "-m", NOT_THE_TREE, *arguments]
        return subprocess.run(
            command, cwd=work, env={**os.environ, "STACKGUI_TESTS": "wheel"}, check=False
        ).returncode


def main(arguments: list[str]) -> int:
    """Build, check, and test if that is wanted."""
    if DIST.exists():
        shutil.rmtree(DIST)
    made = build(DIST)
    print(*(f"{file}: {file.stat().st_size / 1e6:.1f} MB" for file in made), sep="\n", flush=True)
    if "--test" not in arguments:
        return 0
    given = arguments[arguments.index("--test") + 1 :]
    return test(next(file for file in made if file.suffix == ".whl"), given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
