"""Recognises files that are no samples by their names."""

from __future__ import annotations

from stackgui.core.base.skip_kinds import HIDDEN_FILES, HIDDEN_FOLDERS, SYSTEM_FILES

SYSTEM_NAMES = frozenset({b".DS_Store", b"Thumbs.db", b"ehthumbs.db", b"desktop.ini", b"__MACOSX", b"@eaDir"})
"""Names that operating systems and network storage leave in folders of pictures."""


def skip_by_name(name: bytes, *, is_folder: bool) -> str:
    """Return the kind of skipped file that `name` belongs to, or ``""``."""
    if name in SYSTEM_NAMES:
        return SYSTEM_FILES
    if name.startswith(b"."):
        return HIDDEN_FOLDERS if is_folder else HIDDEN_FILES
    return ""
