"""Reading what stands behind an option."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable

from stackgui.core.errors import UsageError


def reader(parse_text: Callable[[str], object]) -> Callable[[str], object]:
    """Let a `UsageError` of a parser reach the person as it is."""

    def read(text: str) -> object:
        try:
            return parse_text(text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error

    return read


def os_sentence(error: OSError) -> str:
    """Why the system does not let a file be read that was named, as a sentence fragment."""
    known = {
        errno.ENOENT: "there is no such file",
        errno.EACCES: "there is no permission to read it",
        errno.EISDIR: "it is a folder",
    }
    return known.get(error.errno or 0) or (error.strerror or str(error)).lower()


def number(text: str) -> float:
    """A number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no number") from None


def whole(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if text.isascii() and text.isdecimal() and least <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"“{text}” is not possible; choose {least:,} to {most:,}")

    return read
