"""Pascal VOC: an XML file per picture with boxes, as LabelImg and many others write it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from stackgui.core.annotations.annotations import Annotations, Flag, Names
from stackgui.core.annotations.builder import AnnotationsBuilder, Box, Point
from stackgui.core.annotations.reading import VOC_TITLE, Reading, VocOrigin
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.numbers import box_corners, is_set, number, size_px, turned
from stackgui.imaging.annotations.text import class_name, without_suffix
from stackgui.imaging.annotations.xml_elements import XmlError, root_element, root_name

NAME = "voc"
MAX_BYTES = 4 * 2**20

_EDGES = ("xmin", "ymin", "xmax", "ymax")
_FLAGS = {"difficult": Flag.DIFFICULT, "truncated": Flag.TRUNCATED, "occluded": Flag.OCCLUDED}


def recognises(name: str, start: bytes) -> bool:
    """Return whether the outermost element is an annotation."""
    del name
    return root_name(start) == "annotation"


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of a picture each."""
    builder = AnnotationsBuilder(NAME, names=Names.BY_STEM)
    for file in files:
        try:
            root = root_element(bytes(file.data), MAX_BYTES)
        except XmlError as problem:
            builder.complain(problem.sentence, file.name)
            continue
        if root.tag == "annotation":
            _add_picture(builder, file.name, root, reading)
        else:
            builder.complain(say("The file holds something else than annotations."), file.name)
    return builder.annotations()


def _add_picture(builder: AnnotationsBuilder, name: str, root: Element, reading: Reading) -> None:
    height = size_px(root.findtext("size/height") or root.findtext("imagesize/nrows"))
    width = size_px(root.findtext("size/width") or root.findtext("imagesize/ncols"))
    picture = builder.picture(without_suffix(name), height, width)
    stem = without_suffix(name.rpartition("/")[2])
    inside = (root.findtext("filename") or "").strip().replace("\\", "/").rpartition("/")[2]
    if inside and stem not in {inside, without_suffix(inside)}:
        builder.complain(
            say("The file names another picture than the one that it is called like, which was taken."),
            name,
            picture=picture,
            is_lost=False,
        )
    objects = [each for each in root.iterfind("object") if not is_set(each.findtext("deleted"))]
    first_pixel = _first_pixel(builder, picture, name, objects, reading)
    for index, each in enumerate(objects, 1):
        where = f"{name} #{index}"
        if parts := len(each.findall("part")):
            builder.complain(
                say("Parts of objects, such as heads and hands, are not read."),
                where,
                picture=picture,
                count=parts,
            )
        _add_object(builder, picture, each, first_pixel, where)


def _first_pixel(
    builder: AnnotationsBuilder, picture: int, name: str, objects: Sequence[Element], reading: Reading
) -> int:
    """Return what the first pixel is called: 1 as in the original data, or 0 as other programs write it."""
    if reading.voc_origin is not VocOrigin.AUTO:
        return int(reading.voc_origin)
    least = ("bndbox/xmin", "bndbox/ymin")
    if not any(number(each.findtext(edge)) < 1 for each in objects for edge in least):
        return 1
    builder.complain(
        say("A coordinate is less than 1, so pixels of this file were counted from 0, not from 1."),
        name,
        picture=picture,
        is_lost=False,
    )
    return 0


def _add_object(
    builder: AnnotationsBuilder, picture: int, element: Element, first_pixel: int, where: str
) -> None:
    rings = [ring for each in element.iterfind("polygon") if (ring := _polygon(each))]
    rings += [_turned_box(each) for each in element.iterfind("robndbox")]
    found = element.find("bndbox")
    box = None if found is None else _box(builder, picture, found, first_pixel, where)
    name = class_name(element.findtext("name") or "")
    if not name:
        builder.complain(say("The object has no class."), where, picture=picture, is_lost=False)
    flags = Flag(0)
    for tag, flag in _FLAGS.items():
        if is_set(element.findtext(tag)):
            flags |= flag
    category = builder.category(name) if name else -1
    builder.add(picture, category, box, rings=rings, flags=flags, where=where)


def _box(builder: AnnotationsBuilder, picture: int, element: Element, first_pixel: int, where: str) -> Box:
    """Return a box whose first pixels are counted from `first_pixel`, and whose last belong to it."""
    xmin, ymin, xmax, ymax = (number(element.findtext(edge)) for edge in _EDGES)
    if xmin > xmax or ymin > ymax:
        xmin, xmax = sorted((xmin, xmax))
        ymin, ymax = sorted((ymin, ymax))
        builder.complain(
            say("The corners of the box are in the wrong order, and were exchanged."),
            where,
            picture=picture,
            is_lost=False,
        )
    return xmin - first_pixel, ymin - first_pixel, xmax, ymax


def _polygon(element: Element) -> list[Point]:
    """Return corners written as x1, y1, x2, y2 and so on, or as points."""
    if points := element.findall("pt"):
        return [(number(each.findtext("x")), number(each.findtext("y"))) for each in points]
    named = {each.tag: each.text for each in element}
    count = sum(tag.startswith("x") for tag in named)
    return [(number(named.get(f"x{i}")), number(named.get(f"y{i}"))) for i in range(1, count + 1)]


def _turned_box(element: Element) -> list[Point]:
    """Return the corners of a turned box, as roLabelImg writes it."""
    x, y, width, height, radians = (number(element.findtext(tag)) for tag in ("cx", "cy", "w", "h", "angle"))
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return turned(box_corners(box), (x, y), radians)


FORMAT = AnnotationFormat(
    name=NAME,
    title=VOC_TITLE,
    suffixes=(".xml",),
    recognises=recognises,
    read=read,
    has_one_picture=True,
)
