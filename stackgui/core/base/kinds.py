"""Kinds of values of a choice: how they are typed, how they stand in JSON, and which are allowed."""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from stackgui.core.base.choices import Choice
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable

MAX_SHOWN = 60
"""Characters of a wrong value that a message repeats."""

_MANY = {"k": 10**3, "m": 10**6, "g": 10**9}
_MAX_PX = 2**62

T = TypeVar("T")


class Written(Protocol):
    """A value that `parse` makes of a text, and `str` a text of."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `text`; raises UsageError."""
        ...


WrittenT = TypeVar("WrittenT", bound=Written)
ChoiceT = TypeVar("ChoiceT", bound=Choice)


class Kind(ABC, Generic[T]):
    """Which values a choice can have; every method that reads raises UsageError and nothing else."""

    @property
    @abstractmethod
    def values(self) -> str:
        """What can be typed, as help shows it."""

    @abstractmethod
    def parse(self, text: str) -> T:
        """Read what a person typed."""

    def read(self, value: object) -> T:
        """Read what `write` gave, or anything else that JSON can hold."""
        return self.parse(text_in(value))

    def write(self, value: T) -> object:
        """`value` as JSON has it."""
        return str(value)

    def check(self, title: str, value: T) -> None:
        """Refuse a `value` of the choice called `title` that is out of range."""


@dataclass(frozen=True)
class OneOf(Kind[ChoiceT]):
    """One of a few names."""

    names: type[ChoiceT]

    @property
    def values(self) -> str:
        """All names."""
        return "|".join(self.names)

    def parse(self, text: str) -> ChoiceT:
        """The name, or a customary other one."""
        return self.names.parse(text)


@dataclass(frozen=True)
class AsText(Kind[WrittenT]):
    """A value with a spelling of its own."""

    made: type[WrittenT]
    values: str = ""

    def parse(self, text: str) -> WrittenT:
        """As the value's class reads it."""
        return self.made.parse(text)


@dataclass(frozen=True)
class Whole(Kind[int]):
    """A whole number from `least` to `most`."""

    least: int
    most: int
    values: str = "N"

    def parse(self, text: str) -> int:
        """Read decimal digits."""
        if text.isascii() and text.isdecimal() and self.least <= int(text) <= self.most:
            return int(text)
        raise UsageError(f"“{text}” is not possible; choose {self.least:,} to {self.most:,}.")

    def read(self, value: object) -> int:
        """Take whole numbers only, and no texts."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise UsageError(f"“{shown(value)}” is not a whole number.")
        return value

    def write(self, value: int) -> int:
        """The number itself."""
        return value

    def check(self, title: str, value: int) -> None:
        """Refuse what is below or above the range."""
        if not self.least <= value <= self.most:
            raise UsageError(
                f"A {title} of {shown(value)} is not possible; choose {self.least:,} to {self.most:,}."
            )


@dataclass(frozen=True)
class Number(Kind[float]):
    """Any number that is finite."""

    values: str = "VALUE"

    def parse(self, text: str) -> float:
        """Read what Python reads as a number."""
        try:
            return float(text)
        except ValueError:
            raise UsageError(f"“{text}” is not a number.") from None

    def read(self, value: object) -> float:
        """Take numbers only, and no texts."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UsageError(f"“{shown(value)}” is not a number.")
        try:
            return float(value)
        except OverflowError:
            raise UsageError("A number as large as this is not possible.") from None

    def write(self, value: float) -> float:
        """The number itself."""
        return value

    def check(self, title: str, value: float) -> None:
        """Refuse infinity and NaN."""
        if not math.isfinite(value):
            raise UsageError(f"A {title} of {value} is not possible; it must be a number.")


@dataclass(frozen=True)
class Quantity(Kind[T]):
    """A number with a unit, which `parse_text` reads; it is kept in no file."""

    parse_text: Callable[[str], T]
    values: str = "N"

    def parse(self, text: str) -> T:
        """As `parse_text` reads it."""
        return self.parse_text(text)


@dataclass(frozen=True)
class Flag(Kind[bool]):
    """Yes or no."""

    values: str = ""

    def parse(self, text: str) -> bool:
        """Read ``yes`` or ``no``; at the terminal a flag has no value."""
        if text not in {"yes", "no"}:
            raise UsageError(f"“{text}” is neither yes nor no.")
        return text == "yes"

    def read(self, value: object) -> bool:
        """Take true or false only."""
        if not isinstance(value, bool):
            raise UsageError(f"“{shown(value)}” is neither true nor false.")
        return value

    def write(self, value: bool) -> bool:  # noqa: FBT001 - the value itself
        """The flag itself."""
        return value


@dataclass(frozen=True)
class Text(Kind[str]):
    """Any text."""

    values: str = "NAME"

    def parse(self, text: str) -> str:
        """The text as it is."""
        return text


@dataclass(frozen=True)
class Place(Text):
    """The absolute name of a file or folder, or ``""`` for none."""

    values: str = "FILE"

    def parse(self, text: str) -> str:
        """Make a name that was typed absolute."""
        return os.path.abspath(text) if text else ""

    def read(self, value: object) -> str:
        """The name as it was kept."""
        return text_in(value)


@dataclass(frozen=True)
class Listed(Kind[T]):
    """Many values, for which people name a file at the terminal; `from_json` raises UsageError."""

    from_json: Callable[[Any], T]
    to_json: Callable[[T], object]
    values: str = "FILE"

    def parse(self, text: str) -> T:
        """Nobody types them one by one."""
        raise UsageError(f"“{text}” is no list.")

    def read(self, value: object) -> T:
        """As `from_json` reads it."""
        return self.from_json(value)

    def write(self, value: T) -> object:
        """As `to_json` gives it."""
        return self.to_json(value)


def text_in(value: object) -> str:
    """`value`, if it is text that can be part of a file's name; raises UsageError."""
    if not isinstance(value, str) or not is_text(value):
        raise UsageError(f"“{shown(value)}” is not text.")
    return value


def is_text(value: object) -> bool:
    """Whether `value` is text that a name can hold: without NUL, and with no half of a character."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def shown(value: object) -> str:
    """Anything that JSON can hold, short enough for a message."""
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) < 10**MAX_SHOWN else "a number of too many digits"
    text = printable(str(value)[: MAX_SHOWN + 1])
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def seconds(text: str) -> float:
    """A time, more than 0."""
    read = Number().parse(text)
    if not 0 < read < math.inf:
        raise UsageError(f"“{text}” is not a time; write seconds, more than 0.")
    return read


def pixels(text: str) -> int:
    """A number of pixels, also as ``400M`` or ``2G``."""
    bare = text.strip().casefold().removesuffix("px")
    factor = _MANY.get(bare[-1:], 1)
    try:
        read = float(bare[:-1] if factor > 1 else bare) * factor
    except ValueError:
        read = 0
    if not 1 <= read <= _MAX_PX:
        raise UsageError(f"“{text}” is not a number of pixels; write one such as 400000000, 400M or 2G.")
    return int(read)


def megabytes(text: str) -> int:
    """An amount of memory in bytes, written in megabytes."""
    read = Number().parse(text)
    if not 1 <= read < math.inf:
        raise UsageError(f"“{text}” is not an amount of memory; write megabytes, at least 1.")
    return int(read * 1_000_000)
