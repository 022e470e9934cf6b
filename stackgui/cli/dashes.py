"""Values that begin with a dash, which argparse takes for options: ``--scale -1..1``."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Collection, Sequence

_END = "--"
"""Behind it no word is an option."""


def joined(words: Sequence[str], actions: Collection[argparse.Action]) -> list[str]:
    """Write ``--option=-value`` where one of `actions` that takes a value has one with a dash behind it.

    A word that is an option, or looks like one that was mistyped, is no value; whoever means it as one writes
    the equals sign.
    """
    options = {option for action in actions for option in action.option_strings}
    taking = {option for action in actions if action.nargs is None for option in action.option_strings}
    result: list[str] = []
    waits = False
    for index, word in enumerate(words):
        if word == _END:
            return [*result, *words[index:]]
        if waits and word.startswith("-") and not _is_option(word, options):
            result[-1] += f"={word}"
            waits = False
        else:
            result.append(word)
            waits = word in taking
    return result


def _is_option(word: str, options: set[str]) -> bool:
    """Whether a `word` with a dash is one of `options`, or is likely meant to be one."""
    name = word.split("=", 1)[0]
    return name in options or (word.startswith(_END) and bool(difflib.get_close_matches(name, options, n=1)))
