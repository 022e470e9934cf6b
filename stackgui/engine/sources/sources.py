"""Checks the sources that the person picked: folders, archives, lists of files, or single files."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeAlias

from stackgui.core.base.errors import UsageError
from stackgui.core.base.source_names import is_archive_name, is_list_name
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.engine.sources.reading import not_read


class SourceKind(Enum):
    """Kind of source."""

    FOLDER = "folder"
    ARCHIVE = "archive"
    LIST = "list"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Source:
    """A folder, archive, list or file that the person picked.

    Attributes
    ----------
    name : str
        Absolute path.
    folder : str
        Prefix of its samples' paths; see `stackgui.core.catalog.catalog.Catalog`.
    archive_bytes : int
        Size of an archive; 0 for other kinds.
    """

    name: str
    folder: str
    kind: SourceKind
    archive_bytes: int = 0

    @property
    def root(self) -> str:
        """The folder on disk that holds the source."""
        return os.path.dirname(self.name) if self.kind is SourceKind.ARCHIVE else self.folder


def check_lists(label_list: str, list_root: str) -> None:
    """Check the list of labels and the root of lists, each an absolute path or ``""``; raises UsageError."""
    if label_list:
        _check_label_list(label_list)
    if list_root and not os.path.isdir(list_root):
        message = say(
            "The folder {list_root}, given for the files of lists, does not exist.",
            list_root=printable(list_root),
        )
        raise UsageError(message)


def _check_label_list(name: str) -> None:
    try:
        mode = os.stat(name).st_mode
    except OSError as error:
        raise not_read(say("list of labels"), name, error) from error
    if not stat.S_ISREG(mode):
        what = say("is a folder") if stat.S_ISDIR(mode) else say("is no regular file")
        raise UsageError(
            say("The list of labels {name} {what}, not a list of labels.", name=printable(name), what=what)
        )


def check_sources(names: Sequence[str], list_root: str = "") -> tuple[Source, ...]:
    """Check `names` and return them as sources.

    Parameters
    ----------
    list_root
        Folder that paths in lists are relative to; ``""`` for the folder of each list.

    Raises
    ------
    UsageError
        When there are none, or one does not exist, cannot be read, or lies in another.
    """
    if not names:
        raise UsageError(
            say("Nothing was given. Name a folder with pictures, an archive or a list of files.")
        )
    sources = tuple(_source(os.path.abspath(name), list_root) for name in names)
    _check_apart(sources)
    return sources


@dataclass(frozen=True, slots=True)
class Reached:
    """What could be reached of the sources that the person picked.

    Attributes
    ----------
    sources : tuple of Source
    missing : dict of str to str
        For each name that stands for no source that can be used, why, as a sentence fragment.
    """

    sources: tuple[Source, ...]
    missing: dict[str, str]


def reached_sources(names: Sequence[str], list_root: str = "") -> Reached:
    """Return those of `names` that can be used; raises UsageError if one of these lies in another."""
    missing = {name: why for name in names if (why := _why_missing(os.path.abspath(name)))}
    there = [name for name in names if name not in missing]
    return Reached(check_sources(there, list_root) if there or not names else (), missing)


def _why_missing(name: str) -> str:
    try:
        _source(name, "")
    except UsageError:
        return say("it may not be read") if os.path.lexists(name) else say("it is not there")
    return ""


def _check_apart(sources: Sequence[Source]) -> None:
    """Raise UsageError if a source equals another or lies in it, however their paths are spelt."""
    real = [os.path.realpath(source.name) for source in sources]
    number: dict[_Identity, int] = {}
    for index, path in enumerate(real):
        if number.setdefault(_identity(path), index) != index:
            _refuse(sources[index], say("is there twice"))
    identity = cache(_identity)  # sources often share parents
    for index, path in enumerate(real):
        for parent in map(str, Path(path).parents):
            if (other := number.get(identity(parent))) is not None:
                outer = printable(sources[other].name)
                _refuse(sources[index], say("lies in {outer}, which is there too", outer=outer))


def _refuse(source: Source, reason: str) -> NoReturn:
    shown = printable(source.name)
    raise UsageError(
        say(
            "{shown} {reason}; its pictures would be converted twice. Leave it out.",
            shown=shown,
            reason=reason,
        )
    )


_Identity: TypeAlias = tuple[int, int] | str


def _identity(path: str) -> _Identity:
    """Return what identifies a folder, even on a disk that ignores case or Unicode form in names."""
    with suppress(OSError):
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode) and status.st_ino:
            return status.st_dev, status.st_ino
    return path


def is_inside(inner: str, outer: str) -> bool:
    """Return whether the real path `inner` is `outer` or lies in it."""
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


def _source(name: str, list_root: str) -> Source:
    shown = printable(name)
    if not os.path.lexists(name):
        raise UsageError(say("There is no file or folder {shown}.", shown=shown))
    if os.path.isdir(name):
        if not os.access(name, os.R_OK | os.X_OK):
            raise UsageError(
                say(
                    "There is no permission to read the folder {shown}. Ask its owner, or leave it out.",
                    shown=shown,
                )
            )
        return Source(name, name, SourceKind.FOLDER)
    if not os.path.isfile(name):
        raise UsageError(
            say(
                "{shown} is neither a folder nor a file. Name the folder that holds the pictures.",
                shown=shown,
            )
        )
    if not os.access(name, os.R_OK):
        raise UsageError(
            say(
                "There is no permission to read the file {shown}. Ask its owner, or leave it out.",
                shown=shown,
            )
        )
    if is_archive_name(name):
        return Source(name, name, SourceKind.ARCHIVE, os.path.getsize(name))
    folder = os.path.dirname(name)
    if is_list_name(name):
        return Source(name, os.path.abspath(list_root) if list_root else folder, SourceKind.LIST)
    return Source(name, folder, SourceKind.FILE)
