"""Classes of mask pictures: which numbers or colours in the files belong to each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
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
        ``""`` if its pixels do not count: they get the ignore value.
    keys : tuple of int
        The numbers and colours of its pixels; see `key_of`. Without any, its own number.
    number : int or None
        Its number in the stack; None for its place among the classes with a name.
    """

    name: str
    keys: tuple[int, ...] = ()
    number: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the class as JSON values."""
        number = {} if self.number is None else {"number": self.number}
        return {"name": self.name, "values": [spelled(key) for key in self.keys], **number}


_NOTHING = say("what does not count")

MaskClasses = tuple[MaskClass, ...]


def classes_to_json(classes: MaskClasses) -> list[dict[str, Any]]:
    """Return a table of classes as JSON values."""
    return [each.to_json() for each in classes]


def classes_from_json(value: object) -> MaskClasses:
    """Rebuild what `classes_to_json` returned; raise UsageError for anything else."""
    if not isinstance(value, list | tuple):
        raise UsageError(say("The classes are not a list."))
    return merged_classes(map(class_from_json, value))


def class_from_json(value: object) -> MaskClass:
    """Rebuild what `MaskClass.to_json` returned, or the class of a name; raises UsageError otherwise."""
    match value:
        case {"name": str(name), "values": list(values), **more} if name or values:
            keys = tuple(parsed_key(str(each)) for each in values)
            return MaskClass(name, keys, _number(more["number"]) if "number" in more else None)
        case str(name) if name:
            return MaskClass(name)
    raise UsageError(
        say("“{shown}” is not the name of a class; each name must be a text.", shown=shown(value))
    )


def _number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER:
        return value
    raise UsageError(say("“{shown}” is not the number of a class.", shown=shown(value)))


def numbered(classes: MaskClasses) -> dict[int, MaskClass]:
    """Return the classes with a name by their numbers in the stack."""
    return dict(_numbers(classes))


def _numbers(classes: MaskClasses) -> Iterator[tuple[int, MaskClass]]:
    for place, each in enumerate(each for each in classes if each.name):
        yield place if each.number is None else each.number, each


def merged_classes(classes: Iterable[MaskClass]) -> MaskClasses:
    """Merge classes of the same name, and refuse a value that belongs to two, and a number of two."""
    merged: dict[str, MaskClass] = {}
    owner: dict[int, str] = {}
    for each in classes:
        before = merged.get(each.name, each)
        keys = each.keys if before is each else before.keys + each.keys
        merged[each.name] = MaskClass(each.name, keys, before.number)
        for key in each.keys:
            if owner.setdefault(key, each.name) != each.name:
                raise UsageError(
                    say(
                        "{value} belongs to two classes, {first} and {second}.",
                        value=spelled(key),
                        first=owner[key] or _NOTHING,
                        second=each.name or _NOTHING,
                    )
                )
    made = tuple(merged.values())
    given = Counter(number for number, _each in _numbers(made))
    if twice := [number for number, count in given.items() if count > 1]:
        raise UsageError(say("Two classes have the number {number}.", number=twice[0]))
    return made


def parsed_key(text: str) -> int:
    """Return the key that people write as a number or a colour; raise UsageError for anything else."""
    bare = text.strip()
    if re.fullmatch(r"[0-9]{1,10}", bare) and int(bare) <= MAX_NUMBER:
        return int(bare)
    return key_of(Colour.parse(bare))
