"""The last step: convert, watch, check, go on.

Values of `core` and `gui.control.screen` only; never the engine.
"""
