"""The order in which a person would list names: 2 before 10."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from natsort import natsort_keygen

_natural_order = natsort_keygen()
_digits = re.compile("([0-9]+)").split

_LONGEST = 4300
"""Python reads no number of more digits, since that takes long."""


def natural_key(name: str) -> tuple[Any, ...]:
    """What natsort makes of `name` by default, which takes five times as long where there are no accents."""
    if not name.isascii() and len(name) <= _LONGEST:
        return tuple(_natural_order(name))
    texts = _digits(name if name.isascii() else unicodedata.normalize("NFD", name))
    parts: list[str | int] = [*texts]
    parts[1::2] = map(_number, texts[1::2])
    return tuple(parts if parts[-1] else parts[:-1])


def _number(digits: str) -> int:
    """A number by which digits are in order: longer ones than Python reads are above all others."""
    if len(digits) <= _LONGEST:
        return int(digits)
    digits = digits.lstrip("0")
    return int(digits, 16) if len(digits) > _LONGEST else int(digits or "0")
