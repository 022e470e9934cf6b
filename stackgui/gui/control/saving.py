"""Small files that the window saves beside the work."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSaveFile

from stackgui.core.base.cancellation import UNWATCHED, Cancellation


def save_lines(file: str, lines: Iterable[bytes], cancellation: Cancellation = UNWATCHED) -> bool:
    """Write `file` anew; true if it is done, and as before otherwise, also where `cancellation` raises."""
    target = QSaveFile(file)
    if not target.open(QSaveFile.OpenModeFlag.WriteOnly):
        return False
    for part in lines:
        cancellation.check()
        if target.write(part) < 0:
            return False
    return target.commit()
