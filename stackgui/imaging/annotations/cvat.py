"""CVAT's XML: all pictures of a task in one file, or the tracks of a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from stackgui.core.annotations.annotations import Annotations, Flag
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.complaints import NO_NAME, is_file_name
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.cvat_shapes import SHAPES, Shape, ShapeError
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.numbers import is_set, number, size_px
from stackgui.imaging.annotations.text import class_name
from stackgui.imaging.annotations.xml_elements import XmlError, child_elements, root_name

NAME = "cvat"

NO_SHAPES = ("attribute", "tag")
"""Elements of a picture that are not in a place of it."""
NO_FLAG = Flag(0)
MAX_FRAME = 100_000_000


def recognises(name: str, start: bytes) -> bool:
    """Return whether the outermost element is called annotations, and something of CVAT is in it."""
    del name
    if root_name(start) != "annotations":
        return False
    text = start.replace(b"\0", b"")  # whatever the encoding
    return any(tag in text for tag in (b"<image", b"<track", b"<meta", b"<version"))


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of many pictures each."""
    del reading
    builder = AnnotationsBuilder(NAME)
    for file in files:
        task = _Task(file.name, builder)
        try:
            for element in child_elements(bytes(file.data)):
                if element.tag == "meta":
                    task.add_labels(element)
                elif element.tag == "image":
                    task.add_image(element)
                elif element.tag == "track":
                    task.add_track(element)
        except XmlError as problem:
            builder.complain(problem.sentence, file.name)
        task.add_frames()
    return builder.annotations()


@dataclass(eq=False, slots=True)
class _Task:
    """What is known of a file while it is read."""

    file: str
    builder: AnnotationsBuilder
    skeletons: dict[str, list[str]] = field(default_factory=dict)
    """For each class of skeletons the names of its keypoints."""
    frames: list[tuple[int, float, str, Element]] = field(default_factory=list)
    """Number of the frame, height above the others, class and shape of what tracks say."""
    frame_size: tuple[int, int] = (0, 0)
    """Height and width of the video."""

    def add_labels(self, meta: Element) -> None:
        """Take the classes in the order in which they are declared."""
        for label in meta.iter("label"):
            name, parent = (class_name(label.findtext(tag) or "") for tag in ("name", "parent"))
            if not name:
                continue
            if parent:
                self.skeletons.setdefault(parent, []).append(name)
            else:
                self.builder.category(name)
        if len(self.skeletons) == 1:
            self.builder.keypoint_names = tuple(*self.skeletons.values())
        for size in meta.iter("original_size"):
            self.frame_size = size_px(size.findtext("height")), size_px(size.findtext("width"))

    def add_image(self, image: Element) -> None:
        """Add a picture with its shapes, the lowest first, and its classes as a whole."""
        name = image.get("name", "").replace("\\", "/")
        where = f"{self.file}: {name or image.get('id')}"
        if not is_file_name(name):
            self.builder.complain(NO_NAME, where)
            return
        height, width = size_px(image.get("height")), size_px(image.get("width"))
        picture = self.builder.picture(name, height, width)
        for tag in image.iterfind("tag"):
            if label := class_name(tag.get("label", "")):
                self.builder.tag(picture, self.builder.category(label))
        shapes = [each for each in image if each.tag not in NO_SHAPES]
        shapes.sort(key=_height_above)
        for each in shapes:
            self._add_shape(picture, each, each.get("label", ""), (height, width), where)

    def add_track(self, track: Element) -> None:
        """Remember where an object is in each frame of a video."""
        for each in track:
            frame = number(each.get("frame"))
            if not 0 <= frame <= MAX_FRAME:
                self.builder.complain(
                    say("A shape is in no frame of its video."), f"{self.file}: {track.get('id')}"
                )
            elif not _is_outside(each):
                self.frames.append((int(frame), _height_above(each), track.get("label", ""), each))

    def add_frames(self) -> None:
        """Add the frames that tracks have named, in their order."""
        if not self.frames:
            return
        self.builder.complain(
            say("The file describes a video, whose frames are looked for as frame_000000.PNG and so on."),
            self.file,
            is_lost=False,
        )
        pictures: dict[int, int] = {}
        for frame, _, label, element in sorted(self.frames, key=lambda each: each[:2]):
            name = f"frame_{frame:06}.PNG"
            if frame not in pictures:
                pictures[frame] = self.builder.picture(name, *self.frame_size)
            self._add_shape(pictures[frame], element, label, self.frame_size, f"{self.file}: {name}")

    def _add_shape(
        self, picture: int, element: Element, label: str, size: tuple[int, int], where: str
    ) -> None:
        name, is_hidden = class_name(label), is_set(element.get("occluded"))
        make = SHAPES.get(element.tag)
        if make is None:
            self.builder.complain(
                say("Lines, cuboids and other shapes without an outline are not read."),
                where,
                picture=picture,
            )
            return
        try:
            shape: Shape = make(element, size, self.skeletons.get(name, []))
        except ShapeError as problem:
            self.builder.complain(problem.sentence, where, picture=picture)
            return
        if not name:
            self.builder.complain(say("The object has no class."), where, picture=picture, is_lost=False)
        self.builder.add(
            picture,
            self.builder.category(name) if name else -1,
            shape.box,
            rings=shape.rings,
            keypoints=shape.keypoints,
            bitmap=shape.bitmap,
            flags=Flag.OCCLUDED if is_hidden else NO_FLAG,
            where=where,
        )


def _is_outside(element: Element) -> bool:
    """Return whether an object has left the video; a skeleton has when all its points have."""
    parts = element.findall("points")
    return all(map(_is_outside, parts)) if parts else is_set(element.get("outside"))


def _height_above(element: Element) -> float:
    height = number(element.get("z_order", "0"))
    return height if abs(height) < MAX_FRAME else 0


FORMAT = AnnotationFormat(
    name=NAME,
    title="CVAT",
    suffixes=(".xml",),
    recognises=recognises,
    read=read,
)
