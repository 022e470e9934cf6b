"""Arithmetic on decoded pixels: channels, dtypes, colour profiles, orientation and resizing.

Independent of file formats.
"""
