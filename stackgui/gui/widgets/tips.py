"""Tooltips that quote what a person did not write."""

from __future__ import annotations

import html


def plain_tip(text: str) -> str:
    """`text` for a tooltip, where Qt would take a file name such as ``<b>.jpg`` for markup."""
    shown = html.escape(text).replace("\n", "<br>")
    return f"<span>{shown}</span>"
