"""What an export asks of whoever began it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from stackgui.core.base.cancellation import Progress
from stackgui.stores.export.contents import Meter
from stackgui.stores.export.exporter import InPieces
from stackgui.stores.recovery.lease import Permit

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack


WritePieces: TypeAlias = Callable[["Stack", InPieces, str, Progress, Callable[[], Permit]], None]
"""Writes all pieces of a stack to a target; the last argument gives others the right to do so."""


def write_here(
    stack: Stack, work: InPieces, target: str, progress: Progress, _lend: Callable[[], Permit]
) -> None:
    """Write the pieces one after the other."""
    meter = Meter(stack, progress)
    for piece in work.pieces(stack):
        work.write(stack.path, target, piece, meter.add)


def _nothing(*_arguments: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What is called while a stack is exported.

    Attributes
    ----------
    begins : callable
        Called before anything of the stack is written, once nothing is in the way.
    sends : callable
        Called when what was made here is complete and is about to be sent.
    tells : callable
        Called with a sentence about what takes time or is cleaned up.
    write_pieces : callable
        Writes the pieces of exporters that have some.
    """

    begins: Callable[[], object] = _nothing
    sends: Callable[[], object] = _nothing
    tells: Callable[[str], object] = _nothing
    write_pieces: WritePieces = write_here


PLAINLY = Calls()
