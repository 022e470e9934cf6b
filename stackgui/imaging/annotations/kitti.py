"""KITTI: a text file per picture, and in each line the class of an object and fourteen numbers or more."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.annotations.annotations import Annotations, Flag, Names
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.numbers import number
from stackgui.imaging.annotations.text import class_name, decoded, first_lines, is_number, without_suffix

NAME = "kitti"

COLUMNS = (15, 16)
"""How many words a line has; the sixteenth is the confidence of a prediction."""
IGNORED = "DontCare"
"""What regions are called whose objects nobody has marked."""
OCCLUDED = (1, 2)
FOLDERS = ("label_2", "label_3")
"""Folders whose empty text files say that there is nothing in a picture."""


def recognises(name: str, start: bytes) -> bool:
    """Return whether the lines are as KITTI's, or empty in a folder of its labels."""
    lines = first_lines(start)
    if not lines:
        return any(folder in name.split("/")[:-1] for folder in FOLDERS)
    return 2 * sum(_is_line(line.split()) for line in lines) > len(lines)


def _is_line(words: Sequence[str]) -> bool:
    return len(words) in COLUMNS and not is_number(words[0]) and all(map(is_number, words[1:]))


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of a picture each."""
    del reading
    builder = AnnotationsBuilder(NAME, names=Names.BY_STEM)
    for file in files:
        picture = builder.picture(without_suffix(file.name))
        for index, line in enumerate(decoded(bytes(file.data)).split("\n"), 1):
            if words := line.split():
                _add_line(builder, picture, words, f"{file.name}:{index}")
    return builder.annotations()


def _add_line(builder: AnnotationsBuilder, picture: int, words: Sequence[str], where: str) -> None:
    if len(words) not in COLUMNS:
        builder.complain(
            say("The line has another number of columns than KITTI's, which have 15."), where, picture=picture
        )
        return
    truncated, occluded, _, left, top, right, bottom = map(number, words[1:8])
    is_ignored = words[0] == IGNORED
    flags = Flag.IGNORE if is_ignored else Flag(0)
    if truncated > 0:
        flags |= Flag.TRUNCATED
    if occluded in OCCLUDED:
        flags |= Flag.OCCLUDED
    category = -1 if is_ignored else builder.category(class_name(words[0]))
    builder.add(picture, category, (left, top, right, bottom), flags=flags, where=where)


FORMAT = AnnotationFormat(
    name=NAME,
    title="KITTI",
    suffixes=(".txt",),
    recognises=recognises,
    read=read,
    has_one_picture=True,
)
