"""The choices at the head of a plan's file, read without its table of rows."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from stackgui.core.base.cancellation import UNWATCHED, Cancellation

HEAD = frozenset({"format", "version", "options", "scan_options", "sources"})
"""What `stackgui.core.plan.shared_plan` looks at."""

BLOCK_BYTES = 2**18
MAX_TEXT = 2**24
"""No text in a plan is as long as this; looking for its end would take ever longer."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def read_head(opened: BinaryIO, cancellation: Cancellation = UNWATCHED) -> dict[str, Any]:
    """Read the members of a plan's file that are choices, and nothing that stands behind them.

    `json.loads` would take all of the file into memory, and hold up every other thread while it parses: for
    a plan of a million pictures that is some seconds.

    Parameters
    ----------
    opened
        JSON, as `SharedPlan.to_json` or `Plan.to_json` gave it, in any encoding of Unicode.
    cancellation
        Checked for every block.

    Raises
    ------
    ValueError
        When it is no JSON object, or is damaged as far as it was read.
    """
    tokens = _tokens(opened, cancellation)
    if next(tokens, "") != "{":
        raise ValueError("not an object")
    found: dict[str, Any] = {}
    mark = ","
    while mark == "," and not found.keys() >= HEAD:
        name = next(tokens, "")
        if not found and name == "}":
            break
        if name[:1] != '"' or next(tokens, "") != ":":
            raise ValueError("a member without a name")
        value = _value(tokens, wanted=(key := json.loads(name)) in HEAD)
        if key in HEAD:
            found[key] = json.loads(value)
        mark = next(tokens, "")
        if mark not in {",", "}"}:
            raise ValueError("an object without an end")
    return found


def _value(tokens: Iterator[str], *, wanted: bool) -> str:
    """The text of the value that comes next, or ``""`` where it is not wanted."""
    depth, kept = 0, []
    for token in tokens:
        depth += (token in {"{", "["}) - (token in {"}", "]"})
        if wanted:
            kept.append(token)
        if depth <= 0:
            return "".join(kept)
    raise ValueError("a value without an end")


def _tokens(opened: BinaryIO, cancellation: Cancellation) -> Iterator[str]:
    """Brackets, marks, and whole texts, numbers and words."""
    rest = ""
    for text in _texts(opened, cancellation):
        rest += text
        end = 0
        for token in _TOKEN.finditer(rest):
            if token.end() == len(rest):  # it may go on in the next block
                break
            yield token[0]
            end = token.end()
        rest = rest[end:]
        if len(rest) > MAX_TEXT:
            raise ValueError("a text that is too long")
    yield from _TOKEN.findall(rest)


def _texts(opened: BinaryIO, cancellation: Cancellation) -> Iterator[str]:
    first = opened.read(BLOCK_BYTES)
    decoder = codecs.getincrementaldecoder(json.detect_encoding(first))("surrogatepass")
    block = first
    while block:
        cancellation.check()
        yield decoder.decode(block)
        block = opened.read(BLOCK_BYTES)
    yield decoder.decode(b"", final=True)
