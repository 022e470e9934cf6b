"""Start StackGUI: its window, or with a sub-command the same work at the terminal.

Prepares everything it needs first. Any Python from 3.11 on will do::

    python3 packaging/run.py
    python3 packaging/run.py convert --help
    python3 packaging/run.py --offline WHEELS    # without a network, from a folder that wheels.py has filled
"""

from __future__ import annotations

import os
import sys

import environment
import installing
import system


def opens_window(arguments: list[str]) -> bool:
    """Whether this call opens the window; sub-commands and options do without."""
    from stackgui.__main__ import paths_for_window  # noqa: PLC0415 - an old Python does not get here

    return paths_for_window(arguments) is not None


def missing_for(arguments: list[str], offline: str = "") -> list[system.Missing]:
    """List what the system lacks for this call. Sub-commands do without Qt, hence without its libraries."""
    missing = system.missing_for_setup(offline)
    if opens_window(arguments):
        missing += system.missing_for_qt(window=bool(os.environ.get("DISPLAY")))
    return missing


def main(arguments: list[str]) -> int:
    """Prepare the environment, then become the application."""
    environment.refuse_old_python()
    arguments, offline = installing.take_offline(arguments)
    if opens_window(arguments) and not system.has_display():
        sys.exit(system.without_screen("python3 packaging/run.py"))
    system.provide(missing_for(arguments, offline))
    environment.prepare("run", offline)
    return environment.become(["-m", "stackgui", *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
