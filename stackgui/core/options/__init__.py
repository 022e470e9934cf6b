"""The choices that a person makes about a stack, with presets and undo history.

Code that works out what a choice does to samples belongs in `plan`.
"""
