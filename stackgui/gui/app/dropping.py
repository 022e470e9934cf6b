"""What is dropped on the window, always as a copy."""

from __future__ import annotations

import os

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDropEvent

from stackgui.core.base.addresses import is_address


def accept_as_copy(event: QDropEvent) -> list[str]:
    """Accept local paths and return them.

    The answer is always “copy”, whatever was proposed: after “move”, a file manager deletes the originals.
    """
    if names := local_names(event.mimeData()):
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
    return names


def local_names(data: QMimeData) -> list[str]:
    """Return the files and folders of this machine to which `data` links, and addresses."""
    named = (url.toLocalFile() if url.isLocalFile() else url.toString() for url in data.urls())
    return [name for name in named if is_address(name) or os.path.isabs(name)]
