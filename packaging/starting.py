"""How long the window takes to appear, of the bundle and from source, one after the other in one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import environment
import trying

MAX_RATIO = 1.2
TITLE = "^StackGUI$"


def shown_after_s(command: list[str], shown: dict[str, str], home: str) -> float:
    """Start a window, and give the seconds until the screen shows it."""
    variables = {**os.environ, **shown, "HOME": home}
    begun_s = time.monotonic()
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as window:
        search = ["xdotool", "search", "--onlyvisible", "--name", TITLE]
        while subprocess.run(search, env=variables, capture_output=True, check=False).returncode:
            if window.poll() is not None or time.monotonic() - begun_s > trying.CLOSE_S:
                raise SystemExit(f"{command[0]} shows no window")
        took_s = time.monotonic() - begun_s
        window.terminate()
    return took_s


def compared(bundle: Path, times: int) -> list[str]:
    """Start both `times` times in turn; tell the medians and their ratio."""
    commands = {
        "from source": [environment.python_in(environment.FOLDER), "-m", "stackgui"],
        "the bundle": [str(bundle)],
    }
    found: dict[str, list[float]] = {name: [] for name in commands}
    with trying.screen() as shown, tempfile.TemporaryDirectory() as home:
        for _ in range(times + 1):
            for name, command in commands.items():
                found[name].append(shown_after_s(command, shown, home))
    # The first of each fills the caches of the disk.
    medians = {name: statistics.median(each[1:]) for name, each in found.items()}
    ratio = medians["the bundle"] / medians["from source"]
    told = [f"{name}: window shown after {median:.2f} s" for name, median in medians.items()]
    return [*told, f"ratio {ratio:.2f}, at most {MAX_RATIO} wanted"]
