"""Colours as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say

MAX_LEVEL = 255

_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "grey": (128, 128, 128), "gray": (128, 128, 128)}


@dataclass(frozen=True, slots=True)
class Colour:
    """An RGB colour, written as ``#rrggbb``.

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
        """Read ``#rrggbb``, also ``#rgb``, ``rrggbb``, ``255,255,255``, and ``white``, ``black`` or ``grey``.

        Raises
        ------
        UsageError
            When `text` is not a colour.
        """
        bare = text.strip().casefold()
        if named := _NAMED.get(bare):
            return cls(*named)
        if match := re.fullmatch(r"(?:#|0x)?([0-9a-f]{6})", bare):
            return cls(*bytes.fromhex(match[1]))
        if match := re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", bare):
            return cls(*(int(2 * digit, 16) for digit in match.groups()))
        if match := re.fullmatch(r"(?:rgb)?\(?\s*([0-9]{1,3}),\s*([0-9]{1,3}),\s*([0-9]{1,3})\s*\)?", bare):
            parts = [int(part) for part in match.groups()]
            if max(parts) <= MAX_LEVEL:
                return cls(*parts)
        raise UsageError(
            say("“{text}” is not a colour; write it as #rrggbb, for example #ffffff for white.", text=text)
        )

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


WHITE = Colour(255, 255, 255)
