"""What the operating system still lacks, and how to get it.

Qt links the libraries named here. Where one is missing, it ends the whole process with a message that blames
another. So they are looked for first. On Windows and macOS Qt's own packages bring everything.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass

# The library as the loader knows it, and Debian's package for it.
DRAWING_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X_WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


@dataclass(frozen=True)
class Missing:
    """One thing that the system lacks."""

    name: str  # what it is called on any system
    package: str  # the package for it on Debian and its relatives


def has_display() -> bool:
    """Whether there is a screen to open a window on, or a platform was named that needs none."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def missing_for_setup() -> list[Missing]:
    """List what a virtual environment needs. Debian leaves it out of its Python."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return []
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return [Missing(f"the venv module of Python {version}", f"python{version}-venv")]


def missing_for_qt(*, window: bool) -> list[Missing]:
    """List the libraries that Qt needs: always those to draw with, and for a window on X those to show it."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**DRAWING_LIBRARIES, **(X_WINDOW_LIBRARIES if window else {})}
    return [Missing(library, package) for library, package in wanted.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_commands(missing: list[Missing]) -> list[list[str]]:
    """Give the commands that install what is missing on Debian and its relatives."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *(thing.package for thing in missing)]
    return [["apt-get", "update"], install]


def advice(missing: list[Missing], *, has_apt: bool) -> str:
    """Say what is missing and what to do about it."""
    lack = "This system lacks " + ", ".join(thing.name for thing in missing) + "."
    if not has_apt:
        return f"{lack}\nInstall it with the system's package manager, then run the same command again."
    line = " && ".join("sudo " + " ".join(command) for command in install_commands(missing))
    return f"{lack}\nInstall it with this line, then run the same command again:\n  {line}"


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
