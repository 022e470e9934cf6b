"""Decoders of picture formats, one file per family.

Packages `tensors` and `dicom` hold the decoders of arrays of numbers and of DICOM.
"""
