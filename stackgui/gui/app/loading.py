"""Loading what the empty window does not need, piece by piece, in the thread of the window.

Only that thread may make classes of Qt's objects. While Qt paints and lays out, it asks PySide for their
classes without holding Python's lock, and before Python 3.12 PySide looks these up in a table that moves as
it grows. Where another thread makes a class at that moment, none is found, and the program crashes.
Importing pyqtgraph makes some 600 of them.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator

from PySide6 import QtCore, QtGui, QtWidgets

LOADED_LATER = "stackgui.gui.widgets.size_canvas"
"""Imports pyqtgraph, which asks for every class of Qt."""

PIECE_S = 0.005
"""So long the window may not answer, some twenty times."""


def load_in_pieces() -> Iterator[None]:
    """Make Qt's classes, then import `LOADED_LATER`; between two steps, the window can do other things."""
    begun = time.perf_counter()
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)  # PySide makes a class when somebody first asks for it
            if time.perf_counter() - begun > PIECE_S:
                yield
                begun = time.perf_counter()
    yield
    importlib.import_module(LOADED_LATER)
    yield
