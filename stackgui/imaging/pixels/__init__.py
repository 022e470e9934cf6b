"""Arithmetic on decoded pixels: channels, numbers, colour profiles, orientation, resizing.

No file format.
"""
