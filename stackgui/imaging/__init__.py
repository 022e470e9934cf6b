"""Bytes to pixels. The only place that knows a decoder."""

from stackgui.imaging.base.data import Data, Mapped, Part, Readable
from stackgui.imaging.base.declaration import Library
from stackgui.imaging.base.doubts import take as take_doubts
from stackgui.imaging.base.errors import ArrayNotChosen, MoreBytesNeeded, NotAPicture
from stackgui.imaging.base.folder import FOLDER_FORMAT, MARKS_OF_STORES, Folder, is_store
from stackgui.imaging.base.limits import TooLarge, allow_px, most_px
from stackgui.imaging.pictures.salvage import Salvaged, salvage
from stackgui.imaging.pixels.channels import can_convert, convert_channels
from stackgui.imaging.pixels.numbers import convert_numbers, refuse_non_finite, settle_non_finite
from stackgui.imaging.pixels.orientation import upright
from stackgui.imaging.pixels.resize import RESAMPLES, resize, resize_parts, resizer_versions, scaling_bytes
from stackgui.imaging.pixels.sketch import SIDE_PX as SKETCH_PX
from stackgui.imaging.pixels.sketch import sketch_of
from stackgui.imaging.registry.declared import FORMATS, LIBRARIES, PICTURE_SUFFIXES
from stackgui.imaging.registry.registry import (
    PREFIX_BYTES,
    Decode,
    Straight,
    decode,
    decoder_versions,
    probe,
    readable,
)

__all__ = [
    "FOLDER_FORMAT",
    "FORMATS",
    "LIBRARIES",
    "MARKS_OF_STORES",
    "PICTURE_SUFFIXES",
    "PREFIX_BYTES",
    "RESAMPLES",
    "SKETCH_PX",
    "ArrayNotChosen",
    "Data",
    "Decode",
    "Folder",
    "Library",
    "Mapped",
    "MoreBytesNeeded",
    "NotAPicture",
    "Part",
    "Readable",
    "Salvaged",
    "Straight",
    "TooLarge",
    "allow_px",
    "can_convert",
    "convert_channels",
    "convert_numbers",
    "decode",
    "decoder_versions",
    "is_store",
    "most_px",
    "probe",
    "readable",
    "refuse_non_finite",
    "resize",
    "resize_parts",
    "resizer_versions",
    "salvage",
    "scaling_bytes",
    "settle_non_finite",
    "sketch_of",
    "take_doubts",
    "upright",
]
