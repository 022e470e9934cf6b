"""The fourth step: the memory and disk that the plan needs, and how to need less.

Values of `core` and `gui.control.screen` only; never the engine.
"""
