"""The first step: choose sources and how they are read.

Values of `core` and `gui.control.screen` only; never the engine.
"""
