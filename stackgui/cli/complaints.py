"""Rewording argparse's error messages in plain English."""

from __future__ import annotations

import re

_PLAIN = (
    (
        r"argument COMMAND: invalid choice: '(.*)' \(choose from (.*)\)",
        r"there is no command, file or folder “\1”; the commands are \2",
    ),
    ("the following arguments are required: COMMAND", "a command is missing"),
    ("the following arguments are required: (.*)", r"\1 is missing"),
    ("argument (.*): expected one argument", r"\1 needs a value after it"),
    ("argument (.*): not allowed with argument (.*)", r"\1 and \2 cannot go together"),
    ("argument (.*): ignored explicit argument '(.*)'", r"\1 takes no value, but “\2” was given"),
    ("unrecognized arguments: (.*)", r"there is nothing to do with “\1”"),
    ("argument (-[a-z-]+): (.*)", r"\1: \2"),
)


def plain(message: str) -> str:
    """Reword one of argparse's messages as a sentence without its full stop."""
    for pattern, replacement in _PLAIN:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return _with_capital(found.expand(replacement))
    return _with_capital(message)


def _with_capital(message: str) -> str:
    option, colon, rest = message.partition(": ")
    if colon and option.startswith("-"):
        # The message was a sentence of its own, which now follows the option's name.
        return f"{option}: {rest[:1].lower()}{rest[1:]}"
    return message if message.startswith("-") else f"{message[:1].upper()}{message[1:]}"
