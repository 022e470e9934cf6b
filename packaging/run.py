"""Start StackGUI: its window, or with a sub-command the same work at the terminal.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/run.py
    python3 packaging/run.py convert --help
"""

from __future__ import annotations

import os
import sys

import environment
import system


def missing_for(arguments: list[str]) -> list[system.Missing]:
    """List what the system lacks for this call. Sub-commands do without Qt, hence without its libraries."""
    if arguments:
        return system.missing_for_setup()
    return system.missing_for_setup() + system.missing_for_qt(window=bool(os.environ.get("DISPLAY")))


def main(arguments: list[str]) -> int:
    """Prepare the environment, then become the application."""
    environment.refuse_old_python()
    if not arguments and not system.has_display():
        sys.exit(system.without_screen("python3 packaging/run.py"))
    system.provide(missing_for(arguments))
    environment.prepare("run")
    return environment.become(["-m", "stackgui", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
