"""Classes of mask pictures: which numbers or colours in the files belong to each."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stackgui.core.base.colour import Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown
from stackgui.core.base.text import lines_of
from stackgui.core.base.wording import say

COLOUR = 2**31
"""Added to a colour, as 24 bits of red, green and blue, to tell it from a number."""

MAX_NUMBER = COLOUR - 1
"""The largest number that a mask picture may hold."""

_NO_TABLE = say("It is JSON, but neither a list of classes nor an object with their numbers.")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
    return _checked(_class_from_json(each) for each in value)


def _class_from_json(value: object) -> MaskClass:
    match value:
        case {"name": str(name), "values": list(values)} if name:
            return MaskClass(name, tuple(_key(str(each)) for each in values))
        case str(name) if name:
            return MaskClass(name)
    raise UsageError(
        say("“{shown}” is not the name of a class; each name must be a text.", shown=shown(value))
    )


def _checked(classes: Iterable[MaskClass]) -> MaskClasses:
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


def _key(text: str) -> int:
    bare = text.strip()
    if re.fullmatch(r"[0-9]{1,10}", bare) and int(bare) <= MAX_NUMBER:
        return int(bare)
    return key_of(Colour.parse(bare))


def read_mask_classes(data: bytes) -> MaskClasses:
    """Read a table of classes from a file.

    The file is one of these: ``labelmap.txt`` as CVAT writes it (``name:r,g,b:parts:actions``); a line
    ``number name``, ``name,number`` or ``name,#rrggbb`` for each class; one name a line, which gives the
    first the number 0; JSON: a list of names or of ``{"name": …, "id": …}``, an object of numbers and names,
    or one with ``categories``, ``classes`` or ``names``.

    Raises
    ------
    UsageError
        When the file is not such a table.
    """
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(say("It is not text in UTF-8.")) from error
    try:
        value = json.loads(text) if text.lstrip().startswith(("[", "{")) else None
    except (ValueError, RecursionError):
        value = None
    classes = _checked(_of_lines(text) if value is None else _of_json(value))
    if not classes:
        raise UsageError(say("It contains no classes."))
    return classes


_LABELMAP = re.compile(
    r"(?P<name>[^:#][^:]*):(?P<colour>\s*[0-9]{1,3}\s*,\s*[0-9]{1,3}\s*,\s*[0-9]{1,3}\s*)(?::.*)?"
)
_NUMBER_FIRST = re.compile(r"(?P<key>[0-9]{1,10})\s*[\s,;:=]\s*(?P<name>\S.*)")
_NAME_FIRST = re.compile(r"(?P<name>.*\S)\s*[,;:=\t]\s*(?P<key>[0-9]{1,10}|#[0-9A-Fa-f]{6})")


def _of_lines(text: str) -> Iterator[MaskClass]:
    lines = [line.strip() for line in lines_of(text)]
    lines = [line for line in lines if line and not line.startswith("#")]
    for pattern in (_LABELMAP, _NUMBER_FIRST, _NAME_FIRST):
        found = [pattern.fullmatch(line) for line in lines]
        if lines and all(found):
            for match in filter(None, found):
                groups = match.groupdict()
                yield MaskClass(groups["name"].strip(), (_key(groups.get("colour") or groups["key"]),))
            return
    yield from (MaskClass(line, (number,)) for number, line in enumerate(lines))


def _of_json(value: Any) -> Iterator[MaskClass]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        for title in ("categories", "classes", "names", "labels"):
            if isinstance(value.get(title), list | Mapping):
                yield from _of_json(value[title])
                return
        yield from (_of_pair(*item) for item in value.items())
        return
    if not isinstance(value, list):
        raise UsageError(_NO_TABLE)
    for number, each in enumerate(value):
        match each:
            case {"name": str(name), "values": list(keys)}:
                yield MaskClass(name, tuple(_key(str(key)) for key in keys))
            case {"name": str(name)}:
                key = next(
                    (each[title] for title in ("id", "value", "color", "colour") if title in each), number
                )
                yield _of_pair(name, key)
            case str(name) if name:
                yield MaskClass(name, (number,))
            case _:
                raise UsageError(_NO_TABLE)


def _of_pair(one: object, other: object) -> MaskClass:
    """Return the class of a name and a number or colour, whichever comes first."""
    if isinstance(other, list) and other:
        other = ",".join(map(str, other)) if all(isinstance(each, int) for each in other) else other[0]
    for name, key in ((other, one), (one, other)):
        try:
            if isinstance(name, str) and name and not isinstance(key, bool):
                return MaskClass(name, (_key(str(key)),))
        except UsageError:
            continue
    raise UsageError(_NO_TABLE)
