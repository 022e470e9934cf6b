"""Run StackGUI's tests; arguments go to pytest.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/test.py
    python3 packaging/test.py -k plan --exitfirst
"""

from __future__ import annotations

import os
import sys

import environment
import system


def main(arguments: list[str]) -> int:
    """Prepare the environment with the tools for development, then become pytest."""
    environment.refuse_old_python()
    # A test needs no screen, and must not open windows on the one of the person who runs it.
    platform = os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    system.provide(system.missing_for_setup() + system.missing_for_qt(window=platform == "xcb"))
    environment.prepare("test")
    os.chdir(environment.REPOSITORY)
    return environment.become(["-m", "pytest", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
