"""Files that list the classes of mask pictures, as the usual tools write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stackgui.core.annotations.yaml_names import yaml_mapping, yaml_names
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import lines_of
from stackgui.core.base.text_file import text_and_json
from stackgui.core.base.wording import say
from stackgui.core.catalog.mask_classes import (
    MaskClass,
    MaskClasses,
    class_from_json,
    merged_classes,
    parsed_key,
)

_NO_TABLE = say("It is JSON, but neither a list of classes nor an object with their numbers.")
_YAML = re.compile(r"^names\s*:", re.MULTILINE)


def read_mask_classes(data: bytes) -> MaskClasses:
    """Read a table of classes from a file.

    The file is one of these: ``labelmap.txt`` as CVAT writes it (``name:r,g,b:parts:actions``); a line
    ``number name``, ``name,number`` or ``name,#rrggbb`` for each class; one name a line, which gives the
    first the number 0; JSON: a list of names or of ``{"name": …, "id": …}``, an object of numbers and names,
    or one with ``categories``, ``classes`` or ``names``; YAML with ``names``, as YOLO's ``data.yaml``.

    Raises
    ------
    UsageError
        When the file is not such a table.
    """
    text, value = text_and_json(data)
    if value is not None:
        found = _of_json(value)
    else:
        found = _of_yaml(text) if _YAML.search(text) else _of_lines(text)
    classes = merged_classes(found)
    if not classes:
        raise UsageError(say("It contains no classes."))
    return classes


def _of_yaml(text: str) -> Iterator[MaskClass]:
    try:
        names = yaml_names(yaml_mapping(text))
    except ValueError:
        return
    yield from (MaskClass(name, (number,)) for number, name in names.items() if name)


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
                yield MaskClass(groups["name"].strip(), (parsed_key(groups.get("colour") or groups["key"]),))
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
            case {"name": str(), "values": list()}:
                yield class_from_json(each)
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
                return MaskClass(name, (parsed_key(str(key)),))
        except UsageError:
            continue
    raise UsageError(_NO_TABLE)
