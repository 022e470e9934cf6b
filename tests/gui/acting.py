"""What tests of the window do again and again."""

from PySide6.QtWidgets import QComboBox, QLabel


def words(find, name: str) -> str:
    label = find(QLabel, name)
    assert label.isVisible(), f"{name} is not visible"
    return label.text()


def choose(find, qtbot, name: str, text: str) -> None:
    box = find(QComboBox, name)
    index = box.findText(text)
    assert index >= 0, text
    box.setCurrentIndex(index)
    box.activated.emit(index)
