"""What the desktop shows or plays for a program: notifications and sounds."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping

from PySide6.QtCore import QProcess
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

TITLE = "StackGUI"
SHOWN_MS = 10_000
TEXT = "{text}"
"""In a command: the text of the notification."""

Commands = Mapping[str, tuple[tuple[str, ...], ...]]
"""Commands of each system, of which the first that is there is used."""

NOTIFYING: Commands = {
    "linux": (
        ("notify-send", f"--app-name={TITLE}", "--icon=stackgui", TITLE, TEXT),
        ("gdbus", "call", "--session", "--dest=org.freedesktop.Notifications",
         "--object-path=/org/freedesktop/Notifications", "--method=org.freedesktop.Notifications.Notify",
         TITLE, "0", "stackgui", TITLE, TEXT, "[]", "{}", str(SHOWN_MS)),
    ),
}  # fmt: skip
"""By D-Bus, as all Linux desktops have it. Qt's own call needs a tray, which many of them lack."""

SOUNDING: Commands = {
    "linux": (
        ("canberra-gtk-play", "--id=complete"),
        ("paplay", "/usr/share/sounds/freedesktop/stereo/complete.oga"),
    ),
    "darwin": (("afplay", "/System/Library/Sounds/Glass.aiff"),),
}

Find = Callable[[str], str | None]
Start = Callable[[str, list[str]], object]


def _start(command: str, arguments: list[str]) -> object:
    return QProcess.startDetached(command, arguments)


class Notices:
    """Tells people who look elsewhere.

    Parameters
    ----------
    system
        As ``sys.platform``.
    find
        Finds a command; returns None if there is none.
    start
        Starts a command with arguments, and does not wait for it.
    """

    def __init__(self, system: str = sys.platform, find: Find | None = None, start: Start = _start) -> None:
        self._system = system
        self._find = find or shutil.which
        self._start = start
        self._tray: QSystemTrayIcon | None = None

    def notify(self, text: str, icon: QIcon) -> None:
        """Show `text` as a notification of the desktop."""
        if self._ran(NOTIFYING, text) or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._tray = self._tray or QSystemTrayIcon(icon)
        self._tray.show()
        self._tray.showMessage(TITLE, text, icon, SHOWN_MS)

    def sound(self) -> None:
        """Play the sound of something that is complete."""
        if not self._ran(SOUNDING, ""):
            QApplication.beep()

    def hide(self) -> None:
        """Remove the icon in the tray, if a notification needed one."""
        if self._tray is not None:
            self._tray.hide()
            self._tray = None

    def _ran(self, commands: Commands, text: str) -> bool:
        for name, *arguments in commands.get(self._system, ()):
            if command := self._find(name):
                self._start(command, [text if each == TEXT else each for each in arguments])
                return True
        return False
