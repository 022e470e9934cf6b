"""The options that say what the program is made of: ``--version`` and ``--licences``."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import stackgui
from stackgui.cli.printing import print_to_stream

FIRST = f"stackgui {stackgui.__version__}"
"""The first line, which scripts read."""


class Told(argparse.Action):
    """An option that prints what `make` returns and ends the program; only then is anything made."""

    def __init__(
        self,
        option_strings: Sequence[str],
        dest: str,
        make: Callable[[], str],
        help: str,  # noqa: A002 - as argparse calls it
    ) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)
        self._make = make

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:  # noqa: ANN401 - as argparse calls it
        """Print and end."""
        with contextlib.suppress(OSError):
            print_to_stream(self._make(), sys.stdout)
        parser.exit()


def add_versions(parser: argparse.ArgumentParser) -> None:
    """Add both options."""
    asked = partial(parser.add_argument, action=Told)
    asked("--version", make=versions, help="print the versions of the program and of all its parts")
    asked("--licences", "--licenses", make=licences, help="print the licences of all parts in full")


def versions() -> str:
    """Return the versions as lines of text."""
    from stackgui.made_of import components  # noqa: PLC0415 - reads the metadata of all libraries

    own, *parts = components()
    widest = max(len(each.name) for each in parts)
    lines = [f"  {each.name:{widest}}  {each.version:14} {each.licence}".rstrip() for each in parts]
    second = f"Its licence is {own.licence}. “stackgui --licences” prints all in full."
    return "\n".join([FIRST, second, *lines])


def licences() -> str:
    """Return the licences in full, one part after another."""
    from stackgui.made_of import components  # noqa: PLC0415 - as above

    texts = []
    for each in components():
        head = f"{each.name} {each.version}, {each.licence or 'see its text'}"
        text = each.text() or f"It came without its text. See {each.page}"
        texts.append(f"{'=' * len(head)}\n{head}\n{'=' * len(head)}\n\n{text}\n")
    return "\n\n".join(texts)
