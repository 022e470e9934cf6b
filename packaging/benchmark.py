"""Measure StackGUI's speed and memory against its targets, beside what one could use instead.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/benchmark.py
    python3 packaging/benchmark.py --only small --json found.json
"""

from __future__ import annotations

import sys

import tools

if __name__ == "__main__":
    sys.exit(tools.become("tests.benchmarks", [], sys.argv[1:]))
