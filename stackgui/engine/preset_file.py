"""The file that keeps the person's own presets."""

from __future__ import annotations

import json
import os
from contextlib import suppress

from platformdirs import user_config_path

from stackgui.core.options.presets import Presets
from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained

LARGEST_BYTES = 16 * 2**20
"""Presets are some kilobytes; what is larger by far is something else."""


def preset_file() -> str:
    """Where the presets are, in the folder for settings of the person's account."""
    return str(user_config_path("stackgui", appauthor=False) / "presets.json")


def read_presets(file: str) -> Presets:
    """The presets in `file`; none where it is missing or spoilt."""
    try:
        with open(file, "rb") as opened:
            return Presets.from_json(json.loads(opened.read(LARGEST_BYTES)))
    except (OSError, ValueError, RecursionError):
        return Presets()


def write_presets(file: str, presets: Presets) -> None:
    """Put `presets` in the place of what `file` holds, all or nothing; raises StoreError."""
    following = f"{file}.{os.getpid()}.next"
    with explained(file):
        os.makedirs(os.path.dirname(file), exist_ok=True)
        try:
            with open(following, "wb") as opened:
                opened.write((json.dumps(presets.to_json(), indent=1) + "\n").encode("ascii"))
                opened.flush()
                sync_file(opened.fileno())
            os.replace(following, file)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(following)
