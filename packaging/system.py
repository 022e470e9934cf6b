"""What the operating system still lacks, and installing it; what a window needs the package itself knows.

As a script, ``sudo python3 packaging/system.py``, it installs what the program and its tests need.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The package in the checkout: nothing is installed yet.
sys.path.append(str(Path(__file__).resolve().parent.parent))

import installing

from stackgui.system import (
    DRAWING_LIBRARIES,
    X_WINDOW_LIBRARIES,
    Missing,
    advice,
    has_display,
    install_commands,
    missing_for_qt,
    without_screen,
)

__all__ = [
    "DRAWING_LIBRARIES",
    "X_WINDOW_LIBRARIES",
    "Missing",
    "advice",
    "has_display",
    "install_commands",
    "missing_for_qt",
    "missing_for_setup",
    "provide",
    "without_screen",
]


def missing_for_setup(offline: str = "") -> list[Missing]:
    """List what a virtual environment needs. Debian leaves it out of its Python.

    A pip from elsewhere does too: this Python's own, or a wheel in the folder `offline`.
    """
    if installing.is_there("venv") and (installing.is_there("ensurepip") or installing.without_pip(offline)):
        return []
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return [Missing(f"the venv module of Python {version}", f"python{version}-venv")]


def provide(missing: list[Missing]) -> None:
    """Install what is missing where this person may, else say how and end."""
    if not missing:
        return
    has_apt = shutil.which("apt-get") is not None
    if not has_apt or os.geteuid() != 0:
        sys.exit(advice(missing, has_apt=has_apt))
    print("Installing system packages:", *(thing.package for thing in missing), file=sys.stderr, flush=True)
    unattended = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in install_commands(missing):
        step = subprocess.run(
            command, env=unattended, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False
        )
        if step.returncode != 0:
            sys.exit(f"{step.stdout}\nThis command failed; the reason stands above:\n  {' '.join(command)}")


if __name__ == "__main__":
    # As root: everything that the set-up, the tests and a window need.
    provide(missing_for_setup() + missing_for_qt(window=True))
