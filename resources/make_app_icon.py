# ruff: noqa: INP001 - a script beside its data, in no package
"""Draw ``resources/icons/app/stackgui.svg`` at the sizes that desktops ask for; run after a change."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent / "icons" / "app"
SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)


def draw(renderer: QSvgRenderer, size_px: int) -> QImage:
    """The icon on a transparent ground."""
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


if __name__ == "__main__":
    drawing = QSvgRenderer(str(FOLDER / "stackgui.svg"))
    for side_px in SIZES_PX:
        draw(drawing, side_px).save(str(FOLDER / f"stackgui-{side_px}.png"))
