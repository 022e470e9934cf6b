"""YOLO: a text file per picture, and in each line a class and a box, a polygon, or a box with keypoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stackgui.core.annotations.annotations import MAX_EXAMPLES, Annotations, Names, Objects, Units
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.reading import Reading
from stackgui.core.annotations.yaml_names import MAX_CLASS
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.class_names import COMPANIONS, ClassNames, class_names
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.number_lines import NumberLines, number_lines
from stackgui.imaging.annotations.text import first_lines, without_suffix
from stackgui.imaging.annotations.yolo_rows import BOX, TOLERANCE, yolo_objects

NAME = "yolo"

MAX_VISIBILITY = 2

FOLDERS = ("labels", "obj_train_data", "obj_valid_data", "obj_test_data")
"""Folders whose empty text files say that there is nothing in a picture."""


def recognises(name: str, start: bytes) -> bool:
    """Return whether the lines are class numbers with coordinates, or empty in a folder of labels."""
    lines = first_lines(start)
    if not lines:
        return any(folder in name.lower().split("/")[:-1] for folder in FOLDERS)
    return 2 * sum(map(_is_line, lines)) > len(lines)


def _is_line(line: str) -> bool:
    try:
        number, *shares = map(float, line.split())
    except ValueError:
        return False
    # Some of the further numbers may say how well a keypoint can be seen: 0, 1 or 2.
    return (
        len(shares) >= BOX - 1
        and 0 <= number < MAX_CLASS
        and number.is_integer()
        and min(shares) >= -TOLERANCE
        and max(shares) <= MAX_VISIBILITY
        and max(shares[: BOX - 1]) <= 1 + TOLERANCE
    )


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of a picture each."""
    del reading  # Eight numbers are four corners, whether of a polygon or of an oriented box.
    builder = AnnotationsBuilder(NAME, units=Units.SHARES, names=Names.BY_STEM)
    groups: dict[Mapping[str, bytes] | tuple[tuple[str, bytes], ...], list[int]] = {}
    for index, file in enumerate(files):
        builder.picture(without_suffix(file.name))
        groups.setdefault(tuple(file.companions.items()), []).append(index)
    parts = [
        part
        for companions, members in groups.items()
        for part in _Group(files, members, builder, class_names(dict(companions))).objects()
    ]
    return replace(builder.annotations(), objects=Objects.concatenate(parts))


@dataclass(frozen=True, eq=False, slots=True)
class _Group:
    """Files that have the same class names."""

    files: Sequence[AnnotationFile]
    members: list[int]
    builder: AnnotationsBuilder
    names: ClassNames

    def objects(self) -> list[Objects]:
        """Return the objects of the files, with indices of pictures and classes of the builder."""
        for unreadable in self.names.unreadable:
            self.builder.complain(
                say(
                    "The file with the names of the classes cannot be read. Classes may be called by numbers."
                ),
                f"{self.files[self.members[0]].name}: {unreadable}",
                is_lost=False,
            )
        self.builder.keypoint_names = self.builder.keypoint_names or self.names.keypoint_names
        for name in self.names.names.values():
            self.builder.category(name)
        parts, others = number_lines([bytes(self.files[index].data) for index in self.members])
        if others:
            examples = [self._example(file, line) for file, line in others[:MAX_EXAMPLES]]
            pictures = [self.members[file] for file, _line in others]
            what = say("The line is not made of numbers.")
            self._complain(what, examples, pictures, len(others), is_lost=True)
        return [self._named(yolo_objects(part, self.names.keypoint_shape, self._lines)) for part in parts]

    def _named(self, objects: Objects) -> Objects:
        numbers, inverse, counts = np.unique(objects.category, return_inverse=True, return_counts=True)
        codes = [self._category(*each) for each in zip(numbers.tolist(), counts.tolist(), strict=True)]
        return replace(
            objects,
            picture=np.array(self.members, np.int32)[objects.picture],
            category=np.array(codes, np.int32)[inverse],
        )

    def _category(self, number: int, count: int) -> int:
        name = self.names.names.get(number, "")
        if not name and self.names.names:
            self.builder.complain(
                say("The number of the class has no name, and serves as its name."),
                str(number),
                count=count,
                is_lost=False,
            )
        return self.builder.category(name or str(number))

    def _lines(self, what: str, lines: NumberLines, *, is_lost: bool = True) -> None:
        some = zip(lines.file[:MAX_EXAMPLES].tolist(), lines.line[:MAX_EXAMPLES].tolist(), strict=True)
        if len(lines):
            examples = [self._example(*each) for each in some]
            pictures = [self.members[file] for file in dict.fromkeys(lines.file.tolist())]
            self._complain(what, examples, pictures, len(lines), is_lost=is_lost)

    def _example(self, file: int, line: int) -> str:
        return f"{self.files[self.members[file]].name}:{line}"

    def _complain(
        self, what: str, examples: Sequence[str], pictures: Sequence[int], count: int, *, is_lost: bool
    ) -> None:
        for index, example in enumerate(examples):
            # The first example stands for all that are not shown.
            rest = count - len(examples) if index == 0 else 0
            self.builder.complain(what, example, count=1 + rest, is_lost=is_lost)
        self.builder.concern(what, pictures, is_lost=is_lost)


FORMAT = AnnotationFormat(
    name=NAME,
    title="YOLO",
    suffixes=(".txt",),
    companions=COMPANIONS,
    recognises=recognises,
    read=read,
    has_one_picture=True,
)
