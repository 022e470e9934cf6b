"""The files that the rows of a stack were made from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.units import format_count
from stackgui.stores.files.failures import explained
from stackgui.stores.format.header import file_in
from stackgui.stores.format.manifest import JSON_FILE
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.format.open_array import damaged

_READ_BYTES = 4 * 2**20

_SHOWN_NAMES = 3
"""Number of file names that `repr` shows at the beginning of many."""


class Files(Sequence[str]):
    """The absolute paths of a stack's files, each read from its manifest on access."""

    def __init__(self, folder: str, rows: int) -> None:
        self._folder = folder
        self._rows = rows
        self._lines = ManifestLook(folder, rows)

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return self._names(range(*index.indices(self._rows)))
        return self._names([range(self._rows)[index]])[0]

    def _names(self, rows: Sequence[int]) -> list[str]:
        return [_path_of(self._checked(line)) for line in self._lines.lines(rows)]

    def __iter__(self) -> Iterator[str]:
        return map(_path_of, self.entries())

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """Yield what the manifest says of each row, in their order; raises StackguiError if it is damaged."""
        with explained(self._path(), StackguiError), open(self._path(), "rb") as file:
            for _ in range(self._rows):
                yield self._entry(file.readline(_READ_BYTES))

    def __repr__(self) -> str:
        if self._rows <= _SHOWN_NAMES + 1:
            return f"[{', '.join(self._shown(range(self._rows)))}]"
        names = f"{', '.join(self._shown(range(_SHOWN_NAMES)))}, …, {self._shown([-1])[0]}"
        return f"[{names}] ({format_count(self._rows, 'file')})"

    def _shown(self, rows: Iterable[int]) -> list[str]:
        """Return names as `repr` shows them, or the error if the manifest is damaged."""
        try:
            return [repr(self[row]) for row in rows]
        except (OSError, StackguiError) as error:
            return [f"<{error}>"]

    def _path(self) -> str:
        return file_in(self._folder, JSON_FILE)

    def _entry(self, line: bytes) -> Mapping[str, Any]:
        try:
            return self._checked(json.loads(line))
        except ValueError as error:
            raise StackguiError(damaged(self._folder, JSON_FILE)) from error

    def _checked(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return {**entry, "source": str(entry["source"]), "file": str(entry["file"])}
        except (KeyError, TypeError, ValueError) as error:
            raise StackguiError(damaged(self._folder, JSON_FILE)) from error


def _path_of(entry: Mapping[str, Any]) -> str:
    return os.path.join(str(entry["source"]), str(entry["file"]))
