"""Annotation files that a person names as sources: they are no pictures, and tell where pictures are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from stackgui.core.base.errors import SampleError
from stackgui.core.base.source_names import may_be_annotations
from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say
from stackgui.core.labels.folder_names import holds_annotations, is_part
from stackgui.engine.sources.annotation_files import (
    COMPANIONS,
    TITLES,
    Candidate,
    format_of,
    has_one_picture,
)
from stackgui.engine.sources.sources import is_inside
from stackgui.imaging import PICTURE_SUFFIXES

YOLO = "yolo"
NAMED_BY_YOLO = tuple(name for name in COMPANIONS if name.endswith((".yaml", ".yml")))

LOOKED_THROUGH = 10_000
"""Files of a folder among which a picture is looked for."""

LEVELS = 3
"""Folders of annotations and of splits, one in the other, above which pictures may lie."""


@dataclass(frozen=True, slots=True)
class GivenAnnotations:
    """Sources without the annotation files among them.

    Attributes
    ----------
    sources : tuple of str
        The names that are no annotation files, and the folders of the pictures of those that are.
    place : str
        Where the annotations are, as in `ScanOptions`, or ``""`` if the search finds them.
    told : tuple of Wording
        A sentence about each annotation file.
    is_homeless : bool
        Whether nothing is known of the pictures of the annotations.
    """

    sources: tuple[str, ...]
    place: str = ""
    told: tuple[Wording, ...] = ()
    is_homeless: bool = False


def given_annotations(names: Sequence[str], known: Sequence[str] = ()) -> GivenAnnotations:
    """Tell annotation files from pictures, lists and folders.

    Parameters
    ----------
    names
        Absolute names of new sources.
    known
        Sources that were there before.
    """
    formats = {
        name: found for name in names if may_be_annotations(name) and (found := _format(name)) is not None
    }
    others = tuple(name for name in names if name not in formats)
    if not formats:
        return GivenAnnotations(others)
    titles = {name: TITLES[found] for name, found in formats.items()}
    if others or known:
        told = tuple(_said(name, title) for name, title in titles.items())
        return GivenAnnotations(others, _place(formats), told)
    homes = {name: _home(name) for name in formats}
    if lost := tuple(_said(name, titles[name], home) for name, home in homes.items() if not home):
        return GivenAnnotations((), _place(formats), lost, is_homeless=True)
    told = tuple(_said(name, titles[name], home) for name, home in homes.items())
    is_whole = any(map(has_one_picture, formats.values()))
    return GivenAnnotations(_outermost(homes.values()), "" if is_whole else _place(formats), told)


def _said(name: str, title: str, home: str | None = None) -> Wording:
    file = printable(os.path.basename(name))
    if home is None:
        return say(
            "{file} holds annotations ({title}). They are taken for the pictures of the other sources.",
            file=file,
            title=title,
        )
    if home:
        return say(
            "{file} holds annotations ({title}). Their pictures are looked for in {folder}.",
            file=file,
            title=title,
            folder=printable(home),
        )
    return say(
        "{file} holds annotations ({title}), but no pictures lie beside it. Add their folder.",
        file=file,
        title=title,
    )


def _format(name: str) -> str | None:
    """Return the name of the format of the annotation file called `name`; None if it is none."""
    if os.path.basename(name) in NAMED_BY_YOLO:
        return YOLO
    return format_of((Candidate(os.fsencode(name)),), _not_packed) or None


def _not_packed(_file: Candidate, _count: int) -> bytes:
    raise SampleError(say("it is not there"))


def _place(formats: Mapping[str, str]) -> str:
    """Return the file of annotations, or the folder with all of them; the first file if that is far above."""
    own = [os.path.dirname(name) if has_one_picture(found) else name for name, found in formats.items()]
    folders = [os.path.dirname(name) for name in formats]
    try:
        common = os.path.commonpath(folders)
    except ValueError:  # on different drives
        return own[0]
    is_near = all(os.path.relpath(each, common).count(os.sep) < LEVELS for each in folders)
    is_root = os.path.dirname(common) == common
    return own[0] if len(own) == 1 or is_root or not is_near else common


def _home(name: str) -> str:
    """Return the folder of the project that an annotation file belongs to; ``""`` if no picture is there."""
    folder = os.path.dirname(name)
    for _level in range(LEVELS):
        own = os.path.basename(folder)
        if _has_picture(folder) or not (holds_annotations(own) or is_part(own)):
            break
        folder = os.path.dirname(folder)
    return folder if _has_picture(folder) else ""


def _has_picture(folder: str) -> bool:
    files = (name for _folder, _folders, names in os.walk(folder) for name in names)
    return any(
        os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES for name in islice(files, LOOKED_THROUGH)
    )


def _outermost(folders: Iterable[str]) -> tuple[str, ...]:
    """Return the folders that lie in no other."""
    found = sorted(set(folders))
    return tuple(
        each for each in found if not any(is_inside(each, other) for other in found if other != each)
    )
