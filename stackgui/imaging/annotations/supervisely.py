"""Supervisely: a JSON in the folder ``ann`` for each picture in ``img``, and a ``meta.json`` for all."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.builder import MAX_SIDE_PX, AnnotationsBuilder, Box, Point
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.wording import say
from stackgui.imaging.annotations import run_lengths
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.flags import flags_named
from stackgui.imaging.annotations.json_reading import (
    NOT_AS_ASKED,
    Elements,
    Number,
    UnreadableError,
    decoded,
    place_in,
)
from stackgui.imaging.annotations.json_start import start_of_json
from stackgui.imaging.annotations.keypoint_names import KeypointNames
from stackgui.imaging.annotations.png_bitmap import bitmap_in, bytes_in
from stackgui.imaging.annotations.shapes import BAD_MASK, NO_SIZE, UNSUPPORTED, UnusableError, upright
from stackgui.imaging.annotations.text import class_name

NAME = "supervisely"
META = "meta.json"
BAD_META = say("The file with the classes of the project cannot be read; keypoints may lack their names.")

_MAX_PNG_BYTES = 2**28


class _Size(msgspec.Struct):
    height: Number
    width: Number


class _Tag(msgspec.Struct):
    name: str = ""
    value: str | Number | None = None


class _Points(msgspec.Struct):
    exterior: list[tuple[float, float]] = msgspec.field(default_factory=list)
    interior: list[list[tuple[float, float]]] = msgspec.field(default_factory=list)


class _Bitmap(msgspec.Struct):
    data: str
    origin: tuple[float, float]


class _Node(msgspec.Struct):
    loc: tuple[float, float]
    disabled: bool | None = None


class _Object(msgspec.Struct, rename={"title": "classTitle", "kind": "geometryType"}):
    title: str = ""
    kind: str = ""
    tags: list[_Tag] | None = None
    points: _Points | None = None
    bitmap: _Bitmap | None = None
    nodes: dict[str, _Node] | None = None


class _File(msgspec.Struct):
    size: _Size
    objects: list[msgspec.Raw]
    tags: list[_Tag] | None = None


class _Class(msgspec.Struct):
    title: str
    geometry_config: dict[str, Any] | None = None


class _Meta(msgspec.Struct):
    classes: list[_Class] = msgspec.field(default_factory=list)


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of a picture each."""
    del reading
    builder = AnnotationsBuilder(NAME)
    names = KeypointNames()
    nodes: dict[bytes, Mapping[str, str]] = {}
    for file in files:
        meta = file.companions.get(META, b"")
        if meta not in nodes:
            nodes[meta] = _node_names(builder, file.name, meta)
        try:
            content = decoded(file.data, _File)
        except UnreadableError as error:
            builder.complain(error.args[0], file.name)
        else:
            _Picture(builder, names, nodes[meta], file.name, content.size).add(content)
    builder.keypoint_names = names.names
    return builder.annotations()


def _node_names(builder: AnnotationsBuilder, file: str, meta: bytes) -> Mapping[str, str]:
    """Add the classes of a project, and return the names of the keypoints that it knows by other names."""
    if not meta:
        return {}
    try:
        classes = decoded(meta, _Meta).classes
    except UnreadableError:
        builder.complain(BAD_META, f"{file}: {META}", is_lost=False)
        return {}
    found: dict[str, str] = {}
    for each in classes:
        builder.category(class_name(each.title))
        nodes = (each.geometry_config or {}).get("nodes")
        for key, node in nodes.items() if isinstance(nodes, dict) else ():
            label = node.get("label") if isinstance(node, dict) else None
            found[key] = label if isinstance(label, str) else key
    return found


