"""Delete the contents of a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection


def clear(folder: str, keep: Collection[str]) -> None:
    """Delete everything in `folder` except the files named in `keep`; raises OSError."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in keep:
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)
