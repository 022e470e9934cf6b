"""Choices of how annotation files are read, where their formats leave it open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EightNumbers(StrEnum):
    """What eight numbers after the class in a YOLO file are."""

    AUTO = "auto"
    """As ``data.yaml`` says or, without it, four-cornered polygons; files that cannot be told are counted."""
    POLYGON = "polygon"
    ORIENTED = "oriented"


class VocOrigin(StrEnum):
    """What the first pixel is called in Pascal VOC files."""

    AUTO = "auto"
    """1, except in files in which a coordinate is 0."""
    ZERO = "0"
    ONE = "1"


@dataclass(frozen=True, slots=True)
class Reading:
    """How annotation files are read.

    Attributes
    ----------
    eight_numbers : EightNumbers
    voc_origin : VocOrigin
    """

    eight_numbers: EightNumbers = EightNumbers.AUTO
    voc_origin: VocOrigin = VocOrigin.AUTO
