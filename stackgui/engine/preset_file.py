"""The file that keeps the person's own presets."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import replace

from platformdirs import user_config_path

from stackgui.core.base.text import printable
from stackgui.core.options.presets import Presets
from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained

LARGEST_BYTES = 16 * 2**20
"""Presets are some kilobytes; what is larger by far is something else."""


DAMAGED = ".damaged"
"""Behind the name of a file that could not be read, and was to be written over."""


def preset_file() -> str:
    """Where the presets are, in the folder for settings of the person's account."""
    return str(user_config_path("stackgui", appauthor=False) / "presets.json")


def read_presets(file: str) -> Presets:
    """The presets in `file`, with what of it could not be read; none where it is missing."""
    try:
        with open(file, "rb") as opened:
            read = Presets.from_json(json.loads(opened.read(LARGEST_BYTES)))
    except FileNotFoundError:
        return Presets()
    except OSError as error:
        read = Presets(problem=f"Your presets cannot be read: {error.strerror}.")
    except (ValueError, RecursionError):
        read = Presets.from_json(None)
    if not read.problem:
        return read
    kept = f"As soon as you save one, the file is kept as {printable(file + DAMAGED)}."
    return replace(read, problem=f"{read.problem} {kept}")


def write_presets(file: str, presets: Presets) -> None:
    """Put `presets` in the place of what `file` holds, all or nothing; raises StoreError.

    A file that could not be read in full is kept beside it.
    """
    following = f"{file}.{os.getpid()}.next"
    with explained(file):
        os.makedirs(os.path.dirname(file), exist_ok=True)
        try:
            with open(following, "wb") as opened:
                opened.write((json.dumps(presets.to_json(), indent=1) + "\n").encode("ascii"))
                opened.flush()
                sync_file(opened.fileno())
            if read_presets(file).problem:
                os.replace(file, file + DAMAGED)
            os.replace(following, file)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(following)
