"""Checks the sources that the person picked: folders, archives, lists of files, or single files."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeAlias

from stackgui.core.base.addresses import absolute, address_in, is_address, is_on_web
from stackgui.core.base.errors import UsageError
from stackgui.core.base.source_names import is_archive_name, is_list_name
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.engine.sources.reading import not_read, open_any, os_reason, read_from
from stackgui.stores.files import objects

_SNIFFED_BYTES = 2**16
"""Bytes of a list in which the first address must be, if it names addresses."""


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
        """The folder on disk, or the address, that holds the source."""
        return os.path.dirname(self.name) if self.kind is SourceKind.ARCHIVE else self.folder


def check_lists(label_list: str, list_root: str) -> None:
    """Check the list of labels and the root of lists, each an absolute path or ``""``; raises UsageError."""
    if label_list:
        _check_label_list(label_list)
    if list_root and not is_address(list_root) and not os.path.isdir(list_root):
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
    sources = tuple(_source(absolute(name), list_root) for name in names)
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


def reached_sources(
    names: Sequence[str], list_root: str = "", asks: Callable[[str], object] = lambda _name: None
) -> Reached:
    """Return those of `names` that can be used; raises UsageError if one of these lies in another.

    `asks` is called with each, before the disk or the server is asked for it.
    """
    missing = {name: why for name in names if (why := _why_missing(name, asks))}
    there = [name for name in names if name not in missing]
    return Reached(check_sources(there, list_root) if there or not names else (), missing)


def _why_missing(name: str, asks: Callable[[str], object]) -> str:
    asks(name)
    try:
        if is_address(name):
            _at_address(absolute(name), "")
        else:
            _source(os.path.abspath(name), "")
    except OSError as error:
        return os_reason(error)
    except UsageError as error:
        if is_address(name):
            return str(error)
        return say("it may not be read") if os.path.lexists(name) else say("it is not there")
    return ""


def _check_apart(sources: Sequence[Source]) -> None:
    """Raise UsageError if a source equals another or lies in it, however their paths are spelt."""
    real = [_real(source.name) for source in sources]
    number: dict[_Identity, int] = {}
    for index, path in enumerate(real):
        if number.setdefault(_identity(path), index) != index:
            _refuse(sources[index], say("is there twice"))
    identity = cache(_identity)  # sources often share parents
    for index, path in enumerate(real):
        for parent in _above(path):
            if (other := number.get(identity(parent))) is not None:
                outer = printable(sources[other].name)
                _refuse(sources[index], say("lies in {outer}, which is there too", outer=outer))


def _real(name: str) -> str:
    return name if is_address(name) else os.path.realpath(name)


def _above(path: str) -> Iterator[str]:
    """Yield the folders that hold `path`, or the addresses that hold an address."""
    if not is_address(path):
        yield from map(str, Path(path).parents)
        return
    while not (path := path.rpartition("/")[0]).endswith("/"):
        yield path


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
    if is_address(path):
        return path
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
    if is_address(name):
        try:
            return _at_address(name, list_root)
        except OSError as error:
            raise UsageError(
                say("{shown} cannot be read: {reason}.", shown=shown, reason=os_reason(error))
            ) from error
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
    if is_list_name(name):
        return Source(name, _folder_of_list(name, list_root), SourceKind.LIST)
    return Source(name, os.path.dirname(name), SourceKind.FILE)


def _at_address(name: str, list_root: str) -> Source:
    """Return what lies at an address as a source; raises OSError, UsageError."""
    if is_archive_name(name):
        return Source(name, name, SourceKind.ARCHIVE, objects.state(name).size_bytes)
    if is_list_name(name):
        objects.state(name)
        return Source(name, _folder_of_list(name, list_root), SourceKind.LIST)
    if not is_on_web(name) and objects.is_folder(name):
        return Source(name, name, SourceKind.FOLDER)
    try:
        objects.state(name)
    except OSError as error:
        if error.errno != errno.ENOENT or not is_on_web(name):
            raise
        raise UsageError(
            say(
                "There is no file {shown}. Nobody can ask what a folder on the web holds: name a picture, an "
                "archive, or a list with an address on each line.",
                shown=printable(name),
            )
        ) from error
    return Source(name, name.rpartition("/")[0], SourceKind.FILE)


def _folder_of_list(name: str, list_root: str) -> str:
    """Return what the names in a list are relative to: addresses to their schemes, others to its folder."""
    if list_root:
        return absolute(list_root)
    if start := address_in(os.fsdecode(_start_of(name))):
        return start
    return name.rpartition("/")[0] if is_address(name) else os.path.dirname(name)


def _start_of(name: str) -> bytes:
    if is_address(name):
        return objects.start(name, _SNIFFED_BYTES)[1]
    try:
        with open_any(name) as file:
            return read_from(file, _SNIFFED_BYTES)
    except OSError:
        return b""  # reading the list will tell
