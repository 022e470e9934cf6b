"""DICOM: pixel layout, compressed frames and conversion to pixels.

The only code that needs pydicom.
"""
