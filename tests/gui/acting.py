"""What tests of the window do again and again."""

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea, QTabWidget, QWidget


def words(find, name: str) -> str:
    label = find(QLabel, name)
    assert label.isVisible(), f"{name} is not visible"
    return label.text()


def tab_text(find, page: QWidget) -> str:
    """Return the text on the tab of `page`."""
    tabs = find(QTabWidget, "found.tabs")
    return tabs.tabText(tabs.indexOf(page))


def choose(find, qtbot, name: str, text: str) -> None:
    box = find(QComboBox, name)
    index = box.findText(text)
    assert index >= 0, text
    box.setCurrentIndex(index)
    box.activated.emit(index)


def to_array(image: QImage) -> np.ndarray:
    """Copy `image` into an array: uint8, shape (H, W, 4), RGBA with straight alpha."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(plain.constBits(), np.uint8)
    lines = flat.reshape(plain.height(), plain.bytesPerLine())
    return lines[:, : plain.width() * 4].reshape(plain.height(), plain.width(), 4).copy()


def cut_off(window: QWidget) -> list[str]:
    """Columns that are narrower than their content."""
    areas = [area for area in window.findChildren(QScrollArea) if area.isVisible()]
    return [
        f"{area.objectName()} {area.widget().minimumSizeHint()} {area.viewport().size()}"
        for area in areas
        if area.widget() and area.widget().minimumSizeHint().width() > area.viewport().width()
    ]
