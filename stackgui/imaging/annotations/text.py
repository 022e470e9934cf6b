"""Text of annotation files, whose encoding is written nowhere."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import islice

from stackgui.imaging.annotations.declaration import START_BYTES

MAX_NAME = 250
"""Longest name of a class in characters; the rest of a longer one is cut off."""

MAX_LINES = 20
"""Lines to look at when a file is to be recognised."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes) -> str:
    """Return the text in `data`, whatever it holds, with a line feed at the end of each line.

    Without a mark at its start, it is taken for UTF-8 or, where that is impossible, for that of Western
    Windows, in which different bytes stay different names.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding and b"\0" in data[:2]:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if encoding:
        text = data.decode(encoding, errors="replace")
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def first_lines(start: bytes, most: int = MAX_LINES) -> list[str]:
    """Return the first lines of a file that are not empty, at most `most`, from its first `START_BYTES`."""
    # A character may be cut in two at the end, which must not change how the others are read.
    text = decoded(start[: -(len(start) % 4) or None]) if len(start) >= START_BYTES else decoded(start)
    lines = text.split("\n")
    if len(start) >= START_BYTES and len(lines) > 1:
        lines.pop()
    return list(islice((line for line in lines if line.strip()), most))


def is_number(text: str) -> bool:
    """Return whether `text` is a number in decimal digits; it may still be too large for a float."""
    return _NUMBER.fullmatch(text) is not None


_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


@lru_cache(maxsize=4096)
def class_name(text: str) -> str:
    """Return the name of a class as it can be shown and saved: on one line, and of a bounded length."""
    name = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)[:MAX_NAME]


def without_suffix(name: str) -> str:
    """Return the name of a file without its suffix; folders stay."""
    folder, slash, last = name.rpartition("/")
    stem, dot, _ = last.rpartition(".")
    return f"{folder}{slash}{stem if dot and stem else last}"
