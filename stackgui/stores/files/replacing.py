"""Replacing a small file as a whole, so that a crash leaves either the old or the new one."""

from __future__ import annotations

import os
from contextlib import suppress

from stackgui.stores.files import renaming
from stackgui.stores.files.durable import sync_file, sync_folder
from stackgui.stores.files.failures import explained

DAMAGED = ".damaged"
"""Suffix for the copy of a damaged file that is about to be overwritten."""


def replace_file(file: str, contents: bytes, *, keeps_old: bool = False) -> None:
    """Replace `file` durably, and make its folder if there is none; raises StoreError.

    Parameters
    ----------
    keeps_old
        Whether to keep what is there now, with the suffix `DAMAGED`.
    """
    following = f"{file}.{os.getpid()}.next"
    folder = os.path.dirname(file)
    with explained(file):
        os.makedirs(folder, exist_ok=True)
        try:
            with open(following, "wb") as opened:
                opened.write(contents)
                opened.flush()
                sync_file(opened.fileno())
            if keeps_old:
                with suppress(FileNotFoundError):
                    renaming.replace(file, file + DAMAGED)
            renaming.replace(following, file)
            sync_folder(folder)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(following)
