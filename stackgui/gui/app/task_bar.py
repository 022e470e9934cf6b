"""The progress of the run on the program's icon in the task bar or dock.

Linux has been tried, with a listener on D-Bus. What is here for Windows and macOS is written to their
documentation and tested against stand-ins; nobody has looked at it there yet.
"""

from __future__ import annotations

import ctypes
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtGui import QGuiApplication

LAUNCHER = "application://stackgui.desktop"
LAUNCHER_PATH = "/com/canonical/unity/launcherentry/1"
LAUNCHER_INTERFACE = "com.canonical.Unity.LauncherEntry"

CLASS_OF_TASK_BAR = uuid.UUID("56fdf344-fd6d-11d0-958a-006097c9a090")
ITASKBARLIST3 = uuid.UUID("ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf")
IN_PROCESS = 1
HR_INIT, SET_PROGRESS_VALUE, SET_PROGRESS_STATE = 3, 9, 10
"""Places of methods in the table of ITaskbarList3, counted through all that it inherits."""

NO_PROGRESS, NORMAL = 0, 2
"""States of progress, from TBPFLAG."""

Show = Callable[[int | None], None]


class TaskBar:
    """Tells the desktop how far the run is.

    Parameters
    ----------
    window_id
        Returns the handle of the window whose button in the task bar shows it.
    system
        As ``sys.platform``.
    ways
        How to show a percentage on each system; None removes it.
    """

    def __init__(
        self,
        window_id: Callable[[], int],
        system: str = sys.platform,
        ways: dict[str, Show] | None = None,
    ) -> None:
        known = {
            "linux": _send_launcher_entry,
            "darwin": _set_badge,
            "win32": lambda percent: _show_on_button(window_id(), percent),
        }
        self._show = (known if ways is None else ways).get(system)
        self._percent: int | None = None

    def show(self, percent: int | None) -> None:
        """Show the share of the rows that are done; None removes it."""
        if percent == self._percent:
            return
        self._percent = percent
        if self._show is not None:
            self._show(percent)


def _send_launcher_entry(percent: int | None) -> None:
    """Send the signal to which Linux desktops listen."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage  # noqa: PLC0415 - the window appears sooner

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return
    message = QDBusMessage.createSignal(LAUNCHER_PATH, LAUNCHER_INTERFACE, "Update")
    shown = {"progress": (percent or 0) / 100, "progress-visible": percent is not None}
    message.setArguments([LAUNCHER, shown])
    bus.send(message)


def _set_badge(percent: int | None) -> None:
    """Show a number in the dock of macOS; 0 removes it."""
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication):
        app.setBadgeNumber(percent or 0)


def _show_on_button(window: int, percent: int | None) -> None:
    """Fill the button of a window in the task bar of Windows."""
    pointer = _task_bar_list()
    if pointer:
        show_by(pointer, window, percent, getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE))


_made: list[Any] = []


def _task_bar_list() -> Any:  # noqa: ANN401 - a COM pointer
    """Return the task bar's object, made once; null if there is none."""
    if not _made:
        pointer = ctypes.c_void_p()
        with suppress(OSError):  # Qt has initialised COM for this thread; a server may have no task bar
            getattr(ctypes, "oledll").ole32.CoCreateInstance(  # noqa: B009 - only there on Windows
                CLASS_OF_TASK_BAR.bytes_le, None, IN_PROCESS, ITASKBARLIST3.bytes_le, ctypes.byref(pointer)
            )
        _made.append(pointer)
    return _made[0]


def show_by(pointer: Any, window: int, percent: int | None, prototype: Callable[..., Any]) -> None:  # noqa: ANN401 - a COM pointer
    """Call the methods of the task bar's object at `pointer`.

    Parameters
    ----------
    pointer
    window
        Handle of the window.
    percent
    prototype
        Makes the type of a method, as ``ctypes.WINFUNCTYPE`` does.
    """
    table = ctypes.cast(pointer, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents

    def call(place: int, *arguments: Any) -> None:  # noqa: ANN401 - ctypes values
        kinds = [type(each) for each in arguments]
        prototype(ctypes.c_long, ctypes.c_void_p, *kinds)(table[place])(pointer, *arguments)

    handle = ctypes.c_void_p(window)
    call(HR_INIT)
    call(SET_PROGRESS_STATE, handle, ctypes.c_int(NO_PROGRESS if percent is None else NORMAL))
    if percent is not None:
        call(SET_PROGRESS_VALUE, handle, ctypes.c_uint64(percent), ctypes.c_uint64(100))
