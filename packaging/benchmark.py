"""Measure StackGUI's speed and memory against its targets, beside what one could use instead.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/benchmark.py
    python3 packaging/benchmark.py --json --only small
"""

from __future__ import annotations

import os
import sys

import environment
import system


def main(arguments: list[str]) -> int:
    """Prepare the environment with the tools for development, then become the benchmarks."""
    environment.refuse_old_python()
    platform = os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    system.provide(system.missing_for_setup() + system.missing_for_qt(window=platform == "xcb"))
    environment.prepare("test")
    os.chdir(environment.REPOSITORY)
    return environment.become(["-m", "tests.benchmarks", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
