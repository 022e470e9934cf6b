"""Names of files: their order, and which of them say that a file is no sample."""

from __future__ import annotations

import re
from typing import Any

from natsort import natsort_keygen

HIDDEN_FILES = "hidden files"
HIDDEN_FOLDERS = "hidden folders"
SYSTEM_FILES = "system files"

SYSTEM_NAMES = frozenset({b".DS_Store", b"Thumbs.db", b"ehthumbs.db", b"desktop.ini", b"__MACOSX", b"@eaDir"})
"""What operating systems and storage boxes leave in folders of pictures."""

_natural_order = natsort_keygen()
_digits = re.compile("([0-9]+)").split


def natural_key(name: str) -> tuple[Any, ...]:
    """What natsort makes of `name` by default, which takes five times as long where there are no accents."""
    if not name.isascii():
        return tuple(_natural_order(name))
    parts: list[str | int] = _digits(name)
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts if parts[-1] else parts[:-1])


def skip_by_name(name: bytes, *, is_folder: bool) -> str:
    """The kind under which what is called `name` is left aside, or ``""``."""
    if name in SYSTEM_NAMES:
        return SYSTEM_FILES
    if name.startswith(b"."):
        return HIDDEN_FOLDERS if is_folder else HIDDEN_FILES
    return ""
