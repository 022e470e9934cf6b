"""What is said where a stack in a folder is needed, and there is none."""

from __future__ import annotations

from stackgui.core.base.addresses import is_address
from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say


def no_folder(place: str) -> Wording:
    """Say that `place`, an absolute path or an address, is no folder that may be a stack."""
    shown = printable(place)
    if is_address(place):
        return say(
            "{place} is an address, but this needs a stack in a folder. “stackgui verify {place}” checks a "
            "stack in a bucket, and “stackgui snippet {place}” prints the Python that opens it.",
            place=shown,
        )
    return say("There is no folder {place}.", place=shown)
