"""DICOM: its layout, its packed pixels, its numbers.

Nothing else needs pydicom.
"""
