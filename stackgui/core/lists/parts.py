"""The dataset split of a list of files by its name: train.csv, val.txt, train_labels.csv."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from stackgui.core.labels.folder_names import part_called

_AMBIGUOUS = frozenset({"valid", "dev"})
"""Words that mean a split only if they are the whole name."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def parts_by_name(names: Sequence[str]) -> list[str]:
    """Return the split that each of the lists called `names` holds, or ``""``.

    All are ``""`` unless there are lists of different splits: one list alone is not a split of anything.
    """
    parts = [_part(os.path.basename(name)) for name in names]
    return parts if len(set(parts) - {""}) > 1 else [""] * len(parts)


def _part(name: str) -> str:
    stem = os.path.splitext(name)[0]
    words = {word.lower() for word in _WORD.findall(stem)}
    parts = {part_called(word) for word in words - _AMBIGUOUS} - {""}
    return part_called(stem) or (parts.pop() if len(parts) == 1 else "")
