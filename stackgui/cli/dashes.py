"""Values that begin with a dash, such as ``--scale -1..1``, which argparse would take for options."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Collection, Sequence

_END = "--"
"""No word after this one is an option."""


def joined(words: Sequence[str], actions: Collection[argparse.Action]) -> list[str]:
    """Join an option of `actions` and the value with a dash that follows it into ``--option=-value``.

    A word that is an option, or looks like a mistyped one, does not count as a value; to make it one, type
    the equals sign.
    """
    options = {option for action in actions for option in action.option_strings}
    taking = {option for action in actions if action.nargs is None for option in action.option_strings}
    result: list[str] = []
    expects_value = False
    for index, word in enumerate(words):
        if word == _END:
            return [*result, *words[index:]]
        if expects_value and word.startswith("-") and not _is_option(word, options):
            result[-1] += f"={word}"
            expects_value = False
        else:
            result.append(word)
            expects_value = word in taking
    return result


def _is_option(word: str, options: set[str]) -> bool:
    """Tell whether a `word` with a dash is one of `options`, or is probably meant to be one."""
    name = word.split("=", 1)[0]
    return name in options or (word.startswith(_END) and bool(difflib.get_close_matches(name, options, n=1)))
