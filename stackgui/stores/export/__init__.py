"""Export finished stacks for other programs: each exporter is one file, and all share one interface.

Nothing here writes, changes or repairs a stack.
"""

from __future__ import annotations

from stackgui.stores.export.coco import COCO
from stackgui.stores.export.exporter import Exporter, missing_packages
from stackgui.stores.export.hdf5 import HDF5
from stackgui.stores.export.npz import NPZ
from stackgui.stores.export.parquet import PARQUET
from stackgui.stores.export.raw import RAW
from stackgui.stores.export.safetensors import SAFETENSORS
from stackgui.stores.export.tiff import TIFF
from stackgui.stores.export.webdataset import WEBDATASET
from stackgui.stores.export.yolo import YOLO
from stackgui.stores.export.zarr_group import ZARR

__all__ = ["EXPORTERS", "Exporter", "missing_packages"]

EXPORTERS: dict[str, Exporter] = {
    exporter.name: exporter
    for exporter in (ZARR, HDF5, WEBDATASET, PARQUET, COCO, YOLO, TIFF, NPZ, SAFETENSORS, RAW)
}
"""Every exporter, by the name that one types. To add one, write a file beside this one and list it here.

Every start of the terminal imports this, so import what is heavy inside the exporter's methods.
"""
