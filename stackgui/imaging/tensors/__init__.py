"""Decoders for array formats, one module per format.

`core.catalog.axes` decides what the axes of an array mean.
"""
