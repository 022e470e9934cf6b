"""The choices that a person makes about a stack, and presets.

Code that works out what a choice does to samples belongs in `plan`.
"""
