"""In which language something is written for people that is no part of the window, such as a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """A language to write in.

    Attributes
    ----------
    code : str
        As HTML names it, for example ``"pt-BR"``.
    tell
        Returns a text of the program in this language; see `stackgui.core.base.wording`.
    recall
        Does so for an English text of the program that was read back from a file.
    """

    code: str = "en"
    tell: Callable[[str], str] = str
    recall: Callable[[str], str] = str


ENGLISH = Voice()
