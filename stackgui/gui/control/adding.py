"""What happens to the paths that somebody adds: sources, or a project."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stackgui.core.base.addresses import is_address, normal
from stackgui.core.base.text import printable
from stackgui.core.base.typed_addresses import obstacle
from stackgui.core.project.project import SUFFIX
from stackgui.engine.first_use import FIRST_USE
from stackgui.gui.texts.language import tr

if TYPE_CHECKING:
    from stackgui.engine.sources.given_annotations import GivenAnnotations


@dataclass(frozen=True, slots=True)
class Added:
    """What was made of the paths.

    Attributes
    ----------
    sources : tuple of str
        All sources from now on.
    project : str
        File of a project to open instead, or ``""``.
    refused : str
        Sentences that say what was not taken and why, or ``""``.
    """

    sources: tuple[str, ...]
    project: str = ""
    refused: str = ""


def look_at(new: Sequence[str], known: Sequence[str]) -> GivenAnnotations:
    """Tell annotation files from the other `new` sources; reads files."""
    with FIRST_USE:
        from stackgui.engine.sources.given_annotations import given_annotations  # noqa: PLC0415 - loads readers

    return given_annotations(new, known)


def looking(paths: Sequence[str]) -> str:
    """Say that somebody waits to know what lies at these paths."""
    return tr("Looking what “{name}” is…", name=printable(os.path.basename(paths[0]) or paths[0]))


def place_with(before: str, now: str) -> str:
    """Return the place of annotations after the file or folder `now` was added to that of `before`.

    Another file of the same folder joins the first: the folder is the place of both.
    """
    if not now or not Path(before).is_absolute():
        return now or before
    folder = before if Path(before).is_dir() else str(Path(before).parent)
    return folder if Path(now).is_relative_to(folder) else now


def replaced(before: str, now: str) -> str:
    """Say that annotations at `now` are taken instead of those at `before`; ``""`` if they are not."""
    if not Path(before).is_absolute() or Path(before).is_relative_to(now):
        return ""
    return tr(
        "Annotations are taken from {now} now, and no longer from {before}. If you want both, put them into "
        "one folder, and add that.",
        now=printable(now),
        before=printable(before),
    )


def _absolute(path: str) -> str:
    return normal(path) if is_address(path) else str(Path(path).absolute())


def add(known: Sequence[str], paths: Sequence[str]) -> Added:
    """Add folders and files to the sources `known`, unless a project is among them."""
    unfit = {path: why for path in paths if is_address(path) and (why := obstacle(path, known))}
    new = list(dict.fromkeys(_absolute(path) for path in paths if path not in unfit))
    project = next((path for path in new if path.endswith(SUFFIX)), "")
    if project:
        alone = "" if len(new) == 1 else tr("Only the project is opened. Add the other files afterwards.")
        return Added(tuple(known), project, alone)
    sources, refused = list(known), [tr(why) for why in dict.fromkeys(unfit.values())]
    for path in new:
        name = printable(Path(path).name)
        if not is_address(path) and not Path(path).is_dir() and not Path(path).is_file():
            refused.append(tr("“{name}” is neither a folder nor a file.", name=name))
        elif path in known:
            refused.append(tr("“{name}” is already in the list.", name=name))
        else:
            sources.append(path)
    return Added(tuple(sources), refused=" ".join(refused))
