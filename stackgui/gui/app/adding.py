"""Ways to name several folders at once: a dialog, and what was copied elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLineEdit, QListView, QTreeView, QWidget

from stackgui.core.base.addresses import is_address
from stackgui.core.base.wording import say
from stackgui.gui.app.dropping import local_names
from stackgui.gui.control.asking import Told
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.screen import Kind
from stackgui.gui.texts.language import tr

NOTHING_COPIED = say(
    "What was copied is no folder or file. Copy folders in the file manager, or their paths, and paste them "
    "here."
)


def ask_folders(parent: QWidget, start: str) -> list[str]:
    """Let the person pick folders of pictures; empty when none was picked."""
    dialog = folders_dialog(parent, start)
    found = picked(dialog) if dialog.exec() else []
    dialog.deleteLater()
    return found


def picked(dialog: QFileDialog) -> list[str]:
    """Return the folders that were picked.

    A path that is typed in full comes first: while it is typed, the dialog may mark a folder on the way.
    """
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    typed = os.path.expanduser(field.text().strip()) if isinstance(field, QLineEdit) else ""
    return [typed] if os.path.isabs(typed) and os.path.isdir(typed) else dialog.selectedFiles()


def folders_dialog(parent: QWidget, start: str) -> QFileDialog:
    """Return a dialog for several folders; it is Qt's own, because those of the systems take only one."""
    dialog = QFileDialog(parent, tr("Add folders of pictures"), start)
    dialog.setObjectName("addFolders")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Add"))
    dialog.setLabelText(QFileDialog.DialogLabel.FileName, tr("Folders:"))
    places = dict.fromkeys((str(Path.home()), start, *_drives()))
    dialog.setSidebarUrls([QUrl.fromLocalFile(place) for place in places if os.path.isdir(place)])
    for kind, name in ((QListView, "listView"), (QTreeView, "treeView")):
        view = dialog.findChild(kind, name)
        if isinstance(view, QAbstractItemView):
            view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    return dialog


def _drives() -> list[str]:
    """Return where drives and network folders usually are."""
    if os.name == "nt":
        return [f"{letter}:/" for letter in "CDEFGHIJKLMNOPQRSTUVWXYZ" if os.path.isdir(f"{letter}:/")]
    return ["/", "/media", "/mnt", "/Volumes"]


def paste(controller: Controller, told: Told) -> None:
    """Add the folders and files that were copied elsewhere, or whose paths were."""
    names = copied(QGuiApplication.clipboard().mimeData())
    if names:
        controller.add_sources(names)
    else:
        told.show_message(Kind.INFO, NOTHING_COPIED)


def copied(data: QMimeData) -> list[str]:
    """Return the folders, files and addresses that `data` names, by links or by one a line."""
    if data.hasUrls():
        return local_names(data)
    lines = (line.strip().strip("\"'") for line in data.text().splitlines())
    paths = [os.path.expanduser(line) for line in lines if line]
    return [path for path in paths if is_address(path) or (os.path.isabs(path) and os.path.exists(path))]
