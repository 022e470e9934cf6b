"""Deleting what is in a folder of ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection


def clear(folder: str, keep: Collection[str]) -> None:
    """Delete everything in `folder` but files called `keep`; raises OSError."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in keep:
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)
