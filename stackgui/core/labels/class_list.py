"""Class lists, which fix the number of each label so that several stacks agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown
from stackgui.core.base.text import lines_of
from stackgui.core.base.text_file import text_and_json
from stackgui.core.base.wording import say

SHOWN = 3
"""Names that a message quotes at most."""

MAX_BYTES = 2**24
"""Enough for a million classes; a larger file is not a class list."""

MAX_DIGITS = 9
"""Digits in the number of a class, at most."""


def read_classes(data: bytes) -> tuple[str, ...]:
    """Read the classes from a file, in the order of their numbers.

    The file has one name per line, or it is JSON: a list, as in a stack's ``classes.json``; an object that
    maps names to numbers, or numbers to names (``{"0": ["n01440764", "tench"]}`` gives the first of the
    two); or an object with any of these under ``classes``.

    Raises
    ------
    UsageError
        When the file is not a class list.
    """
    text, value = text_and_json(data)
    lines = (line.strip() for line in lines_of(text))
    classes = as_classes(filter(None, lines)) if value is None else _from_json(value)
    if not classes:
        raise UsageError(say("It contains no classes."))
    return classes


def as_classes(names: object) -> tuple[str, ...]:
    """Return `names` as classes after checking them.

    Raises
    ------
    UsageError
        When `names` is not a list, or a name is not a text, is empty, or occurs twice.
    """
    if isinstance(names, str | Mapping) or not isinstance(names, Iterable):
        raise UsageError(say("The classes are not a list."))
    classes = tuple(names)
    if wrong := [name for name in classes if not isinstance(name, str) or not name]:
        raise UsageError(
            say("“{shown}” is not the name of a class; each name must be a text.", shown=shown(wrong[0]))
        )
    if twice := [name for name, count in Counter(classes).items() if count > 1]:
        raise UsageError(
            say(
                "It names classes twice, so their numbers are ambiguous: {twice}.",
                twice=", ".join(twice[:SHOWN]),
            )
        )
    return classes


def _from_json(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping) and isinstance(value.get("classes"), list | Mapping):
        return _from_json(value["classes"])
    if isinstance(value, list):
        return as_classes(value)
    if not isinstance(value, Mapping):
        raise UsageError(say("It is JSON, but neither a list of classes nor an object with their numbers."))
    if all(isinstance(number, int) for number in value.values()):
        return _by_number({number: name for name, number in value.items()}, len(value))
    if all(name.isdecimal() and len(name) <= MAX_DIGITS for name in value):
        named = {int(number): _first_name(name) for number, name in value.items()}
        return _by_number(named, len(value))
    raise UsageError(say("It is JSON, but neither a list of classes nor an object with their numbers."))


def _first_name(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return value[0] if isinstance(value, list) and value else value


def _by_number(named: Mapping[int, Any], count: int) -> tuple[str, ...]:
    """Return the names by number; a stack's labels are these numbers, so none may be missing."""
    if sorted(named) != list(range(count)):
        raise UsageError(
            say(
                "The classes must be numbered from 0 to {count:,}, each number once, as in a stack.",
                count=count - 1,
            )
        )
    return as_classes(named[number] for number in range(count))
