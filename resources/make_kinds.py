# ruff: noqa: INP001 - a script beside its data, in no package
"""Write ``resources/kinds.zip``: a small file of every kind that is read, and what has to come out of it.

The self-test of an installed program decodes them. Run this after a change to the table of kinds in
``make_formats.py``; a test fails when that was forgotten.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from make_formats import FORMATS, read, written_kinds  # noqa: E402

from stackgui.self_test.kinds import ARCHIVE, LISTING, KindFile, outcome  # noqa: E402

HEIGHT_PX, WIDTH_PX = 32, 48
MADE = (1980, 1, 1, 0, 0, 0)
"""Date of everything in the archive, so that the same files give the same archive."""


def picture(dtype: str, channels: int) -> NDArray[Any]:
    """A picture of slanted shades, others in every channel, from the least number to the largest."""
    rows, columns, channel = np.ogrid[:HEIGHT_PX, :WIDTH_PX, :channels]
    shades = ((rows * 3 + columns * 2 + channel * 17) % 160) / 159
    if np.dtype(dtype).kind == "f":
        return shades.astype(dtype)
    limits = np.iinfo(dtype)
    return (limits.min + (float(limits.max) - limits.min) * shades).astype(dtype)


def files() -> Iterator[tuple[KindFile, bytes]]:
    """Yield every kind of file with its bytes."""
    for kind, pixels, data in written_kinds(picture):
        found, format_ = read(data)
        title = kind.name or FORMATS[format_.name].title
        yield outcome(title, pixels.dtype.name, pixels.shape[-1], format_, found), data


def main() -> None:
    """Write the archive."""
    listed = []
    with zipfile.ZipFile(HERE / ARCHIVE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for described, data in files():
            listed.append(described.to_json())
            archive.writestr(zipfile.ZipInfo(described.path, MADE), data, zipfile.ZIP_DEFLATED)
        text = json.dumps(listed, indent=0, ensure_ascii=False)
        archive.writestr(zipfile.ZipInfo(LISTING, MADE), text, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
