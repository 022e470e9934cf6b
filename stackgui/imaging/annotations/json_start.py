"""What the start of a JSON file tells of the whole."""

from __future__ import annotations

import re
from functools import lru_cache

from stackgui.imaging.annotations.json_reading import UnreadableError, decoded

_MAX_DEPTH = 50
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[][{},"]', re.DOTALL)
_CLOSING = {b"[": b"]", b"{": b"}"}


@lru_cache(maxsize=2)  # all formats look at the same start one after another
def start_of_json(start: bytes) -> object:
    """Return the value that JSON begins with, which may be cut off anywhere, or None if it is no JSON.

    What is cut off is missing from the value.
    """
    if not start.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, which is cut off seldom enough
        start = start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").encode()
    for text in (start, _closed(start)):
        try:
            return decoded(text, object)
        except UnreadableError:
            continue
    return None


def _closed(text: bytes) -> bytes:
    """Return the whole parts of a text that is cut off, with the brackets closed that are open then."""
    if text.lstrip()[:1] not in _CLOSING:
        return b""
    open_brackets: list[bytes] = []
    kept = b""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in _CLOSING:
            open_brackets.append(_CLOSING[token])
            end = found.end()
        elif token == b",":
            end = found.start()
        elif token in (b"]", b"}"):
            if not open_brackets or open_brackets.pop() != token:
                return b""
            end = found.end()
        elif token == b'"':
            is_value = text[: found.start()].rstrip().endswith(b":")
            return text[: found.start()] + b'""' + _closing(open_brackets) if is_value else kept
        else:
            continue
        if len(open_brackets) > _MAX_DEPTH:
            break
        kept = text[:end] + _closing(open_brackets)
    return kept


def _closing(open_brackets: list[bytes]) -> bytes:
    return b"".join(reversed(open_brackets))
