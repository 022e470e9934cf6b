"""What exports of annotations share: the pictures in a folder for each part, and the masks beside them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.wording import say
from stackgui.stores.export import pictures, rows
from stackgui.stores.export.rows import Row
from stackgui.stores.export.webdataset import described_bytes
from stackgui.stores.files.opening import open_to_write

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

_MASKS = "masks"
_ROW_BYTES = 8192
"""Upper bound for what files of a row take beside their content, in blocks of a disk."""


def no_objects(stack: Stack) -> str:
    """Say that a stack has no annotations; ``""`` if it has."""
    if stack.objects is not None:
        return ""
    return say("This kind is for boxes, polygons and keypoints, and this stack has none.")


def object_files_bytes(stack: Stack) -> int:
    """Return an upper bound for the size of the files of pictures, masks and objects."""
    files = pictures.files_bytes(stack, as_picture=pictures.is_png(stack))
    return files + 3 * described_bytes(stack) + _ROW_BYTES * (len(stack) + 1)


def write_pictures(
    stack: Stack, target: str, folder_of: Callable[[str], str], progress: Progress, *, masks: bool = True
) -> None:
    """Write the picture of each row into the folder of its part, and its mask into the same one of masks."""
    folders = {part: os.path.join(target, folder_of(part)) for part in rows.parts(stack)}
    beside = {part: os.path.join(target, _MASKS, folder_of(part)) for part in rows.parts(stack)}
    with_masks = masks and stack.masks is not None
    for folder in (*folders.values(), *(beside.values() if with_masks else ())):
        os.makedirs(folder)

    def make(row: Row) -> bytes:
        if with_masks and row.mask is not None:
            suffix, content = pictures.mask_file(row.mask)
            _write_file(os.path.join(beside[row.part], f"{row.number:09d}{suffix}"), content)
        return pictures.picture_file(stack, row, as_picture=True)

    def take(row: Row, content: bytes) -> None:
        _write_file(os.path.join(folders[row.part], f"{row.number:09d}.png"), content)

    rows.each_row(stack, make, take, progress)


def _write_file(path: str, content: bytes) -> None:
    with open_to_write(path) as file:
        file.write(content)
