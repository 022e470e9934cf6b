"""Assembles the program: start-up, main window, preferences, help.

No decisions about samples or plans belong here.
"""

from stackgui.gui.app.plain_imports import import_plainly

import_plainly()  # before whatever else of the window is imported
