"""What the desktop is asked to open; the only place that asks, and that says so where nothing opens it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from stackgui.core.base.addresses import is_address
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.gui.control.screen import Kind
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.message_bar import MessageBar

FILE_MANAGER = "org.freedesktop.FileManager1"
"""Name on the session bus of Linux under which a file manager shows single files."""


class Desktop:
    """Opens files, folders and web pages with the programs of the desktop.

    Parameters
    ----------
    message
        Says what could not be opened, and offers to copy where it is.
    """

    def __init__(self, message: MessageBar) -> None:
        self._message = message

    def open(self, path: str | Path) -> bool:
        """Open a file or folder, or say that nothing opens it; return whether something does."""
        place = str(path)
        if is_address(place):
            self._tell_address(place)
            return False
        if os.path.exists(place) and QDesktopServices.openUrl(QUrl.fromLocalFile(place)):
            return True
        self._explain(place)
        return False

    def open_link(self, link: QUrl) -> None:
        """Open a web page, or say that nothing opens it."""
        if not QDesktopServices.openUrl(link):
            address = link.toString()
            told = say(
                "No program on this computer opens web pages. The page is {address}.",
                address=printable(address),
            )
            self._show(told, tr("Copy address"), address)

    def reveal(self, file: str) -> None:
        """Show a file in the file manager, or the archive that it is in, or say why that is not possible."""
        if is_address(file):
            self._tell_address(file)
            return
        place = Path(file)
        while not place.exists() and place != place.parent:
            place = place.parent
        if place.is_dir() and place != Path(file):
            self._explain(file)
        elif place.is_dir():
            self.open(place)
        elif not _revealed(str(place)):
            self.open(place.parent)

    def _tell_address(self, address: str) -> None:
        told = say("{address} is not on this computer: no file manager shows it.", address=printable(address))
        self._show(told, tr("Copy address"), address)

    def _explain(self, place: str) -> None:
        shown = printable(place)
        if os.path.isdir(place):
            told = say("No program on this computer opens folders. The folder is {folder}.", folder=shown)
        elif os.path.exists(place):
            told = say("No program on this computer opens such files. The file is {file}.", file=shown)
        else:
            told = say("“{path}” is no longer there.", path=shown)
        self._show(told, tr("Copy path"), place)

    def _show(self, told: str, offer: str, text: str) -> None:
        copy = (offer, lambda: QGuiApplication.clipboard().setText(text))
        self._message.show_message(Kind.WARNING.value, told, actions=[copy])


def _revealed(file: str) -> bool:
    """Ask the file manager to show and mark a file; return False where none can be asked."""
    if sys.platform == "win32":
        return QProcess.startDetached("explorer", [f"/select,{os.path.normpath(file)}"])[0]
    if sys.platform == "darwin":
        return QProcess.startDetached("open", ["-R", file])[0]
    # The import takes time, and is needed only here.
    from PySide6.QtDBus import QDBusConnection, QDBusMessage  # noqa: PLC0415

    bus = QDBusConnection.sessionBus()
    answers = bus.interface()
    known = (answers.registeredServiceNames().value(), answers.activatableServiceNames().value())
    if not bus.isConnected() or not any(FILE_MANAGER in names for names in known):
        return False
    asked = QDBusMessage.createMethodCall(
        FILE_MANAGER, "/org/freedesktop/FileManager1", FILE_MANAGER, "ShowItems"
    )
    asked.setArguments([[QUrl.fromLocalFile(file).toString()], ""])
    return bus.send(asked)
