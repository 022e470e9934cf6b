"""Names of files that say that a file is no sample."""

from __future__ import annotations

from stackgui.core.base.skip_kinds import HIDDEN_FILES, HIDDEN_FOLDERS, SYSTEM_FILES

SYSTEM_NAMES = frozenset({b".DS_Store", b"Thumbs.db", b"ehthumbs.db", b"desktop.ini", b"__MACOSX", b"@eaDir"})
"""What operating systems and storage boxes leave in folders of pictures."""


def skip_by_name(name: bytes, *, is_folder: bool) -> str:
    """The kind under which what is called `name` is left aside, or ``""``."""
    if name in SYSTEM_NAMES:
        return SYSTEM_FILES
    if name.startswith(b"."):
        return HIDDEN_FOLDERS if is_folder else HIDDEN_FILES
    return ""
