"""PySide reads the source of no module that is imported after it."""

import builtins
import subprocess
import sys

from stackgui.gui.app.plain_imports import import_plainly

SAYS_WHAT_READS_SOURCES = """
import inspect
read = []
source_of = inspect.getsource
inspect.getsource = lambda it: read.append(it.__name__) or source_of(it)
import stackgui.gui.app
read.clear()
import stackgui.gui.app.main_window
import stackgui.gui.widgets.size_canvas
print(len(read))
"""


def test_no_source_is_read_while_the_window_is_imported():
    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHAT_READS_SOURCES], check=True, capture_output=True, text=True
    )
    assert done.stdout == "0\n"


def test_an_import_that_somebody_else_has_replaced_is_left_alone(monkeypatch):
    def of_others(*given, **named):
        return plain(*given, **named)

    plain = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", of_others)
    import_plainly()
    assert builtins.__import__ is of_others
