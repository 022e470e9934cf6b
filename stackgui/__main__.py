"""Start the window or, given a sub-command, the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stackgui import ending

if TYPE_CHECKING:
    import argparse

    from stackgui.cli.answers import Answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the program and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if arguments is None:  # called with arguments, this runs inside someone else's process
        ending.handle_requests(as_json="--json" in given)
    if given and not (len(given) == 1 and _is_for_window(given[0])):
        from stackgui import cli  # noqa: PLC0415 - the command line and the window do without each other

        return cli.main(given, {"self-test": _self_test})
    return _show_window(*given)


def _self_test(arguments: argparse.Namespace) -> Answer:
    """Check this installation, window and terminal alike."""
    from stackgui.self_test.command import self_test  # noqa: PLC0415 - as above

    return self_test(arguments)


def _is_for_window(word: str) -> bool:
    """Return whether `word` is a project, a stack or an array, which open in the window."""
    from stackgui.gui.control.opening import can_be_viewed  # noqa: PLC0415 - as above

    return word.endswith(".stackgui") or can_be_viewed(word)


def _show_window(file: str = "") -> int:
    """Show the window, with the project, the stack or the array in `file` if one is named."""
    import shutil  # noqa: PLC0415 - imported late, so that signals are handled early

    from stackgui import system  # noqa: PLC0415

    if not system.has_display():
        return _fail(system.without_screen("stackgui"))
    try:
        from stackgui.gui.app.app import main as window  # noqa: PLC0415
    except ImportError as error:
        # Importing Qt loads the libraries of the system that it links against.
        return _fail(system.without_qt(str(error), has_apt=shutil.which("apt-get") is not None))
    return window(file)


def _fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
