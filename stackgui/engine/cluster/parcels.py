"""Packs what travels between the computers of a cluster, which may call the same folder differently.

Text and bytes that are absolute paths travel apart from the rest, so that whoever unpacks them can say where
that file is there. The names in a catalog, a plan or an error are always those of the computer on which the
job was begun.
"""

from __future__ import annotations

import io
import os
import pickle
from dataclasses import replace
from functools import lru_cache
from typing import Any

from stackgui.core.run.path_map import PathMap
from stackgui.engine.sources.roots import NOWHERE, Root

MARK = "="
"""Stands before a path while it travels, or it would be taken for one again."""

SAME = PathMap()
"""For a computer that calls everything as the one does on which the job was begun."""


class _Packer(pickle.Pickler):
    def __init__(self, into: io.BytesIO, paths: PathMap) -> None:
        super().__init__(into, protocol=pickle.HIGHEST_PROTOCOL)
        self._paths = paths

    def persistent_id(self, value: object) -> object:
        if isinstance(value, Root):
            return "root", self._sent(value.path), value.device, value.is_empty
        # A sentence may begin like a path, too, but is of a class of its own.
        if not (type(value) is str or type(value) is bytes) or not os.path.isabs(value):
            return None
        return type(value).__name__, self._sent(value)

    def _sent(self, path: str | bytes) -> str:
        return MARK + self._paths.back(os.fsdecode(path))


class _Unpacker(pickle.Unpickler):
    def __init__(self, packed: bytes, paths: PathMap, *, is_host: bool) -> None:
        super().__init__(io.BytesIO(packed))
        self._paths, self._is_host = paths, is_host

    def persistent_load(self, name: Any) -> object:  # noqa: ANN401 - what `persistent_id` returned
        kind, path, *state = name
        place = self._paths.here(path.removeprefix(MARK))
        match kind:
            case "str":
                return place
            case "bytes":
                return os.fsencode(place)
            case "root" if self._is_host:
                return _root_here(os.fsencode(place), *state)
            case "root":
                return Root(os.fsencode(place), *state)
        raise pickle.UnpicklingError


def pack(value: object, paths: PathMap = SAME) -> bytes:
    """Return `value` with the paths in it as the computer calls them on which the job was begun."""
    into = io.BytesIO()
    _Packer(into, paths).dump(value)
    return into.getvalue()


def unpack(packed: bytes) -> Any:  # noqa: ANN401 - whatever was packed
    """Return what a host has packed, on the computer on which the job was begun."""
    return _Unpacker(packed, SAME, is_host=False).load()


def unpack_on_host(packed: bytes, paths: PathMap) -> Any:  # noqa: ANN401 - whatever was packed
    """Return what was packed, with the paths in it as this host calls them."""
    return _Unpacker(packed, paths, is_host=True).load()


def _root_here(path: bytes, device: int, is_empty: bool) -> Root:  # noqa: FBT001 - as it was packed
    """Return a source folder as this host sees it: device numbers differ from computer to computer.

    It is looked at once for each device number where the job was begun: another disk may come back.
    """
    found = _looked_at(path, device)
    if found.device == NOWHERE:
        _looked_at.cache_clear()
    return replace(found, is_empty=is_empty)


@lru_cache(maxsize=1024)
def _looked_at(path: bytes, _device: int) -> Root:
    return Root.at(path)
