"""The columns of exports to Parquet: their types, and their meanings for Hugging Face's ``datasets``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackgui.core.base.text import legible
from stackgui.stores.export import pictures

if TYPE_CHECKING:
    import pyarrow as pa

    from stackgui.stores.stack.reader import Stack

_BOX = 4


def column_types(stack: Stack) -> dict[str, pa.DataType]:
    """Return the type of each column."""
    import pyarrow as pa  # noqa: PLC0415 - an extra that takes time to load

    file = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    found = {"image": file}
    if stack.masks is not None:
        found["mask"] = file
    if stack.labels is not None:
        found["label"] = pa.list_(pa.int64()) if stack.labels.ndim > 1 else pa.int64()
    if stack.targets is not None:
        found["targets"] = pa.struct({legible(name): pa.float32() for name in stack.target_names})
    if stack.column_names:
        found["columns"] = pa.struct({legible(name): pa.string() for name in stack.column_names})
    if (objects := stack.objects) is not None:
        rings = pa.list_(pa.list_(pa.list_(pa.float32())))
        of_objects = {
            "bbox": pa.list_(pa.list_(pa.float32(), _BOX)),
            "category": pa.list_(pa.int64()),
            "area": pa.list_(pa.float32()),
            "iscrowd": pa.list_(pa.bool_()),
            "flags": pa.list_(pa.int64()),
            "polygons": rings,
            "holes": pa.list_(pa.list_(pa.bool_())),
        }
        if objects.keypoints.shape[1]:
            of_objects["keypoints"] = rings
        found |= {"objects": pa.struct(of_objects), "transform": pa.list_(pa.float64(), _BOX)}
    return found | {"row": pa.int64(), "file": pa.string(), "placement": pa.list_(pa.int32(), _BOX)}


def features(stack: Stack) -> dict[str, Any]:
    """Return what each column means, in the words of ``datasets``."""
    found: dict[str, Any] = {"image": _file(is_picture=pictures.is_8_bit_or_grey(stack))}
    if stack.masks is not None:
        found["mask"] = _file(is_picture=stack.masks.arrays[0].dtype.name in {"uint8", "uint16"})
    if stack.labels is not None:
        label = _classes(stack.classes)
        found["label"] = _list(label) if stack.labels.ndim > 1 else label
    if stack.targets is not None:
        found["targets"] = {legible(name): _value("float32") for name in stack.target_names}
    if stack.column_names:
        found["columns"] = {legible(name): _value("string") for name in stack.column_names}
    if (objects := stack.objects) is not None:
        rings = _list(_list(_list(_value("float32"))))
        found["objects"] = {
            "bbox": _list(_list(_value("float32"), _BOX)),
            "category": _list(_classes(objects.classes)),
            "area": _list(_value("float32")),
            "iscrowd": _list(_value("bool")),
            "flags": _list(_value("int64")),
            "polygons": rings,
            "holes": _list(_list(_value("bool"))),
            **({"keypoints": rings} if objects.keypoints.shape[1] else {}),
        }
        found["transform"] = _list(_value("float64"), _BOX)
    more = {"row": _value("int64"), "file": _value("string"), "placement": _list(_value("int32"), _BOX)}
    return found | more


def _value(dtype: str) -> dict[str, Any]:
    return {"dtype": dtype, "_type": "Value"}


def _list(feature: dict[str, Any], length: int = -1) -> dict[str, Any]:
    # Newer releases of the library say "List", but all of them read this.
    return {"feature": feature, "length": length, "_type": "Sequence"}


def _classes(names: list[str]) -> dict[str, Any]:
    return {"names": [legible(name) for name in names], "_type": "ClassLabel"}


def _file(*, is_picture: bool) -> dict[str, Any]:
    return {"_type": "Image"} if is_picture else {"bytes": _value("binary"), "path": _value("string")}