class _Picture:
    """What one file says."""

    def __init__(
        self,
        builder: AnnotationsBuilder,
        names: KeypointNames,
        nodes: Mapping[str, str],
        file: str,
        size: _Size,
    ) -> None:
        self._builder, self._names, self._nodes, self._file = builder, names, nodes, file
        is_size = 0 < size.height <= MAX_SIDE_PX and 0 < size.width <= MAX_SIDE_PX
        self._size = (int(size.height), int(size.width)) if is_size else (0, 0)
        self._index = builder.picture(_picture_name(file), *self._size)

    def add(self, content: _File) -> None:
        """Add everything to the builder."""
        for tag in content.tags or ():
            text = f"{tag.name}: {tag.value}" if isinstance(tag.value, str) and tag.value else tag.name
            self._builder.tag(self._index, self._builder.category(class_name(text)))
        elements = Elements(content.objects, _Object)
        for indices, values in elements.blocks():
            for index, each in zip(indices, values, strict=True):
                where = place_in(self._file, "objects", index)
                try:
                    self._add(where, each)
                except UnusableError as error:
                    self._builder.complain(
                        error.args[0], f"{where} {each.kind}".rstrip(), picture=self._index
                    )
        for fault in elements.faults:
            self._builder.complain(NOT_AS_ASKED, place_in(self._file, "objects", *fault), picture=self._index)

    def _add(self, where: str, each: _Object) -> None:
        points = each.points or _Points()
        box: Box | None = None
        rings: list[list[Point]] = []
        holes: list[list[Point]] = []
        keypoints: list[tuple[str, Point]] = []
        bitmap: tuple[bytes, int, int] = (b"", 0, 0)
        label = class_name(each.title)
        match each.kind:
            case "rectangle" if len(points.exterior) == 2:  # noqa: PLR2004 - opposite corners
                box = upright(points.exterior)
            case "polygon":
                rings, holes = [points.exterior], points.interior
            case "point" if points.exterior:
                keypoints = [(label, points.exterior[0])]
            case "graph" if each.nodes:
                keypoints = [
                    (self._nodes.get(key, key), node.loc)
                    for key, node in each.nodes.items()
                    if not node.disabled
                ]
            case "bitmap" | "alpha_mask" if each.bitmap:
                bitmap = (self._mask(each.bitmap), *self._size)
                box = run_lengths.bounds(bitmap[0], self._size[0])
            case _:
                raise UnusableError(UNSUPPORTED)
        self._builder.add(
            self._index,
            self._builder.category(label) if label else -1,
            box,
            rings=rings,
            holes=holes,
            keypoints=self._names.keypoints(keypoints),
            bitmap=bitmap,
            flags=flags_named(tag.name for tag in each.tags or ()),
            where=where,
        )

    def _mask(self, bitmap: _Bitmap) -> bytes:
        if not all(self._size):
            raise UnusableError(NO_SIZE)
        left, top = bitmap.origin
        try:
            part = bitmap_in(_unpacked(bytes_in(bitmap.data)))
            return run_lengths.placed(part, round(top), round(left), *self._size)
        except (ValueError, OverflowError) as error:
            raise UnusableError(BAD_MASK) from error


def _unpacked(data: bytes) -> bytes:
    """Return the PNG, which is compressed once more in most files."""
    try:
        return zlib.decompressobj().decompress(data, _MAX_PNG_BYTES)
    except zlib.error:
        return data


def _picture_name(file: str) -> str:
    """Return the name of the picture that a file such as ``dataset/ann/a.jpg.json`` is about."""
    *folders, name = file.split("/")
    if folders and folders[-1] == "ann":
        folders[-1] = "img"
    return "/".join((*folders, name.rpartition(".")[0]))


def recognises(name: str, start: bytes) -> bool:
    """Return whether it is a JSON object with the size of a picture and its objects."""
    del name
    found = start_of_json(start)
    if not isinstance(found, dict) or not isinstance(size := found.get("size"), dict):
        return False
    objects = found.get("objects", found.get("tags"))
    return {"height", "width"} <= size.keys() and isinstance(objects, list)


FORMAT = AnnotationFormat(
    name=NAME,
    title="Supervisely",
    suffixes=(".json",),
    companions=(META,),
    recognises=recognises,
    read=read,
    has_one_picture=True,
)
