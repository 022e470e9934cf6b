"""The order in which a person would list names: 2 before 10."""

from __future__ import annotations

import re
from typing import Any

from natsort import natsort_keygen

_natural_order = natsort_keygen()
_digits = re.compile("([0-9]+)").split


def natural_key(name: str) -> tuple[Any, ...]:
    """What natsort makes of `name` by default, which takes five times as long where there are no accents."""
    if not name.isascii():
        return tuple(_natural_order(name))
    parts: list[str | int] = _digits(name)
    parts[1::2] = map(int, parts[1::2])
    return tuple(parts if parts[-1] else parts[:-1])
