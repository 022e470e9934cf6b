"""The first step: pick sources and say how they are read.

Values of `core` and `gui.control.screen` only; never the engine.
"""
