"""Modules of the benchmarks that run as programs of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def printed(*words: str) -> Any:
    """What a module of the benchmarks prints, in a process of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = (sys.executable, "-m", *words)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
