"""Reading the choices at the head of a plan file, without the table of rows that follows."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from stackgui.core.base.cancellation import UNWATCHED, Cancellation

HEAD = frozenset({"format", "version", "options", "scan_options", "sources"})
"""The members that `stackgui.core.plan.shared_plan` uses."""

BLOCK_BYTES = 2**18
MAX_TEXT = 2**24
"""Characters; no token of a plan is longer. Without a limit, each block would be searched again and again."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def read_head(opened: BinaryIO, cancellation: Cancellation = UNWATCHED) -> dict[str, Any]:
    """Read the members of a plan file that are choices, and stop before what follows them.

    `json.loads` would load the whole file into memory and block every other thread while it parses: several
    seconds for a plan of a million pictures.

    Parameters
    ----------
    opened
        JSON from `SharedPlan.to_json` or `Plan.to_json`, in any Unicode encoding.
    cancellation
        Checked for every block.

    Raises
    ------
    ValueError
        When the file is no JSON object, or is damaged in the part that was read.
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
    """Return the JSON text of the next value, or ``""`` if it is not wanted."""
    depth, kept = 0, []
    for token in tokens:
        depth += (token in {"{", "["}) - (token in {"}", "]"})
        if wanted:
            kept.append(token)
        if depth <= 0:
            return "".join(kept)
    raise ValueError("a value without an end")


def _tokens(opened: BinaryIO, cancellation: Cancellation) -> Iterator[str]:
    """Yield JSON tokens: brackets, punctuation, and whole strings, numbers and words."""
    rest = ""
    for text in _texts(opened, cancellation):
        rest += text
        end = 0
        for token in _TOKEN.finditer(rest):
            if token.end() == len(rest):  # it may continue in the next block
                break
            yield token[0]
            end = token.end()
        rest = rest[end:]
        if len(rest) > MAX_TEXT:
            raise ValueError("a text that is too long")
    yield from _TOKEN.findall(rest)


def _texts(opened: BinaryIO, cancellation: Cancellation) -> Iterator[str]:
    """Read and decode the file block by block."""
    first = opened.read(BLOCK_BYTES)
    decoder = codecs.getincrementaldecoder(json.detect_encoding(first))("surrogatepass")
    block = first
    while block:
        cancellation.check()
        yield decoder.decode(block)
        block = opened.read(BLOCK_BYTES)
    yield decoder.decode(b"", final=True)
