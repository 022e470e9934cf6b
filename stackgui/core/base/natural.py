"""Natural order of names: 2 before 10."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from os.path import commonprefix
from typing import Any

import numpy as np

_digits = re.compile("([0-9]+)").split

_MAX_DIGITS = 4300
"""Python refuses to convert numbers of more digits, because that takes long."""

_SHORT_DIGITS = ord("/") - 1
"""Numbers of at most so many digits become part of a text, after the character of that number."""

_FEW = 16
"""So few names are taken apart one by one; what it takes to do it for all at once only pays for more."""


def natural_key(name: str) -> tuple[Any, ...]:
    """Return the default sort key of natsort, but for names without accents five times as fast."""
    if not name.isascii() and len(name) <= _MAX_DIGITS:
        return tuple(_natural_order()(name))
    texts = _digits(name if name.isascii() else unicodedata.normalize("NFD", name))
    parts: list[str | int] = [*texts]
    parts[1::2] = map(_number, texts[1::2])
    return tuple(parts if parts[-1] else parts[:-1])


def natural_keys(names: Sequence[str]) -> Sequence[Any]:
    """Return keys by which `names` sort as by `natural_key`, several times as fast; they sort nothing else.

    All names are taken apart at once. A number becomes a mark that is less than any character, the number of
    its digits and the digits, so that texts compare as the lists of texts and numbers would. Most folders
    have names that are alike, which need even less.
    """
    if len(names) < _FEW:
        return list(map(natural_key, names))
    joined = "/".join(names)
    if joined.isascii() and (keys := _keys_of_alike(names, joined)):
        return keys
    parts = _digits(joined)
    numbers = [digits.lstrip("0") for digits in parts[1::2]]
    is_short = max(map(len, numbers), default=0) <= _SHORT_DIGITS
    if not is_short or not joined.isascii() or "\0" in joined or joined.count("/") >= len(names):
        return list(map(natural_key, names))
    parts[1::2] = [f"\0{len(number):c}{number}" for number in numbers]
    return "".join(parts).split("/")


def _keys_of_alike(names: Sequence[str], joined: str) -> Sequence[Any]:
    """Return keys for ASCII names that have digits at the same places or differ in one number; else none.

    `joined` are the names with slashes in between.
    """
    if not names:
        return ()
    length = len(names[0])
    if length and set(map(len, names)) == {length}:
        characters = np.frombuffer(f"{joined}/".encode(), np.uint8).reshape(-1, length + 1)
        is_digit = characters - ord("0") < len("0123456789")  # what is less wraps around
        if (is_digit == is_digit[0]).all():
            return names  # numbers of as many digits sort as texts do
    before = commonprefix((min(names), max(names))).rstrip("0123456789")  # noqa: RUF071 - whatever they share
    after = names[0][len(before) :].lstrip("0123456789")
    numbers = [name[len(before) : len(name) - len(after)] for name in names]
    if f"{before}{f'{after}/{before}'.join(numbers)}{after}" != joined or "" in numbers:
        return ()
    if not "".join(numbers).isdigit() or max(map(len, numbers)) > _SHORT_DIGITS:
        return ()
    return list(map(int, numbers))


@cache
def _natural_order() -> Callable[[str], tuple[Any, ...]]:
    from natsort import natsort_keygen  # noqa: PLC0415 - few names have accents, and it takes time to load

    made: Callable[[str], tuple[Any, ...]] = natsort_keygen()
    return made


def _number(digits: str) -> int:
    """Return a number that sorts digits correctly; those too long for Python come after all others."""
    if len(digits) <= _MAX_DIGITS:
        return int(digits)
    digits = digits.lstrip("0")
    return int(digits, 16) if len(digits) > _MAX_DIGITS else int(digits or "0")
