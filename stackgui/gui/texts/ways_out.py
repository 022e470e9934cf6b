"""Hints that name the control to change when something cannot be done or read."""

from __future__ import annotations

from collections.abc import Iterable

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import Wording, joined, say

CHOSEN = {
    Way.REPLACE: say("tick “Replace it” to replace it once the new one is complete"),
    Way.NO_REPORT: say("untick “Write a report”"),
    Way.FILE_STORAGE: say("set “Fill it” to “in a file”, which does not need that memory"),
    Way.BLANK_ON_ERROR: say("set “If one fails” to leave such places empty and carry on"),
    Way.SIZE: say("choose “Exactly” and type a size"),
    Way.PATH_COLUMN: say("name the column of files in “Files”, below the sources"),
    Way.LABEL_COLUMN: say("name the column of labels in “Labels”, below the sources"),
    Way.GROUPS: say("choose something else in “Keep together”"),
    Way.ARRAY: say("choose one in “Array”"),
    Way.FRAMES: say("choose another, or all, in “Take”"),
    Way.CHANNELS: say("set “Colours” to automatic"),
    Way.RGB: say("set “Colours” to red, green, blue"),
    Way.DTYPE: say("choose another kind in “Numbers”"),
    Way.SCALE: say("set “Scale” to 0 to 1 to bring them into range"),
    Way.REDUCE: say("set “Brightness range” to smallest to largest value found, to bring them into range"),
    Way.REDUCE_FULL: say("set “Brightness range” to the full range of the file’s number type"),
    Way.UNSCALED: say("set “Scale” to unchanged"),
    Way.OTHER_VERSIONS: say("tick “Go on with other versions”; the stack then records both"),
    Way.RESIZER: say("set “Scaled by” to Pillow"),
    Way.EMPTY_SOURCES: say("tick “They were deleted” if they were deleted on purpose"),
    Way.NON_FINITE: say("set “Invalid numbers” to accept such pictures"),
}
"""Hints for the ways out that the window offers; others are the terminal's, or have a button of their own."""


def sentences(ways: Iterable[Way]) -> Wording:
    """Return the hints for `ways` as one sentence; ``""`` if the window has none."""
    parts = [CHOSEN[way] for way in ways if way in CHOSEN]
    return say("{hints:capital}.", hints=joined(say("; or "), parts)) if parts else joined("", ())


def told(error: StackguiError) -> Wording:
    """Return the message of `error` and the hints for the ways out of it."""
    return joined(" ", (str(error), sentences(error.ways)))
