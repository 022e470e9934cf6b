"""The second step: what was found, how it would fit, and what is doubtful.

Values of `core` and `gui.control.screen` only; never the engine.
"""
