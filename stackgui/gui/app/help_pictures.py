"""The pictures of the window that help pages show."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPalette

from stackgui.gui.texts.language import resource
from stackgui.gui.widgets import theme

WIDE_PX = 520
"""Width in logical pixels: the text beside the list of pages is hardly wider."""


def screenshot(name: str, palette: QPalette, scale: float) -> QImage | None:
    """Return the picture `name` of ``resources/screenshots``, in the window's language and colours.

    Parameters
    ----------
    name
        File name as in a page.
    palette
    scale
        Device pixels for each logical one.

    Returns
    -------
    None if there is no such picture.
    """
    shown = name.replace(".png", "-dark.png") if theme.is_dark(palette) else name
    try:
        file = resource("screenshots", shown)
    except FileNotFoundError:
        return None
    full = QImage(str(file))
    mode = Qt.TransformationMode.SmoothTransformation
    made = full.scaledToWidth(min(full.width(), round(WIDE_PX * scale)), mode)
    made.setDevicePixelRatio(scale)
    return made
