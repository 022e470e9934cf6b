"""Reading what stands behind an option."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from stackgui.core.base.errors import UsageError

MAX_WORKERS = 256


def reader(parse_text: Callable[[str], object]) -> Callable[[str], object]:
    """Let a `UsageError` of a parser reach the person as it is."""

    def read(text: str) -> object:
        try:
            return parse_text(text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error

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
