"""The third step: options, size, labels, splits, presets.

Values of `core` and `gui.control.screen` only; never the engine.
"""
