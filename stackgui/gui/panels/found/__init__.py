"""The second step: what a scan found, how it would fit, and what is doubtful.

Values of `core` and `gui.control.screen` only; never the engine.
"""
