"""Tables of a scan on the disk, so that nobody has to hold all samples in memory.

They lie in files without a name in the cache folder of the program. The system frees such a file as soon as
nobody uses it, however that came about; nothing is left to be cleaned up after a crash.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import RunError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.engine.scanning.chunk import Column, Part, Table, joined
from stackgui.stores.files.nameless import folder_of_nameless, nameless_file
from stackgui.stores.format.column_file import ColumnFile, ColumnWriter, Place


@dataclass(frozen=True, slots=True)
class _Numbers:
    place: Place

    def opened(self, file: ColumnFile) -> Column:
        return file.column(self.place)


@dataclass(frozen=True, slots=True)
class _Texts:
    codes: Place
    names: tuple[str, ...]

    def opened(self, file: ColumnFile) -> Column:
        return Coded(file.column(self.codes), self.names)


@dataclass(frozen=True, slots=True)
class _Names:
    data: Place
    ends: Place

    def opened(self, file: ColumnFile) -> Column:
        return file.names(self.data, self.ends)


Stored: TypeAlias = _Numbers | _Texts | _Names
"""Where a column lies."""


class Spool:
    """A file of columns that vanishes with the last of them.

    Parameters
    ----------
    file : binary file
    folder : str
        The folder in which it lies.
    cancellation : Cancellation
        Checked every few megabytes.
    """

    def __init__(self, file: BinaryIO, folder: str, cancellation: Cancellation) -> None:
        self._file, self._folder = file, folder
        weakref.finalize(self, _close, file)
        with self._explained():
            self._writer = ColumnWriter(file, cancellation)
        self._mapped: tuple[int, ColumnFile] | None = None

    @classmethod
    def made(cls, cancellation: Cancellation) -> Spool | None:
        """Return an empty one; None where the system grants no file, so that memory has to do."""
        file = nameless_file()
        return None if file is None else cls(file, folder_of_nameless(), cancellation)

    def write(self, parts: Callable[[], Iterable[Column]]) -> Stored:
        """Append a column that comes in parts of one kind, at least one; `parts` may be called again.

        Raises
        ------
        RunError
            When the disk is full, or fails.
        Cancelled
        """
        first = next(iter(parts()))
        with self._explained():
            if isinstance(first, Coded):
                known: dict[str, int] = {}
                codes = (_recoded(part, known) for part in parts())
                place = self._writer.write_parts(codes, np.dtype(np.int32))
                return _Texts(place, tuple(known))
            if isinstance(first, Paths):
                return _Names(*self._writer.write_parts_of_names(parts))
            return _Numbers(self._writer.write_parts(parts(), first.dtype))

    def opened(self, stored: Mapping[str, Stored]) -> dict[str, Column]:
        """Return columns that lie in the file; they are mapped, and read when somebody looks at them."""
        with self._explained():
            self._file.flush()
            if self._mapped is None or self._mapped[0] != self._writer.end:
                self._mapped = self._writer.end, ColumnFile(self._file, self._writer.end)
        file = self._mapped[1]
        return {name: each.opened(file) for name, each in stored.items()}

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RunError(
                say(
                    "The table of the samples cannot be written to {folder}: {why}. Make room there, or scan "
                    "fewer files at a time.",
                    folder=printable(self._folder),
                    why=system_reason(error),
                )
            ) from error


def _close(file: BinaryIO) -> None:
    with suppress(OSError):  # what a full disk did not take is wanted by nobody now
        file.close()


def joined_on_disk(
    parts: Sequence[Part], wanted: Mapping[str, np.dtype[Any] | None], cancellation: Cancellation
) -> dict[str, Column]:
    """Join columns of `parts`, at least one, in a file of their own; in memory where there can be none.

    Raises
    ------
    RunError
        When the disk is full, or fails.
    Cancelled
    """

    def column(name: str) -> Iterator[Column]:
        return (part.values(name, wanted[name]) for part in parts)

    if (spool := Spool.made(cancellation)) is None:
        return {name: joined(list(column(name))) for name in wanted}
    return spool.opened({name: spool.write(partial(column, name)) for name in wanted})


def stored_table(spool: Spool, table: Table) -> dict[str, Stored]:
    """Append all columns of `table`; raises as `Spool.write`."""
    return {name: spool.write(partial(iter, (column,))) for name, column in table.items()}


def _recoded(part: Coded, known: dict[str, int]) -> NDArray[np.int32]:
    """Return the codes that the texts of `part` have in `known`, in which new ones are entered in order."""
    is_known = np.array([name in known for name in part.names], np.bool_)
    if not is_known.all():
        codes, first = np.unique(part.codes[~is_known[part.codes]], return_index=True)
        for code in codes[np.argsort(first)].tolist():
            known.setdefault(part.names[code], len(known))
    found: NDArray[np.int32] = np.array([known.get(name, 0) for name in part.names], np.int32)[part.codes]
    return found
