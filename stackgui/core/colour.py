"""A colour, as a person writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stackgui.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour, as it is written: ``#rrggbb``.

    Attributes
    ----------
    red, green, blue : int
        0 to 255.
    """

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Colour:
        """Read ``#rrggbb``.

        Raises
        ------
        UsageError
            When `text` is nothing of that kind.
        """
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
            raise UsageError(f"“{text}” is no colour; write it as #rrggbb, for example #ffffff for white.")
        return cls(*bytes.fromhex(text[1:]))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE = Colour(255, 255, 255)
