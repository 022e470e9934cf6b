"""Kinds of values that choices can have: how to parse them, store them in JSON, and check their range."""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from stackgui.core.base.addresses import is_address, tidied
from stackgui.core.base.choices import Choice
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

MAX_SHOWN = 60
"""Characters of a wrong value that a message quotes at most."""

_FACTORS = {"k": 10**3, "m": 10**6, "g": 10**9}
_MAX_PX = 2**62

T = TypeVar("T")


class Written(Protocol):
    """A class whose values `parse` reads from text and `str` writes as text."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `text`; raise UsageError if it is not such a value."""
        ...


WrittenT = TypeVar("WrittenT", bound=Written)
ChoiceT = TypeVar("ChoiceT", bound=Choice)


class Kind(ABC, Generic[T]):
    """The values that a choice can have; methods that read raise UsageError and nothing else."""

    @property
    @abstractmethod
    def values(self) -> str:
        """Placeholder for the value in help."""

    @abstractmethod
    def parse(self, text: str) -> T:
        """Read a value that a person typed."""

    def read(self, value: object) -> T:
        """Read what `write` returned; the input may be any JSON value."""
        return self.parse(text_in(value))

    def write(self, value: T) -> object:
        """Return `value` as a JSON value."""
        return str(value)

    def typed(self, value: T) -> str:
        """Return `value` as a person would type it for `parse`."""
        return str(value)

    def check(self, title: str, value: T) -> None:
        """Raise UsageError if a value of the choice called `title` is out of range."""


@dataclass(frozen=True)
class OneOf(Kind[ChoiceT]):
    """One of a few names."""

    names: type[ChoiceT]

    @property
    def values(self) -> str:
        """All names, separated by ``|``."""
        return "|".join(self.names)

    def parse(self, text: str) -> ChoiceT:
        """Read a name or a usual synonym."""
        return self.names.parse(text)


