"""What a person chooses when a stack is brought up to date with its sources."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.base.choices import Choice


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
    """

    gone: Gone = Gone.KEEP
    larger: Larger = Larger.BLANK
    allow_other_versions: bool = False


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
    """

    choices: UpdateOptions = AS_USUAL
    only_look: bool = False
    pause_on_trouble: bool = False


PLAINLY = HowToUpdate()
