"""Kinds of values that are lists; see `stackgui.core.base.kinds`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import Kind, shown, text_in
from stackgui.core.base.wording import say

T = TypeVar("T")


@dataclass(frozen=True)
class Names(Kind[tuple[str, ...]]):
    """Some names, separated by commas at the terminal; a name that contains a comma stands in quotes."""

    values: str = "NAME,NAME"

    def parse(self, text: str) -> tuple[str, ...]:
        """Read the names, without spaces around them and each once."""
        names = next(csv.reader([text], skipinitialspace=True), [])
        return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))

    def typed(self, value: tuple[str, ...]) -> str:
        """Return the names with commas between them."""
        return ", ".join(_quoted(name) if "," in name or '"' in name else name for name in value)

    def read(self, value: object) -> tuple[str, ...]:
        """Accept a list of texts only."""
        if not isinstance(value, list):
            raise UsageError(f"“{shown(value)}” is not a list of names.")
        return tuple(map(text_in, value))

    def write(self, value: tuple[str, ...]) -> list[str]:
        """Return the names as a list."""
        return list(value)


@dataclass(frozen=True)
class Renames(Names):
    """Names with what becomes of each: ``old=new`` or, to leave it out, ``old=``."""

    values: str = "OLD=NEW,OLD="

    def parse(self, text: str) -> tuple[str, ...]:
        """Read the names, and refuse those of which nothing becomes anything."""
        read = super().parse(text)
        self.check(say("value"), read)
        return read

    def check(self, title: str, value: tuple[str, ...]) -> None:  # noqa: ARG002 - as in `Kind`
        """Raise UsageError for a name without ``=``, and for one that is named twice."""
        seen: set[str] = set()
        for each in value:
            old, sign, _new = each.rpartition("=")
            if not sign or not old:
                raise UsageError(
                    say(
                        "“{each}” does not say what becomes of it: write old=new or, to leave it out, old=.",
                        each=shown(each),
                    )
                )
            if old in seen:
                raise UsageError(say("“{old}” is named twice.", old=shown(old)))
            seen.add(old)


@dataclass(frozen=True)
class Listed(Kind[T]):
    """A list of values, for which people name a file at the terminal; `from_json` may raise UsageError."""

    from_json: Callable[[Any], T]
    to_json: Callable[[T], object]
    values: str = "FILE"

    def parse(self, text: str) -> T:
        """Refuse all text: people give a file rather than the values."""
        raise UsageError(say("“{text}” is not a list.", text=text))

    def read(self, value: object) -> T:
        """Read the value with `from_json`."""
        return self.from_json(value)

    def write(self, value: T) -> object:
        """Write the value with `to_json`."""
        return self.to_json(value)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
