"""A row as a picture of its own: copied, saved, or dragged to another program."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.viewing.look import Seen
from stackgui.gui.app import dialogs
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import images

DRAGGED_PX = 96
SUFFIX = ".png"


def image_of(seen: Seen) -> QImage:
    """Return a row as it is shown, with its padding."""
    return images.to_qimage(seen.picture)


def copy(seen: Seen) -> None:
    """Copy a row."""
    QGuiApplication.clipboard().setImage(image_of(seen))


def save(parent: QWidget, seen: Seen) -> tuple[str, bool]:
    """Ask for a file, and save a row in it; return the file, or ``""``, and whether it was saved."""
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    start = str(Path(pictures or Path.home()) / _file_name(seen))
    file = dialogs.ask_file(parent, tr("Save the row as a picture"), start, tr("Picture (*.png)"))
    if file and not file.lower().endswith(SUFFIX):
        file += SUFFIX
    return file, bool(file) and image_of(seen).save(file)


def told_saved(file: str, *, saved: bool) -> str:
    """Say whether a file was saved."""
    if saved:
        return say("Saved as “{file}”.", file=printable(file))
    return say("Could not be saved as “{file}”. Choose another folder.", file=printable(file))


def drag(source: QWidget, seen: Seen) -> None:
    """Let a row be dropped on another program, as a picture and as a file, while the button is held."""
    if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
        return
    image = image_of(seen)
    with tempfile.TemporaryDirectory(prefix="stackgui-row-") as folder:
        file = Path(folder) / _file_name(seen)
        data = QMimeData()
        data.setImageData(image)
        if image.save(str(file)):
            data.setUrls([QUrl.fromLocalFile(str(file))])
        made = QDrag(source)
        made.setMimeData(data)
        small = QPixmap.fromImage(image).scaled(
            DRAGGED_PX,
            DRAGGED_PX,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        made.setPixmap(small)
        made.exec(Qt.DropAction.CopyAction)


def _file_name(seen: Seen) -> str:
    facts = seen.large.facts
    stem = Path(facts.name).stem
    return f"row-{facts.row}-{stem}{SUFFIX}" if stem else f"row-{facts.row}{SUFFIX}"
