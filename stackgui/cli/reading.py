"""Reading the values of options."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from stackgui.core.base.errors import UsageError

MAX_WORKERS = 256


def reader(parse_text: Callable[[str], object]) -> Callable[[str], object]:
    """Adapt `parse_text` to argparse, so that the text of its `UsageError` reaches the person."""

    def read(text: str) -> object:
        try:
            return parse_text(text)
        except UsageError as error:
            raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error

    return read


def workers(text: str) -> int:
    """Read a number of workers."""
    if text.isascii() and text.isdecimal() and 0 < int(text) <= MAX_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is not a number of workers; choose 1 to {MAX_WORKERS}")


def deep(text: str) -> int | None:
    """Read how many rows to make again; None means all."""
    if text.strip().casefold() == "all":
        return None
    if text.isascii() and text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is not a number of rows; write a number above 0, or all")
