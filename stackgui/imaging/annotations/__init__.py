"""Readers of annotation files: bytes to tables of boxes, polygons, keypoints and masks.

Pixels are not read here, and which picture belongs to which sample is decided elsewhere.
"""
