"""Takes back Python's own way of importing, which PySide replaces.

PySide looks whether a module asks for one of its features (``from __feature__ import snake_case``). For that
it reads the source of every module that is imported after it, and runs Python for each statement that
imports. Nothing here asks for a feature, and some five hundred modules come after Qt.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - it replaces the import


def import_plainly() -> None:
    """Import everything from now on as if there were no PySide; nothing happens if PySide does not do so."""
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None and builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = plain
