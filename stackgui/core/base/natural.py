"""Natural order of names: 2 before 10."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from natsort import natsort_keygen

_natural_order = natsort_keygen()
_digits = re.compile("([0-9]+)").split

_MAX_DIGITS = 4300
"""Python refuses to convert numbers of more digits, because that takes long."""


def natural_key(name: str) -> tuple[Any, ...]:
    """Return the default sort key of natsort, but for names without accents five times as fast."""
    if not name.isascii() and len(name) <= _MAX_DIGITS:
        return tuple(_natural_order(name))
    texts = _digits(name if name.isascii() else unicodedata.normalize("NFD", name))
    parts: list[str | int] = [*texts]
    parts[1::2] = map(_number, texts[1::2])
    return tuple(parts if parts[-1] else parts[:-1])


def _number(digits: str) -> int:
    """Return a number that sorts digits correctly; those too long for Python come after all others."""
    if len(digits) <= _MAX_DIGITS:
        return int(digits)
    digits = digits.lstrip("0")
    return int(digits, 16) if len(digits) > _MAX_DIGITS else int(digits or "0")
