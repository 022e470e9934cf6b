"""Where in the window to choose otherwise when something cannot be done or read."""

from __future__ import annotations

from collections.abc import Iterable

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.ways import Way

CHOSEN = {
    Way.REPLACE: "“Replace it” replaces it when the new one is done",
    Way.FILE_STORAGE: "“Fill it” in a file does without that memory",
    Way.BLANK_ON_ERROR: "“If one fails” can leave such a row blank and go on",
    Way.SIZE: "“Exactly” gives it",
    Way.PATH_COLUMN: "“Files” below the sources names the column of files",
    Way.LABEL_COLUMN: "“Labels” below the sources names the column of labels",
    Way.ARRAY: "“Array” says which one to take",
    Way.FRAMES: "“Take” takes another, or all",
    Way.CHANNELS: "“Colours” can take the least that loses nothing",
    Way.RGB: "“Colours” can make three",
    Way.DTYPE: "“Numbers” chooses the kind of numbers",
    Way.SCALE: "“Scale” 0 to 1 brings them into range",
    Way.REDUCE: "“Black and white” by the least and most that occur brings them into range",
    Way.REDUCE_FULL: "“Black and white” can be all that the numbers can hold",
    Way.UNSCALED: "“Scale” can leave them as they are",
    Way.NON_FINITE: "“Not finite” can take such pictures all the same",
}
"""Ways that the window offers; the others are the terminal's, or have buttons of their own."""


def sentences(ways: Iterable[Way]) -> str:
    """What leads on, as sentences."""
    parts = [CHOSEN[way] for way in ways if way in CHOSEN]
    return f"{'; '.join(parts)}." if parts else ""


def told(error: StackguiError) -> str:
    """What went wrong, and where to choose otherwise."""
    return f"{error} {sentences(error.ways)}".rstrip()
