"""The declaration of an exporter."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

from stackgui.core.base.cancellation import Progress
from stackgui.core.run.loading_from import Loads
from stackgui.stores.export.things import Thing

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack


def _none(_stack: Stack) -> str:
    return ""


_ONLY_DRAWN = frozenset({Thing.DRAWN})


def all_but_drawn(_stack: Stack) -> frozenset[Thing]:
    """Return what exports leave out that hold what the tables of a stack hold, as most do."""
    return _ONLY_DRAWN


class Piece(Protocol):
    """A part of an export, which may be divided further."""

    def __len__(self) -> int: ...

    def part(self, begin: int, end: int) -> Self:
        """Return items `begin` to `end` of it."""
        ...


@dataclass(frozen=True, slots=True)
class InPieces:
    """What of an export others may do, each piece for itself.

    Attributes
    ----------
    pieces : callable
        Yields the pieces of a stack.
    write : callable
        Writes a piece of the stack in a folder to a target, and calls a function with the size in bytes of
        the rows that it has written since the last call.
    """

    pieces: Callable[[Stack], Iterator[Piece]]
    write: Callable[[str, str, Any, Callable[[int], object]], None]


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes a finished stack in a format that other programs open.

    `export_stack` takes care of names, locks, free space, interruptions and syncing.

    Attributes
    ----------
    name : str
        The name that one types.
    title : str
        What it makes, in a few words.
    audience : str
        For whom that is, as a sentence.
    write : callable
        Writes a stack to a path that does not exist yet, a file or, without a suffix, a folder, in memory
        independent of the number of rows. It tells the progress the number of rows written so far, several
        times a second. May raise OSError and StackguiError.
    size_bytes : callable
        Returns an upper bound for the size of what it makes of a stack.
    loading : str
        Python that opens it, with ``{target}`` for its path.
    loading_at : str
        The same for an address, if that can be opened where it is.
    loads : Loads, optional
        Python that then names each array and table, where it holds them under names.
    suffix : str
        Suffix of the target's name, with the dot; ``""`` for a folder that may have any name.
    needs : tuple of str
        Python packages that it needs and that the program itself does not install.
    keeps_all : bool
        Whether rows that are not valid are kept, so that row numbers stay; otherwise they are left out.
    lacks : callable
        Returns what it leaves out of a stack, if the stack has that.
    in_pieces : InPieces, optional
        What is written first, perhaps by several computers; `write` does the rest.
    problem : callable
        Returns why a stack cannot be exported like this, as a sentence, or ``""``.
    """

    name: str
    title: str
    audience: str
    write: Callable[[Stack, str, Progress], None]
    size_bytes: Callable[[Stack], int]
    loading: str
    loading_at: str = ""
    loads: Loads | None = None
    suffix: str = ""
    needs: tuple[str, ...] = ()
    keeps_all: bool = True
    lacks: Callable[[Stack], frozenset[Thing]] = all_but_drawn
    in_pieces: InPieces | None = None
    problem: Callable[[Stack], str] = _none


def missing_packages(exporter: Exporter) -> tuple[str, ...]:
    """Return the packages that an exporter needs and that are not installed."""
    return tuple(name for name in exporter.needs if importlib.util.find_spec(name) is None)
