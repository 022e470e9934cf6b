"""The files that the rows of a stack were made from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.units import format_count
from stackgui.stores.format.manifest_look import ManifestLook, manifest_name
from stackgui.stores.format.open_array import damaged

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
        """Return what the manifest says of each row; raises StackguiError if it is damaged."""
        return map(self._checked, self._lines.entries())

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

    def _checked(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return {**entry, "source": str(entry["source"]), "file": str(entry["file"])}
        except (KeyError, TypeError, ValueError) as error:
            raise StackguiError(damaged(self._folder, manifest_name(self._folder))) from error


def _path_of(entry: Mapping[str, Any]) -> str:
    return os.path.join(str(entry["source"]), str(entry["file"]))
