"""Small files that the window saves beside the work."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSaveFile


def save_lines(file: str, lines: Iterable[bytes]) -> bool:
    """Write `file` anew; true if it is done, and as before otherwise."""
    target = QSaveFile(file)
    if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
        return False
    target.write(b"".join(lines))
    return target.commit()
