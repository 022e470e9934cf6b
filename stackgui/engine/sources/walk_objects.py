"""Walks what lies below an address, in a worker, in the order in which a folder would be walked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from stackgui.core.base.natural import natural_key
from stackgui.core.base.skip_kinds import STACKS, UNREADABLE_FOLDERS
from stackgui.core.base.source_names import is_archive_name
from stackgui.core.base.wording import say
from stackgui.engine.sources.names import skip_by_name
from stackgui.stores.files import objects
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.recovery.folder import MARKER

LISTED_AT_ONCE = 10_000
"""Objects below a place up to which all of them are listed by a few requests; otherwise folder by folder, so
that progress can be told and no process holds all names."""

_STACK_FILES = frozenset({HEADER_FILE, MARKER})
_ZARR_FILES = frozenset({"zarr.json", ".zarray", ".zgroup"})


@dataclass(slots=True)
class _Place:
    """What lies in a place: the sizes of files, and the folders, which are None where not listed yet."""

    files: dict[str, int] = field(default_factory=dict)
    folders: dict[str, _Place | None] = field(default_factory=dict)

    def add(self, name: str, size: int) -> None:
        """Add a file by its path."""
        place = self
        *folders, own = name.split("/")
        for folder in folders:
            inner = place.folders.setdefault(folder, _Place())
            assert inner is not None
            place = inner
        if own:
            place.files[own] = size


@dataclass(frozen=True, slots=True)
class Met:
    """A file, or a folder of which the entries have not been listed yet, by its path below the address.

    Attributes
    ----------
    path : str
    skip, detail : str
        As in `stackgui.engine.sources.walk.Found`.
    is_folder, is_archive : bool
    size_bytes : int
    """

    path: str
    skip: str = ""
    detail: str = ""
    is_folder: bool = False
    is_archive: bool = False
    size_bytes: int = 0


def met_below(address: str, path: str) -> Iterator[Met]:
    """Yield what lies below `path`, which is relative to `address`, in natural order; raises AddressError."""
    name = f"{address}/{path}" if path else address
    yield from _in_order(_listed(name), f"{path}/" if path else "")


def _listed(name: str) -> _Place:
    place, count = _Place(), 0
    for page in objects.names_below(name):
        for each in page:
            place.add(*each)
        count += len(page)
        if count > LISTED_AT_ONCE:
            break
    else:
        return place
    files, folders = objects.names_in(name)
    return _Place(dict(files), dict.fromkeys(folders))


def _in_order(place: _Place, prefix: str) -> Iterator[Met]:
    """Yield what a place holds; folders are called like files that mark them, which have no bytes."""
    levels = [_level(place, prefix)]
    while levels:
        if (item := next(levels[-1], None)) is None:
            levels.pop()
        elif isinstance(item, Met):
            yield item
        else:
            levels.append(_level(*item))


def _level(place: _Place, prefix: str) -> Iterator[Met | tuple[_Place, str]]:
    """Yield the files in a place as they are met, and the folders in it."""
    if prefix and (skipped := _as_one(place)) is not None:
        kind, detail = skipped
        yield Met(prefix[:-1], kind, detail)
        return
    for name in sorted(place.files.keys() | place.folders.keys(), key=_order):
        if name in place.folders:
            inner = place.folders[name]
            if skip := skip_by_name(os.fsencode(name), is_folder=True):
                yield Met(prefix + name, skip)
            elif inner is None:
                yield Met(prefix + name, is_folder=True)
            else:
                yield inner, f"{prefix}{name}/"
        if name in place.files and not (name in place.folders and not place.files[name]):
            skip, size = skip_by_name(os.fsencode(name), is_folder=False), place.files[name]
            yield Met(prefix + name, skip, is_archive=is_archive_name(name), size_bytes=size)


def _as_one(place: _Place) -> tuple[str, str] | None:
    """Return why a place is skipped as a whole, if it is a stack or a Zarr array."""
    names = place.files.keys()
    if _STACK_FILES & names:
        return STACKS, ""
    if _ZARR_FILES & names:
        return UNREADABLE_FOLDERS, say("Zarr arrays are read from disks only, not from addresses")
    return None


def _order(name: str) -> tuple[object, bytes]:
    return natural_key(name), os.fsencode(name)
