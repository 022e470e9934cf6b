"""Lists of classes: which label has which number, so that several stacks agree."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown
from stackgui.core.base.text import lines_of

SHOWN = 3
MAX_BYTES = 2**24
"""A list of a million classes; what is longer is none."""

MAX_DIGITS = 9
"""Of the number of a class."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_classes(data: bytes) -> tuple[str, ...]:
    """The classes that a file says, in the order of their numbers.

    Either a name a line; or JSON: a list, as in a stack's ``classes.json``, numbers by names, names by
    numbers (of ``{"0": ["n01440764", "tench"]}`` the first of the two), or an object with such a thing as
    ``classes``.

    Raises
    ------
    UsageError
        When it is not a list of classes.
    """
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("It is not text in UTF-8.") from error
    try:
        value = json.loads(text) if text.lstrip().startswith(("[", "{")) else None
    except (ValueError, RecursionError):
        value = None  # a class may be called "[unknown]"
    lines = (line.strip() for line in lines_of(text))
    classes = as_classes(filter(None, lines)) if value is None else _from_json(value)
    if not classes:
        raise UsageError("It names no classes.")
    return classes


def as_classes(names: object) -> tuple[str, ...]:
    """Check that `names` can be classes.

    Raises
    ------
    UsageError
        When one is no text or empty, or stands there twice, or there are none.
    """
    if isinstance(names, str | Mapping) or not isinstance(names, Iterable):
        raise UsageError("There is no list where the classes should be.")
    classes = tuple(names)
    if wrong := [name for name in classes if not isinstance(name, str) or not name]:
        raise UsageError(f"“{shown(wrong[0])}” is not a name of a class; each must be a text.")
    if twice := [name for name, count in Counter(classes).items() if count > 1]:
        raise UsageError(
            f"It names classes twice, so that their numbers are not clear: {', '.join(twice[:SHOWN])}."
        )
    return classes


def _from_json(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping) and isinstance(value.get("classes"), list | Mapping):
        return _from_json(value["classes"])
    if isinstance(value, list):
        return as_classes(value)
    if not isinstance(value, Mapping):
        raise UsageError("It is JSON, but neither a list of classes nor numbers by names.")
    if all(isinstance(number, int) for number in value.values()):
        return _by_number({number: name for name, number in value.items()}, len(value))
    if all(name.isdecimal() and len(name) <= MAX_DIGITS for name in value):
        named = {int(number): _first(name) for number, name in value.items()}
        return _by_number(named, len(value))
    raise UsageError("It is JSON, but neither a list of classes nor numbers by names.")


def _first(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return value[0] if isinstance(value, list) and value else value


def _by_number(named: Mapping[int, Any], count: int) -> tuple[str, ...]:
    """The names in order; their numbers are what a stack's labels will be, so none may be missing."""
    if sorted(named) != list(range(count)):
        raise UsageError(
            f"Its numbers are not 0 to {count - 1:,}, each once, as those of classes in a stack are."
        )
    return as_classes(named[number] for number in range(count))
