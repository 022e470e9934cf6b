"""Choices of how annotation files are read, where their formats leave it open."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.base.choices import Choice

VOC_TITLE = "Pascal VOC"
"""The format that leaves open what its first pixel is called."""


class VocOrigin(Choice):
    """What the first pixel is called in Pascal VOC files."""

    AUTO = "auto"
    """1, except in files in which a coordinate is 0."""
    ZERO = "0"
    ONE = "1"


class Turned(Choice):
    """Which way up the coordinates of a picture with an orientation mark are, where that cannot be told.

    It can be told if the annotation file records the picture's size, unless that is square or the mark turns
    by 180° or mirrors only.
    """

    UPRIGHT = "upright"
    """As people see the picture."""
    STORED = "stored"
    """As the pixels lie in the file, before the mark is obeyed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How annotation files are read.

    Attributes
    ----------
    voc_origin : VocOrigin
    """

    voc_origin: VocOrigin = VocOrigin.AUTO
