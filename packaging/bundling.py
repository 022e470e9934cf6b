"""Builds the bundle; `bundle.py` runs it in an environment with the tools.

The wheel is built first and installed into an environment of its own, with nothing but what goes into the
bundle and what makes it. So the bundle holds what others get with pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import building
import bundled
import environment
import installing
import measured
import trimming

PLACE = environment.REPOSITORY / "build" / "bundle"
ENVIRONMENT = PLACE / "environment"
BUNDLE = PLACE / ("StackGUI.app" if sys.platform == "darwin" else "stackgui")
PROGRAM = BUNDLE / "program"
ON_LINUX = sys.platform.startswith("linux")
LAUNCHER = environment.REPOSITORY / "packaging" / "linux" / "launcher.sh"


def dated() -> dict[str, str]:
    """Give the environment in which everything is dated by the last commit or, without a clone, by 1980."""
    return {"SOURCE_DATE_EPOCH": "315532800", **building.epoch()}


def prepared() -> str:
    """Make the environment that the bundle is taken from, if its pins have changed, and give its Python."""
    python, stamp = environment.python_in(ENVIRONMENT), ENVIRONMENT / "complete"
    pins = b"".join(file.read_bytes() for file in installing.pins_of("bundle"))
    wanted = hashlib.sha256(pins + os.path.realpath(sys.executable).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        for command in installing.commands(python, "bundle", "", afresh=True)[:-1]:
            subprocess.run([*command, "--quiet"], check=True)
        stamp.write_text(wanted)
    return python


def install_wheel(python: str) -> None:
    """Build the wheel, and install it in place of an earlier one."""
    with tempfile.TemporaryDirectory() as folder:
        made = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder]
        subprocess.run([*made, str(environment.REPOSITORY)], env=dated(), check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall"]
        # By its name, as from an index: otherwise pip notes where the file lay.
        subprocess.run([*pip, "--find-links", folder, bundled.PROGRAM], check=True)


def collect(python: str) -> None:
    """Let PyInstaller collect everything into the folder, the same bytes each time."""
    collected = PLACE / "collected"
    command = [
        *(python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", str(collected), "--workpath", str(PLACE / "work")),
        str(environment.REPOSITORY / "packaging" / "stackgui.spec"),
    ]
    steady = {**dated(), "PYTHONHASHSEED": "0"}
    subprocess.run(command, cwd=PLACE, env=steady, check=True)
    if BUNDLE.exists():
        shutil.rmtree(BUNDLE)
    target = PROGRAM if ON_LINUX else BUNDLE
    target.parent.mkdir(exist_ok=True)
    (collected / BUNDLE.name).rename(target)


def owners(library: str) -> dict[str, str]:
    """Give the packages of Debian that have a library of this name, with their versions."""
    asked = ["dpkg-query", "--search", f"*/{library}"]
    told = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=False).stdout
    names = {line.partition(":")[0] for line in told.splitlines() if line.endswith(f"/{library}")}
    shown = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", *sorted(names)]
    told = subprocess.run(shown, stdout=subprocess.PIPE, text=True, check=False).stdout if names else ""
    return dict(line.split(" ") for line in told.splitlines())


def licences_of_the_system(program: Path) -> None:
    """Put the licences of libraries that came from Debian beside those of the others; all must be known."""
    inside = program / "_internal"
    folder = inside / "licences"
    folder.mkdir(exist_ok=True)
    for file in sorted(inside.glob("lib*.so*")):
        if file.is_symlink() or file.name.startswith("libpython"):
            continue
        found = owners(file.name)
        if not found:
            raise SystemExit(f"{file.name} is of no package of Debian. Whose licence does it have?")
        for owner, version in found.items():
            text = folder / f"{owner}_{version.replace(':', '%3a')}.txt"
            shutil.copy(f"/usr/share/doc/{owner}/copyright", text)


def finish() -> None:
    """Trim what is in the folder, and put beside it what starts it."""
    licences_of_the_system(PROGRAM)
    trimming.strip(PROGRAM)
    trimming.shrink_icu(PROGRAM)
    shutil.copy(LAUNCHER, BUNDLE / "stackgui")
    (BUNDLE / "stackgui").chmod(0o755)


def main(arguments: list[str]) -> int:
    """Build it, unless only its sizes are wanted."""
    if "--sizes" not in arguments:
        PLACE.mkdir(parents=True, exist_ok=True)
        python = prepared()
        install_wheel(python)
        collect(python)
        if ON_LINUX:
            finish()
    if not BUNDLE.exists():
        print("There is no bundle yet. Build it: python3 packaging/bundle.py")
        return 1
    print(*measured.lines(BUNDLE), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
