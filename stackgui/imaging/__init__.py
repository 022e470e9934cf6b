"""Bytes to pixels. The only place that knows a decoder."""

from stackgui.imaging.channels import can_convert, convert_channels
from stackgui.imaging.data import Data, Mapped, Part
from stackgui.imaging.doubts import take as take_doubts
from stackgui.imaging.errors import ArrayNotChosen, MoreBytesNeeded, NotAPicture
from stackgui.imaging.families import EXTRAS, PREFIX_BYTES, decode, decoder_versions, probe, readable
from stackgui.imaging.folder import FOLDER_FORMAT, Folder, is_store
from stackgui.imaging.limits import TooLarge, allow_px, most_px
from stackgui.imaging.numbers import convert_numbers, refuse_non_finite, settle_non_finite
from stackgui.imaging.resize import RESAMPLES, Readable, resize, resize_parts
from stackgui.imaging.sniff import PICTURE_SUFFIXES
from stackgui.imaging.tensor import SEALED

__all__ = [
    "EXTRAS",
    "FOLDER_FORMAT",
    "PICTURE_SUFFIXES",
    "PREFIX_BYTES",
    "RESAMPLES",
    "SEALED",
    "ArrayNotChosen",
    "Data",
    "Folder",
    "Mapped",
    "MoreBytesNeeded",
    "NotAPicture",
    "Part",
    "Readable",
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
    "settle_non_finite",
    "take_doubts",
]
