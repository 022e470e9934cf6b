"""Decoders of picture formats, one file per family.

Arrays of numbers are read in `tensors`, DICOM in `dicom`.
"""
