"""Names as a person can read them, whatever their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LONE = re.compile("[\ud800-\udfff]")
"""What Python puts for bytes that are no text; no file in UTF-8 can hold it."""

# The last four are the wide forms of the first four.
_RISKY = re.compile("(^|[;\t\r\n])(?=[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet may see the start of a formula: at the start of a cell, also of those into which a
cell is cut where semicolons or tabs are taken as separators."""


def lines_of(text: str) -> Iterator[str]:
    r"""The lines of `text`, without their ends: ``\n``, ``\r\n``, or ``\r`` where there is nothing else.

    `str.splitlines` would also end them at characters that may stand in a name, such as U+2028.
    """
    text = text if "\n" in text else text.replace("\r", "\n")
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield text[begin:end].removesuffix("\r")
        begin = end + 1


def legible(name: str) -> str:
    r"""`name` with the bytes that are no text shown as ``\xNN``."""
    return _LONE.sub(_escaped, name)


def printable(name: str) -> str:
    """`name` on one line of a message: as `legible`, and with control characters escaped."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in legible(name)
    )


def sheet_text(name: str) -> str:
    """`name` as it is shown in a spreadsheet: legible, and no part of it begins a formula."""
    return _RISKY.sub(r"\1'", legible(name))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code & 0xFF:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"  # noqa: PLR2004
