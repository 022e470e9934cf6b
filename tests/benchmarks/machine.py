"""What a benchmark ran on: without it, its figures mean nothing to anybody else."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from PIL import features

import stackgui
from tests.shared_data import REPOSITORY

LIBRARIES = ("numpy", "pillow", "simplejpeg", "imagecodecs", "opencv-python-headless", "PySide6-Essentials")
WORTH_TELLING = 0.005
"""Share of the processors' time that the host gave to others, from which on it is told."""

BUSY = 0.3
"""Load a processor before the start, above which other programs will be seen in the figures."""


def describe(folder: Path) -> dict[str, Any]:
    """Describe this computer, what is installed, and how busy it is now; `folder` is on the disk used."""
    return {
        "stackgui": stackgui.__version__,
        "commit": _commit(),
        "system": platform.platform(),
        "processor": _processor() or platform.machine(),
        "processors": psutil.cpu_count() or 1,
        "cores": psutil.cpu_count(logical=False) or 0,
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "disk": _disk(folder),
        "disk_free_gb": round(shutil.disk_usage(folder).free / 1e9, 1),
        "load": round(psutil.getloadavg()[0], 2),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES}
        | {"libjpeg-turbo in Pillow": features.version_feature("libjpeg_turbo") or "none"},
    }


def in_words(machine: dict[str, Any], stolen: float = 0.0) -> str:
    """What of `describe` a person wants to know who compares two tables, and what was `stolen` meanwhile."""
    return (
        f"{machine['processor']}, {machine['processors']} processors, {machine['memory_gib']:.0f} GiB, "
        f"disk: {machine['disk']}, Python {machine['python']}, StackGUI {machine['stackgui']}"
        + (f"; {stolen_in_words(stolen)}" if stolen >= WORTH_TELLING else "")
    )


def stolen_s() -> float:
    """Seconds of all processors that the host of a virtual machine gave to other machines since the start.

    Nothing in here can tell them from work: what ran just then took longer. 0 where nobody counts them.
    """
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def stolen_in_words(share: float) -> str:
    """Say what share of all processors' time the host gave to others."""
    return f"the host gave {share:.0%} of its processors' time to other machines"


def is_busy(machine: dict[str, Any]) -> bool:
    """Whether something else was running when `machine` was described."""
    return bool(machine["load"] > BUSY * machine["processors"])


def _processor() -> str:
    if sys.platform == "linux":
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        named = [line for line in told.splitlines() if line.startswith("model name")]
        return named[0].partition(":")[2].strip() if named else ""
    if sys.platform == "darwin":
        return _output("sysctl", "-n", "machdep.cpu.brand_string")
    return platform.processor()


def _commit() -> str:
    """The commit, and whether something in the checkout differs from it; ``""`` without Git."""
    commit = _output("git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD")
    changed = commit and _output(
        "git", "-C", str(REPOSITORY), "status", "--porcelain", "--untracked-files=no"
    )
    return f"{commit} and changes" if changed else commit


def _disk(folder: Path) -> str:
    """File system, and whether the disk spins, as far as the system tells."""
    mounts = psutil.disk_partitions(all=True)
    holding = [each for each in mounts if folder.resolve().is_relative_to(each.mountpoint)]
    if not holding:
        return "unknown"
    mount = max(holding, key=lambda each: len(each.mountpoint))
    return " on ".join(filter(None, (mount.fstype, _kind(folder)))) or "unknown"


def _kind(folder: Path) -> str:
    if sys.platform != "linux":
        return ""
    number = folder.stat().st_dev
    with contextlib.suppress(OSError):
        device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve()
        disk = device if (device / "queue").exists() else device.parent
        kinds = {"vd": "a virtual disk", "xv": "a virtual disk", "nv": "NVMe"}
        if kind := kinds.get(disk.name[:2]):
            return kind
        return "a spinning disk" if (disk / "queue/rotational").read_text().strip() == "1" else "an SSD"
    return ""


def _output(*command: str) -> str:
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return ""
