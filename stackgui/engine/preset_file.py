"""Reads and writes the file with the person's own presets."""

from __future__ import annotations

import json
from dataclasses import replace

from platformdirs import user_config_path

from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.options.presets import Presets
from stackgui.stores.files.replacing import DAMAGED, replace_file

MAX_BYTES = 16 * 2**20
"""Maximum size to read; presets take some kilobytes, and a far larger file is something else."""


def preset_file() -> str:
    """Return the path of the presets, in the settings folder of the person's account."""
    return str(user_config_path("stackgui", appauthor=False) / "presets.json")


def read_presets(file: str) -> Presets:
    """Read the presets in `file`, with any problem in reading them; none if the file does not exist."""
    try:
        with open(file, "rb") as opened:
            read = Presets.from_json(json.loads(opened.read(MAX_BYTES)))
    except FileNotFoundError:
        return Presets()
    except OSError as error:
        read = Presets(problem=say("Your presets cannot be read: {reason}.", reason=system_reason(error)))
    except (ValueError, RecursionError):
        read = Presets.from_json(None)
    if not read.problem:
        return read
    kept = say("As soon as you save one, the file is kept as {file}.", file=printable(file + DAMAGED))
    return replace(read, problem=joined(" ", (read.problem, kept)))


def write_presets(file: str, presets: Presets) -> None:
    """Replace `file` with `presets` atomically; raises StoreError.

    If the old file could not be read in full, it is kept under another name.
    """
    written = (json.dumps(presets.to_json(), indent=1) + "\n").encode("ascii")
    replace_file(file, written, keeps_old=bool(read_presets(file).problem))
