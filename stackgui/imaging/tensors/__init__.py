"""Readers of array formats, one file per family.

What an axis means is decided in `core.catalog.axes`.
"""
