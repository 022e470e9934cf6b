"""The last step: convert, watch the progress, verify, resume.

Values of `core` and `gui.control.screen` only; never the engine.
"""
