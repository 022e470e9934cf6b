"""Small text files that people hand over: in UTF-8 or UTF-16, and perhaps JSON."""

from __future__ import annotations

import codecs
import json
from typing import Any

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_and_json(data: bytes) -> tuple[str, Any]:
    """Return the text of a file, and its value if it is a JSON list or object, else None.

    What only begins like JSON is none: a class may be called "[unknown]".

    Raises
    ------
    UsageError
        When it is not text.
    """
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(say("It is not text in UTF-8.")) from error
    try:
        return text, json.loads(text) if text.lstrip().startswith(("[", "{")) else None
    except (ValueError, RecursionError):
        return text, None
