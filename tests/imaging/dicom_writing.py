"""DICOM files, written with pydicom."""

import io
import warnings

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
    generate_uid,
)


def dicom(pixels: np.ndarray, *, bits=0, kind="", syntax=None, planar=False, packed=(), **changes) -> bytes:
    """A file of `pixels`, shape (h, w), (h, w, c) or (n, h, w, c), with elements that may contradict them.

    Where `packed` has the frames as `syntax` packs them, they are stored instead.
    """
    frames = pixels if pixels.ndim == 4 else pixels.reshape(1, *pixels.shape[:2], -1)
    count, height, width, channels = frames.shape
    syntax = syntax or ExplicitVRLittleEndian
    stored = frames.transpose(0, 3, 1, 2) if planar else frames
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    allocated = 8 * pixels.dtype.itemsize
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = (
        SecondaryCaptureImageStorage,
        generate_uid(entropy_srcs=["x"]),
    )
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = height, width, channels
    dataset.PhotometricInterpretation = kind or ("MONOCHROME2" if channels == 1 else "RGB")
    if channels > 1:
        dataset.PlanarConfiguration = int(planar)
    if count > 1:
        dataset.NumberOfFrames = count
    dataset.BitsAllocated, dataset.BitsStored = allocated, bits or allocated
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    data = stored.astype(pixels.dtype.newbyteorder(order)).tobytes()
    dataset.add_new("PixelData", "OB" if allocated == 8 else "OW", data + bytes(len(data) % 2))
    if packed:
        dataset["PixelData"].value, dataset["PixelData"].VR = encapsulate(list(packed)), "OB"
        dataset["PixelData"].is_undefined_length = True
    for name, value in changes.items():
        setattr(dataset, name, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()
