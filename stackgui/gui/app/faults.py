"""Collects uncaught exceptions, so that the window can show them."""

from __future__ import annotations

import platform
import queue
import sys
import threading
import traceback
from types import TracebackType

import stackgui
from stackgui.gui.control.log import logger


class Faults:
    """Collects uncaught exceptions from all threads for the window to show.

    It never calls Qt, since an exception may come from any thread.
    """

    def __init__(self) -> None:
        self._found: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._before = (sys.excepthook, threading.excepthook)

    def install(self) -> None:
        """Install the interpreter's exception hooks; exceptions in Qt slots reach them too."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def uninstall(self) -> None:
        """Restore the previous hooks."""
        sys.excepthook, threading.excepthook = self._before

    def take(self) -> str:
        """Return the details of all exceptions since the last call, or ``""``."""
        found = []
        while not self._found.empty():
            found.append(self._found.get())
        return "\n".join(found)

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        details = about_program() + "".join(traceback.format_exception(kind, error, trace))
        logger.error(details)
        self._found.put(details)

    def _caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._caught(args.exc_type, args.exc_value, args.exc_traceback)


def about_program() -> str:
    """Return the versions of program, Python and platform as one line."""
    return f"StackGUI {stackgui.__version__}, Python {platform.python_version()}, {platform.platform()}\n"
