"""The fourth step: what the plan takes, and how it takes less.

Values of `core` and `gui.control.screen` only; never the engine.
"""
