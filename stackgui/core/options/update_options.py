"""What a person chooses when a stack is brought up to date with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from stackgui.core.base.choices import Choice

Signs: TypeAlias = Mapping[tuple[int, bytes, int], int]
"""A number for everything that has changed, by source, path and number in the file.

It differs when the change does, so that two looks tell whether a file is still being written.
"""


class Gone(Choice):
    """What becomes of the rows of pictures that are gone: they stay, or are blanked; both are marked."""

    KEEP = "keep"
    BLANK = "blank"


class Larger(Choice):
    """What becomes of new pictures that are larger than rows whose pictures are never scaled.

    ``blank``: their rows stay blank, with the reason. ``shrink``: they are made smaller.
    """

    BLANK = "blank"
    SHRINK = "shrink"


@dataclass(frozen=True, slots=True)
class UpdateOptions:
    """How a stack is brought up to date.

    Attributes
    ----------
    gone : Gone
    larger : Larger
    allow_other_versions : bool
        Whether rows may be made by other versions than the ones that are there; both are recorded.
    allow_empty_sources : bool
        Whether a source or a folder that has lost all of its pictures, or most of them, is taken for one from
        which they were deleted, rather than for one that cannot be reached.
    """

    gone: Gone = Gone.KEEP
    larger: Larger = Larger.BLANK
    allow_other_versions: bool = False
    allow_empty_sources: bool = False


AS_USUAL = UpdateOptions()


@dataclass(frozen=True, slots=True)
class HowToUpdate:
    """How an update goes about its work.

    Attributes
    ----------
    choices : UpdateOptions
    only_look : bool
        Whether to tell what would be done, and do nothing.
    pause_on_trouble : bool
        As in `RunOptions`.
    seen : Signs or None
        What an earlier look has found; only what it has found in the same state is taken, and the rest waits.
        None to take everything.
    """

    choices: UpdateOptions = AS_USUAL
    only_look: bool = False
    pause_on_trouble: bool = False
    seen: Signs | None = None


PLAINLY = HowToUpdate()
