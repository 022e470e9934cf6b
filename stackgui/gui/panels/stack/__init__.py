"""The window of a stack: its rows as a grid, and one of them as large as there is room.

Values of `core` only; never the engine.
"""
