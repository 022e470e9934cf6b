"""What a person picked: folders, archives, lists of files, or single files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from stackgui.core.errors import UsageError
from stackgui.core.source_names import is_archive_name, is_list_name


class SourceKind(Enum):
    """What a source is."""

    FOLDER = "folder"
    ARCHIVE = "archive"
    LIST = "list"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Source:
    """What a person picked.

    Attributes
    ----------
    name : str
        Absolute.
    folder : str
        What its samples' names begin with; see `stackgui.core.catalog.Catalog`.
    """

    name: str
    folder: str
    kind: SourceKind

    @property
    def root(self) -> str:
        """The folder on the disk in which all of it lies."""
        return os.path.dirname(self.name) if self.kind is SourceKind.ARCHIVE else self.folder


def check_sources(names: Sequence[str], list_root: str = "") -> tuple[Source, ...]:
    """Make sources of `names`.

    Parameters
    ----------
    list_root
        The folder that the names in lists are relative to; ``""`` for the one in which the list lies.

    Raises
    ------
    UsageError
        When there is none, or one is not there, cannot be read, or lies in another.
    """
    if not names:
        raise UsageError("Nothing was given. Name a folder with pictures, an archive or a list of files.")
    sources = tuple(_source(os.path.abspath(name), list_root) for name in names)
    real = [os.path.realpath(source.name) for source in sources]
    for index, inner in enumerate(real):
        for other, outer in enumerate(real):
            if index != other and is_inside(inner, outer):
                same = (
                    "is there twice"
                    if inner == outer
                    else f"lies in {sources[other].name}, which is there too"
                )
                raise UsageError(f"{sources[index].name} {same}; its pictures would be taken twice.")
    return sources


def is_inside(inner: str, outer: str) -> bool:
    """Whether the real path `inner` is `outer` or lies in it."""
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


def _source(name: str, list_root: str) -> Source:
    if not os.path.lexists(name):
        raise UsageError(f"There is no file or folder {name}.")
    if os.path.isdir(name):
        if not os.access(name, os.R_OK | os.X_OK):
            raise UsageError(f"You have no permission to read the folder {name}.")
        return Source(name, name, SourceKind.FOLDER)
    if not os.path.isfile(name):
        raise UsageError(f"{name} is neither a folder nor a file. Choose the folder that holds the pictures.")
    if not os.access(name, os.R_OK):
        raise UsageError(f"You have no permission to read the file {name}.")
    if is_archive_name(name):
        return Source(name, name, SourceKind.ARCHIVE)
    folder = os.path.dirname(name)
    if is_list_name(name):
        return Source(name, os.path.abspath(list_root) if list_root else folder, SourceKind.LIST)
    return Source(name, folder, SourceKind.FILE)
