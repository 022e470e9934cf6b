"""Imports that wait until something is needed, one thread at a time."""

from __future__ import annotations

import threading

FIRST_USE = threading.RLock()
"""Held while modules are imported on first use.

A package that imports its own modules, as `stackgui.imaging` does, and one of these modules wait for each
other if two threads import them at the same time. Python then gives one thread a module that is half there.
"""
