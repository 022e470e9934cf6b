"""Tooltips for text from outside, such as file names."""

from __future__ import annotations

import html


def plain_tip(text: str) -> str:
    """Escape `text` for a tooltip, where Qt would read a file name such as ``<b>.jpg`` as markup."""
    shown = html.escape(text).replace("\n", "<br>")
    return f"<span>{shown}</span>"
