"""Splitting text into lines, and escaping file names so that they can be shown safely."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SURROGATE = re.compile("[\ud800-\udfff]")
"""Surrogates, which Python puts in place of undecodable bytes; UTF-8 cannot encode them."""

# The last four are the full-width forms of the first four.
_FORMULA_START = re.compile("(^|[;\t\r\n])(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet may see the start of a formula: at the start of a cell, and wherever it may split the
cell at semicolons or tabs."""


def lines_of(text: str) -> Iterator[str]:
    r"""Yield the lines of `text`, which end with ``\n`` or ``\r\n``, or with ``\r`` if there is no ``\n``.

    `str.splitlines` would also split at characters that names may contain, such as U+2028.
    """
    text = text if "\n" in text else text.replace("\r", "\n")
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield text[begin:end].removesuffix("\r")
        begin = end + 1


def legible(name: str) -> str:
    r"""Return `name` with undecodable bytes escaped as ``\xNN``."""
    return _SURROGATE.sub(_escaped, name)


def printable(name: str) -> str:
    """Return `name` for use in a message: as `legible`, and with control characters escaped."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in legible(name)
    )


def sheet_text(name: str) -> str:
    """Return `name` for use in a spreadsheet: as `legible`, and so that no part of it starts a formula."""
    return _FORMULA_START.sub(r"\1'", legible(name))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code & 0xFF:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"  # noqa: PLR2004
