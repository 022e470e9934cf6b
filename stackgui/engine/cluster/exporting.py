"""Lets a cluster write the pieces of an export: hands them out, and counts what was written."""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError

from distributed import KilledWorker

from stackgui.core.base.addresses import is_address
from stackgui.core.base.cancellation import Cancellation, Progress
from stackgui.core.base.errors import RunError
from stackgui.core.base.wording import joined, say
from stackgui.engine.cluster.agreement import Seen, seen
from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.cluster.crew import Crew
from stackgui.engine.cluster.filling import AHEAD
from stackgui.engine.cluster.handing import Handing
from stackgui.engine.cluster.hands import refusals
from stackgui.engine.cluster.parcels import pack
from stackgui.engine.cluster.writers import Writers, WriteTask, versions_of, write_piece
from stackgui.stores.export.contents import Meter, arrays
from stackgui.stores.export.exporter import InPieces, Piece
from stackgui.stores.format.header import file_in
from stackgui.stores.recovery.lease import LEASE_FILE, Permit
from stackgui.stores.stack.reader import Stack

PARTS_EACH = 4
"""Parts for each thread of the cluster, where there are so many: so all end at about the same time."""


class ClusterPieces:
    """Writes the pieces of one export on a cluster; it is a `WritePieces`.

    Parameters
    ----------
    cluster
    packages
        Those that the exporter needs.
    """

    def __init__(self, cluster: Cluster, packages: tuple[str, ...]) -> None:
        self._cluster = cluster
        self._packages = packages
        self._name = f"stackgui-{secrets.token_hex(8)}"
        self._crew = Crew(cluster)
        self._is_begun = False

    def __call__(
        self, stack: Stack, work: InPieces, target: str, progress: Progress, lend: Callable[[], Permit]
    ) -> None:
        """Write the pieces; when this returns or raises, nobody writes any more.

        Raises
        ------
        RunError
            When the cluster is lost, or its workers cannot do it.
        StoreError, Cancelled
        """
        permit = lend()
        try:
            self._cluster.give(Writers(self._name, self._packages, versions_of(self._packages)))
            if refused := refusals(self._cluster.client, self._name):
                raise RunError(joined(" ", refused))
            self._crew.look(at_once=True)
            self._write(stack, work, target, progress, permit)
        finally:
            permit.end()
            self._cluster.take_back(self._name)
            if self._is_begun:
                self._crew.settle(self._name, ask=True)

    def _write(self, stack: Stack, work: InPieces, target: str, progress: Progress, permit: Permit) -> None:
        meter, self._is_begun = Meter(stack, progress), True
        todo = deque(_parts(list(work.pieces(stack)), PARTS_EACH * self._crew.decoders))
        files = _seen(stack, target)
        handing = _Handing(
            self._cluster,
            self._name,
            files,
            lambda piece: WriteTask(work.write, stack.path, target, piece, permit, files),
        )
        try:
            while todo or handing.pending:
                progress.check()
                self._crew.look()
                while todo and len(handing.pending) < AHEAD * self._crew.decoders:
                    handing.hand_out(todo.popleft())
                if (found := handing.next_done()) is None:
                    continue
                future, piece = found
                try:
                    meter.add(future.result()[0])
                except CancelledError as error:
                    todo.extendleft([piece, *handing.lost()])
                    self._regain(progress, error)
                except KilledWorker as error:
                    raise RunError(
                        say(
                            "Workers of the cluster keep ending while they write, perhaps for want of memory."
                        )
                    ) from error
        finally:
            handing.stop()

    def _regain(self, cancellation: Cancellation, error: BaseException) -> None:
        """Connect again to a scheduler that was lost; raises RunError if it is not there for too long."""
        lost = RunError(
            say(
                "The scheduler of the cluster at {address} was lost. Start it again, with its workers, and "
                "export again.",
                address=str(self._cluster.address),
            )
        )
        if not self._cluster.regain(cancellation):
            raise lost from error
        self._crew.forget()
        try:
            self._cluster.give_again()
        except RunError:
            raise lost from error


def _parts(pieces: list[Piece], least: int) -> Iterator[Piece]:
    """Yield the pieces, divided so that there are `least` parts if possible."""
    share = max(1, sum(map(len, pieces)) // least)
    for piece in pieces:
        step = min(len(piece), share)
        for begin in range(0, len(piece), step):
            yield piece.part(begin, min(begin + step, len(piece)))


class _Handing(Handing[Piece]):
    """The pieces that the scheduler has."""

    def __init__(
        self, cluster: Cluster, name: str, files: tuple[Seen, ...], task: Callable[[Piece], WriteTask]
    ) -> None:
        super().__init__(cluster)
        self._name = name
        self._files = files
        self._task = task
        self._number = 0

    def hand_out(self, piece: Piece) -> None:
        """Give a piece to the scheduler."""
        self._number += 1
        future = self._cluster.client.submit(
            write_piece, pack(self._task(piece)), self._files, self._name,
            key=f"write_piece-{self._name}-{self._number}", pure=False,
        )  # fmt: skip
        self.await_it(future, piece)


def _seen(stack: Stack, target: str) -> tuple[Seen, ...]:
    """Return the states of the files that hosts read, and of one beside what they write."""
    files = [file_in(stack.path, spec.file) for spec in arrays(stack).values()]
    if not is_address(target):
        files.append(os.path.join(os.path.dirname(target), LEASE_FILE))
    return seen(files)
