"""Saving of small files, such as lists and plan files."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSaveFile

from stackgui.core.base.cancellation import UNWATCHED, Cancellation


def save_lines(file: str, lines: Iterable[bytes], cancellation: Cancellation = UNWATCHED) -> bool:
    """Replace `file` and return whether that succeeded; on failure or cancellation the old file stays."""
    target = QSaveFile(file)
    if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
        return False
    for part in lines:
        cancellation.check()
        if target.write(part) < 0:
            return False
    return target.commit()
