"""Writes files as PyTorch does, so that tests need none of it."""

import io
import pickle
import zipfile
from collections import OrderedDict

import numpy as np

STORAGES = {
    "?": "BoolStorage", "u1": "ByteStorage", "i1": "CharStorage", "i2": "ShortStorage", "i4": "IntStorage",
    "i8": "LongStorage", "f2": "HalfStorage", "f4": "FloatStorage", "f8": "DoubleStorage",
}  # fmt: skip


class _Global:
    """What is pickled as a mere reference to ``module.name``."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class _Tensor:
    def __init__(self, array: np.ndarray, key: str) -> None:
        self.array, self.key = array, key


class _Persistent:
    def __init__(self, values: tuple) -> None:
        self.values = values


class _Pickler(pickle._Pickler):  # the one in Python, whose instructions can be added to
    def persistent_id(self, value):
        return value.values if isinstance(value, _Persistent) else None

    def save(self, obj, save_persistent_id=True):  # noqa: FBT002
        if isinstance(obj, _Global):
            self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
            return
        if isinstance(obj, _Tensor):
            self._save_tensor(obj)
            return
        super().save(obj, save_persistent_id)

    def _save_tensor(self, tensor: _Tensor) -> None:
        array = tensor.array
        kind = np.dtype(array.dtype).str.lstrip("<>=|").replace("b1", "?")
        storage = _Persistent(("storage", _Global("torch", STORAGES[kind]), tensor.key, "cpu", array.size))
        strides = tuple(stride // array.itemsize for stride in array.strides)
        self.save(_Global("torch._utils", "_rebuild_tensor_v2"))
        self.save((storage, 0, array.shape, strides, False, OrderedDict()))
        self.write(pickle.REDUCE)


def torch_file(value: np.ndarray | dict, *, compress: bool = False) -> bytes:
    """The bytes of a file that holds an array, or a dictionary with arrays among its values."""
    arrays: dict[str, np.ndarray] = {}

    def tensor(each):
        if not isinstance(each, np.ndarray):
            return each
        key = str(len(arrays))
        arrays[key] = each
        return _Tensor(each, key)

    made = {name: tensor(each) for name, each in value.items()} if isinstance(value, dict) else tensor(value)
    description = io.BytesIO()
    _Pickler(description, protocol=2).dump(made)
    stream = io.BytesIO()
    packing = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", packing) as archive:
        archive.writestr("archive/data.pkl", description.getvalue())
        archive.writestr("archive/byteorder", "little")
        for key, array in arrays.items():
            # The memory as it lies, whatever the order of its axes.
            archive.writestr(f"archive/data/{key}", array.tobytes(order="A"))
        archive.writestr("archive/version", "3\n")
    return stream.getvalue()
