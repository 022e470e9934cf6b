"""Annotations: what annotation files say about pictures, as tables without one Python object per box.

No file formats, which are in `stackgui.imaging.annotations`, and no catalogs or rows: those come later.
"""
