"""DOTA: a text file per picture, and in each line the four corners of an object and its class."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.annotations.annotations import Annotations, Flag, Names
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.numbers import is_set, number
from stackgui.imaging.annotations.text import class_name, decoded, first_lines, is_number, without_suffix

NAME = "dota"

CORNERS = 8
COLUMNS = (CORNERS + 1, CORNERS + 2)
"""How many words a line has; the tenth is how difficult the object is."""
HEADER = ("imagesource:", "gsd:")
"""Beginnings of lines about the picture as a whole."""
FOLDER = "labeltxt"
"""How folders begin whose empty text files say that there is nothing in a picture."""


def recognises(name: str, start: bytes) -> bool:
    """Return whether the lines are corners with a class, or empty in a folder of DOTA's."""
    lines = first_lines(start)
    objects = [line for line in lines if not _is_header(line)]
    if not objects:
        is_there = any(folder.startswith(FOLDER) for folder in name.lower().split("/")[:-1])
        return bool(lines) or is_there
    return 2 * sum(_is_line(line.split()) for line in objects) > len(objects)


def _is_header(line: str) -> bool:
    return line.strip().lower().startswith(HEADER)


def _is_line(words: Sequence[str]) -> bool:
    is_named = len(words) in COLUMNS and not is_number(words[CORNERS])
    return is_named and all(map(is_number, (*words[:CORNERS], *words[CORNERS + 1 :])))


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of a picture each."""
    del reading
    builder = AnnotationsBuilder(NAME, names=Names.BY_STEM)
    for file in files:
        picture = builder.picture(without_suffix(file.name))
        for index, line in enumerate(decoded(bytes(file.data)).split("\n"), 1):
            words = line.split()
            if words and not _is_header(line):
                _add_line(builder, picture, words, f"{file.name}:{index}")
    return builder.annotations()


def _add_line(builder: AnnotationsBuilder, picture: int, words: Sequence[str], where: str) -> None:
    if len(words) not in COLUMNS:
        builder.complain(
            say("The line is not made of eight numbers, a class and how difficult it is."),
            where,
            picture=picture,
        )
        return
    numbers = [number(word) for word in words[:CORNERS]]
    ring = list(zip(numbers[::2], numbers[1::2], strict=True))
    flags = Flag.DIFFICULT if any(map(is_set, words[CORNERS + 1 :])) else Flag(0)
    builder.add(picture, builder.category(class_name(words[CORNERS])), rings=[ring], flags=flags, where=where)


FORMAT = AnnotationFormat(
    name=NAME,
    title="DOTA",
    suffixes=(".txt",),
    recognises=recognises,
    read=read,
    has_one_picture=True,
)
