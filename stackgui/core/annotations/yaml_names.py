"""Names of classes in YAML, as ``data.yaml`` has them, from files that nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_CHARACTERS = 2**20
"""Longest text that is parsed; it takes seconds even so."""
MAX_CLASS = 1_000_000
"""Numbers of classes up to which one is believed."""

_COUNT = re.compile(r"[0-9]{1,7}", re.ASCII)


def yaml_mapping(text: str) -> dict[str, object]:
    """Return what a small YAML file maps; all its values are texts, lists and dicts.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    from stackgui.core.annotations.yaml_reading import read  # noqa: PLC0415 - it takes time to load

    if len(text) > MAX_CHARACTERS:
        raise ValueError("too long for a list of names")
    found = read(text)
    if not isinstance(found, dict):
        raise ValueError("no mapping")  # noqa: TRY004 - it is the file that is wrong
    return found


def yaml_names(content: Mapping[str, object]) -> dict[int, str]:
    """Return ``names`` by their numbers; they may be a list or a mapping."""
    names = content.get("names")
    if isinstance(names, list):
        return {number: name for number, name in enumerate(names) if isinstance(name, str)}
    if not isinstance(names, dict):
        return {}
    found = {yaml_count(key): name for key, name in names.items() if isinstance(name, str)}
    return {number: found[number] for number in sorted(found) if 0 <= number < MAX_CLASS}


def yaml_count(text: object) -> int:
    """Return the number that a value is, or -1."""
    return int(text) if isinstance(text, str) and _COUNT.fullmatch(text) else -1
