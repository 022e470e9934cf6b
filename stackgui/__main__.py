"""Start the window or, given a sub-command, the command line."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from stackgui import ending

if TYPE_CHECKING:
    import argparse

    from stackgui.cli.answers import Answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the program and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    is_own = arguments is None  # called with arguments, this runs inside someone else's process
    if is_own:
        ending.handle_requests(as_json="--json" in given)
        # NumPy would begin a thread for each processor, in this process and in every worker; there are no
        # matrices here that are large enough for two.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    paths = paths_for_window(given)
    if paths is None:
        from stackgui import cli  # noqa: PLC0415 - the command line and the window do without each other

        if is_own:
            with _sparing_modules():
                from stackgui.cli import commands  # noqa: F401, PLC0415 - these are most of what it loads
        return cli.main(given, {"self-test": _self_test})
    return _show_window(paths)


def _self_test(arguments: argparse.Namespace) -> Answer:
    """Check this installation, window and terminal alike."""
    from stackgui.self_test.command import self_test  # noqa: PLC0415 - as above

    return self_test(arguments)


def paths_for_window(words: Sequence[str]) -> Sequence[str] | None:
    """Return what the window is to open, or None if `words` are for the command line."""
    from stackgui.cli.command_names import COMMANDS, OPEN  # noqa: PLC0415 - as above

    if not words:
        return ()
    if words[0] == OPEN:
        rest = words[1:]
        if rest[:1] == ["--"]:
            return rest[1:]
        return None if any(word.startswith("-") for word in rest) else rest
    if words[0] in COMMANDS or not all(word.endswith(".stackgui") or os.path.exists(word) for word in words):
        return None
    return words


def _show_window(paths: Sequence[str] = ()) -> int:
    """Show the window, with what is in `paths`."""
    import shutil  # noqa: PLC0415 - imported late, so that signals are handled early

    from stackgui import system  # noqa: PLC0415

    if not system.has_display():
        return _fail(system.without_screen("stackgui"))
    try:
        window = imported_window()
    except ImportError as error:
        # Importing Qt loads the libraries of the system that it links against.
        return _fail(system.without_qt(str(error), has_apt=shutil.which("apt-get") is not None))
    return window(paths)


def imported_window() -> Callable[[Sequence[str]], int]:
    """Import the window."""
    with _sparing_modules():
        from stackgui.gui.app.app import main as window  # noqa: PLC0415
    return window


@contextlib.contextmanager
def _sparing_modules() -> Iterator[None]:
    """Look for no garbage meanwhile, of which there is none among modules, nor at these objects later."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if is_enabled:
            gc.enable()


def _fail(message: str) -> int:
    from stackgui import system  # noqa: PLC0415 - as above

    system.tell(message)
    return 1


if __name__ == "__main__":
    sys.exit(main())
