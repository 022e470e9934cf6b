"""Writes arrays into every kind of file of tensors."""

import io
import json

import h5py
import numpy as np

from tests.imaging.torch_writing import torch_file

SAFE_NAMES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32",
    "int32": "I32", "uint64": "U64", "int64": "I64", "float16": "F16", "float32": "F32", "float64": "F64",
}  # fmt: skip


def npy(array: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def npz(arrays: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def packed_npz(arrays: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def safetensors(arrays: dict[str, np.ndarray], names: dict[str, str] = SAFE_NAMES) -> bytes:
    header, data = {"__metadata__": {"made": "here"}}, b""
    for name, array in arrays.items():
        end = len(data) + array.nbytes
        offsets = [len(data), end]
        header[name] = {"dtype": names[array.dtype.name], "shape": array.shape, "data_offsets": offsets}
        data += array.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def hdf5(arrays: dict[str, np.ndarray], **options: object) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, **options)
    return stream.getvalue()


def packed_hdf5(arrays: dict[str, np.ndarray]) -> bytes:
    return hdf5(arrays, chunks=True, compression="gzip", shuffle=True, fletcher32=True)


def npy_of(arrays: dict[str, np.ndarray]) -> bytes:
    (array,) = arrays.values()
    return npy(array)


def torch_of(arrays: dict[str, np.ndarray]) -> bytes:
    (array,) = arrays.values()
    return torch_file(array)


NAMELESS = {npy_of: "npy", torch_of: "torch"}
NAMED = {
    npz: "npz",
    packed_npz: "npz",
    safetensors: "safetensors",
    torch_file: "torch",
    hdf5: "hdf5",
    packed_hdf5: "hdf5",
}
"""How files are written that name their arrays, or hold one only; and what their format is called."""
