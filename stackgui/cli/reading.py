"""Reading what stands behind an option."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

from stackgui.core.base.errors import UsageError

MAX_WORKERS = 256
_MANY = {"k": 10**3, "m": 10**6, "g": 10**9}
_MAX_PIXELS = 2**62


def reader(parse_text: Callable[[str], object]) -> Callable[[str], object]:
    """Let a `UsageError` of a parser reach the person as it is."""

    def read(text: str) -> object:
        try:
            return parse_text(text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error

    return read


def number(text: str) -> float:
    """A number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number") from None


def whole(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if text.isascii() and text.isdecimal() and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"“{text}” is not possible; choose {least:,} to {most:,}")

    return read


def workers(text: str) -> int:
    """How many workers there are to be."""
    if text.isascii() and text.isdecimal() and 0 < int(text) <= MAX_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is not a number of workers; choose 1 to {MAX_WORKERS}")


def deep(text: str) -> int | None:
    """How many rows are to be made again; None for all."""
    if text.strip().casefold() == "all":
        return None
    if text.isascii() and text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is not a number of rows; write a number above 0, or all")


def seconds(text: str) -> float:
    """A time, more than 0."""
    read = number(text)
    if not 0 < read < math.inf:
        raise argparse.ArgumentTypeError(f"“{text}” is not a time; write seconds, more than 0")
    return read


def pixels(text: str) -> int:
    """A number of pixels, also as ``400M`` or ``2G``."""
    bare = text.strip().casefold().removesuffix("px")
    factor = _MANY.get(bare[-1:], 1)
    try:
        read = float(bare[:-1] if factor > 1 else bare) * factor
    except ValueError:
        read = 0
    if not 1 <= read <= _MAX_PIXELS:
        raise argparse.ArgumentTypeError(
            f"“{text}” is not a number of pixels; write one such as 400000000, 400M or 2G"
        )
    return int(read)


def megabytes(text: str) -> int:
    """An amount of memory in bytes, written in megabytes."""
    read = number(text)
    if not 1 <= read < math.inf:
        raise argparse.ArgumentTypeError(f"“{text}” is not an amount of memory; write megabytes, at least 1")
    return int(read * 1_000_000)