@dataclass(frozen=True)
class AsText(Kind[WrittenT]):
    """A value of a class with its own `parse` and `str`."""

    made: type[WrittenT]
    values: str = ""

    def parse(self, text: str) -> WrittenT:
        """Read the text as the value's class does."""
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
        raise UsageError(
            say(
                "“{text}” is not possible; choose {least:,} to {most:,}.",
                text=text,
                least=self.least,
                most=self.most,
            )
        )

    def read(self, value: object) -> int:
        """Accept whole numbers only, not text."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise UsageError(say("“{shown}” is not a whole number.", shown=shown(value)))
        return value

    def write(self, value: int) -> int:
        """Return the number itself."""
        return value

    def check(self, title: str, value: int) -> None:
        """Raise UsageError if the number is out of range."""
        if not self.least <= value <= self.most:
            raise UsageError(
                say(
                    "A {title} of {shown} is not possible; choose {least:,} to {most:,}.",
                    title=title,
                    shown=shown(value),
                    least=self.least,
                    most=self.most,
                )
            )


@dataclass(frozen=True)
class Number(Kind[float]):
    """Any finite number."""

    values: str = "VALUE"

    def parse(self, text: str) -> float:
        """Read a number as Python's `float` does."""
        try:
            return float(text)
        except ValueError:
            raise UsageError(say("“{text}” is not a number.", text=text)) from None

    def read(self, value: object) -> float:
        """Accept numbers only, not text."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UsageError(say("“{shown}” is not a number.", shown=shown(value)))
        try:
            return float(value)
        except OverflowError:
            raise UsageError(say("A number as large as this is not possible.")) from None

    def write(self, value: float) -> float:
        """Return the number itself."""
        return value

    def check(self, title: str, value: float) -> None:
        """Raise UsageError for infinity and NaN."""
        if not math.isfinite(value):
            raise UsageError(
                say("A {title} of {value} is not possible; it must be a number.", title=title, value=value)
            )


@dataclass(frozen=True)
class Ranged(Number):
    """Any number from `least` to `most`."""

    least: float = 0.0
    most: float = 1.0

    def parse(self, text: str) -> float:
        """Read a number; refuse one that is out of range at once."""
        value = super().parse(text)
        self.check(say("value"), value)
        return value

    def check(self, title: str, value: float) -> None:
        """Raise UsageError if the number is out of range."""
        if not self.least <= value <= self.most:
            raise UsageError(
                say(
                    "A {title} of {value:g} is not possible; choose {least:g} to {most:g}.",
                    title=title,
                    value=value,
                    least=self.least,
                    most=self.most,
                )
            )


@dataclass(frozen=True)
class Quantity(Kind[T]):
    """A number with a unit, which `parse_text` reads; it is never saved to a file."""

    parse_text: Callable[[str], T]
    values: str = "N"

    def parse(self, text: str) -> T:
        """Read the text with `parse_text`."""
        return self.parse_text(text)


@dataclass(frozen=True)
class Flag(Kind[bool]):
    """Yes or no."""

    values: str = ""

    def parse(self, text: str) -> bool:
        """Read ``yes`` or ``no``; the terminal does not use this, because a flag takes no value there."""
        if text not in {"yes", "no"}:
            raise UsageError(say("“{text}” is neither yes nor no.", text=text))
        return text == "yes"

    def read(self, value: object) -> bool:
        """Accept true or false only."""
        if not isinstance(value, bool):
            raise UsageError(say("“{shown}” is neither true nor false.", shown=shown(value)))
        return value

    def write(self, value: bool) -> bool:  # noqa: FBT001 - the value itself
        """Return the flag itself."""
        return value


@dataclass(frozen=True)
class Text(Kind[str]):
    """Any text."""

    values: str = "NAME"

    def parse(self, text: str) -> str:
        """Return the text unchanged."""
        return text


@dataclass(frozen=True)
class Place(Text):
    """The absolute name of a file or folder, or ``""`` for none."""

    values: str = "FILE"

    def parse(self, text: str) -> str:
        """Return the absolute form of a typed name."""
        return typed_path(text)

    def is_place(self, value: str) -> bool:
        """Whether `value` names a file or folder."""
        return bool(value)

    def read(self, value: object) -> str:
        """Return the name as it was saved."""
        return text_in(value)


@dataclass(frozen=True)
class PlaceOr(Place):
    """The absolute name of a file or folder, or one of a few words."""

    words: tuple[str, ...] = ()
    values: str = "FILE"

    def parse(self, text: str) -> str:
        """Return a word as it is, and the absolute form of a typed name."""
        return text if text in self.words else super().parse(text)

    def is_place(self, value: str) -> bool:
        """Whether `value` is none of the words."""
        return value not in self.words and super().is_place(value)


def typed_path(text: str, folder: str = "") -> str:
    """Return the absolute path that a person typed, perhaps as ``~/stacks`` or ``$HOME/stacks``.

    A shell replaces such names itself, but nobody else does, and a folder called ``~`` is never meant.

    Parameters
    ----------
    text
    folder
        Where a mere name lies; ``""`` for the folder in which the program was started, which whoever types
        into a window does not know.
    """
    if is_address(text):
        return tidied(text)
    typed = os.path.expanduser(os.path.expandvars(text))
    return os.path.abspath(os.path.join(folder, typed)) if text else ""


def text_in(value: object) -> str:
    """Return `value` if it is text that a file name can contain, else raise UsageError."""
    if not isinstance(value, str) or not is_text(value):
        raise UsageError(say("“{shown}” is not text.", shown=shown(value)))
    return value


def is_text(value: object) -> bool:
    """Whether `value` is text that a file name can contain: without NUL and without half a surrogate pair."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def shown(value: object) -> str:
    """Return any JSON value as text that is short enough for a message."""
    if isinstance(value, dict | list | tuple):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) < 10**MAX_SHOWN else say("a number of too many digits")
    text = printable(str(value)[: MAX_SHOWN + 1])
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def seconds(text: str) -> float:
    """Read a time in seconds, more than 0."""
    read = Number().parse(text)
    if not 0 < read < math.inf:
        raise UsageError(say("“{text}” is not a time; write seconds, more than 0.", text=text))
    return read


def pixels(text: str) -> int:
    """Read a number of pixels, also as ``400M`` or ``2G``."""
    bare = text.strip().casefold().removesuffix("px")
    factor = _FACTORS.get(bare[-1:], 1)
    try:
        read = float(bare[:-1] if factor > 1 else bare) * factor
    except ValueError:
        read = 0
    if not 1 <= read <= _MAX_PX:
        raise UsageError(
            say("“{text}” is not a number of pixels; write one such as 400000000, 400M or 2G.", text=text)
        )
    return int(read)


def megabytes(text: str) -> int:
    """Read an amount of memory in megabytes, and return it in bytes."""
    read = Number().parse(text)
    if not 1 <= read < math.inf:
        raise UsageError(say("“{text}” is not an amount of memory; write megabytes, at least 1.", text=text))
    return int(read * 1_000_000)
