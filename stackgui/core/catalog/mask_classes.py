"""Classes of mask pictures: which numbers or colours in the files belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stackgui.core.base.colour import Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown
from stackgui.core.base.wording import say

COLOUR = 2**31
"""Added to a colour, as 24 bits of red, green and blue, to tell it from a number."""

MAX_NUMBER = COLOUR - 1
"""The largest number that a mask picture may hold."""


def key_of(colour: Colour) -> int:
    """Return the key of a colour; that of a grey is the number that a grey picture has in its place."""
    red, green, blue = colour.red, colour.green, colour.blue
    return red if red == green == blue else COLOUR + (red << 16) + (green << 8) + blue


def spelled(key: int) -> str:
    """Return a key as people write it: a number, or ``#rrggbb``."""
    return f"#{key - COLOUR:06x}" if key >= COLOUR else str(key)


@dataclass(frozen=True, slots=True)
class MaskClass:
    """A class of mask pictures.

    Attributes
    ----------
    name : str
    keys : tuple of int
        The numbers and colours of its pixels; see `key_of`. Without any, its own place in the table.
    """

    name: str
    keys: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the class as JSON values."""
        return {"name": self.name, "values": [spelled(key) for key in self.keys]}


MaskClasses = tuple[MaskClass, ...]


def classes_to_json(classes: MaskClasses) -> list[dict[str, Any]]:
    """Return a table of classes as JSON values."""
    return [each.to_json() for each in classes]


def classes_from_json(value: object) -> MaskClasses:
    """Rebuild what `classes_to_json` returned; raise UsageError for anything else."""
    if not isinstance(value, list | tuple):
        raise UsageError(say("The classes are not a list."))
    return merged_classes(_class_from_json(each) for each in value)


def _class_from_json(value: object) -> MaskClass:
    match value:
        case {"name": str(name), "values": list(values)} if name:
            return MaskClass(name, tuple(parsed_key(str(each)) for each in values))
        case str(name) if name:
            return MaskClass(name)
    raise UsageError(
        say("“{shown}” is not the name of a class; each name must be a text.", shown=shown(value))
    )


def merged_classes(classes: Iterable[MaskClass]) -> MaskClasses:
    """Merge classes of the same name, and refuse a number that belongs to two."""
    merged: dict[str, tuple[int, ...]] = {}
    owner: dict[int, str] = {}
    for each in classes:
        merged[each.name] = merged.get(each.name, ()) + each.keys
        for key in each.keys:
            if owner.setdefault(key, each.name) != each.name:
                raise UsageError(
                    say(
                        "{value} belongs to two classes, {first} and {second}.",
                        value=spelled(key),
                        first=owner[key],
                        second=each.name,
                    )
                )
    return tuple(MaskClass(name, keys) for name, keys in merged.items())


def parsed_key(text: str) -> int:
    """Return the key that people write as a number or a colour; raise UsageError for anything else."""
    bare = text.strip()
    if re.fullmatch(r"[0-9]{1,10}", bare) and int(bare) <= MAX_NUMBER:
        return int(bare)
    return key_of(Colour.parse(bare))
