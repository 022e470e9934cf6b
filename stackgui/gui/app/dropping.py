"""What is dropped on the window, always as a copy."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDropEvent


def accept_as_copy(event: QDropEvent) -> list[str]:
    """Accept local paths and return them.

    The answer is always “copy”, whatever was proposed: after “move”, a file manager deletes the originals.
    """
    if names := local_names(event.mimeData()):
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
    return names


def local_names(data: QMimeData) -> list[str]:
    """Return the files and folders of this machine to which `data` links."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
