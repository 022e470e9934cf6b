"""Export a stack to an address, so that what is there is complete, or plainly is not.

Zarr is written where it belongs, shard by shard. Everything else is made on this computer first, because its
parts are not written in order, and then sent file by file; the file that describes the others goes last.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.errors import DestinationError, StoreError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.run.export_target import address_problem
from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.making import WORK_NAME, check_space, sync
from stackgui.stores.export.ways import Calls
from stackgui.stores.files import object_store
from stackgui.stores.files.claim import Claim, ClaimEndedError
from stackgui.stores.files.failures import explained
from stackgui.stores.files.sending import PART_BYTES, send
from stackgui.stores.recovery.folder import MARKER, PARTIAL, PartialFolder, is_locked
from stackgui.stores.stack.reader import Stack

_AT_ONCE = 8
"""Small files that are sent at once, each by a thread: the round trip takes the time."""

_FOLDER = "stackgui-export-"


def export_to_address(stack: Stack, exporter: Exporter, target: str, progress: Progress, calls: Calls) -> int:
    """Write `stack` to an address, as `stackgui.stores.export.exporting.export_stack` does to a path.

    A kill leaves a claim beside the target, by which the next export to it knows what it may delete.
    """
    if problem := address_problem(target, exporter.suffix):
        raise DestinationError(problem)
    claim = Claim.take(target, exporter.name, progress, calls.tells)
    try:
        _make_room(claim, calls)
        claim.begin()
        with explained(target):
            _write(stack, exporter, claim, _Claimed(progress, claim), calls)
            size_bytes = sum(
                version.size_bytes for page in object_store.versions_below(target) for _, version in page
            )
            size_bytes = size_bytes or object_store.version(target).size_bytes
    except BaseException:
        _withdraw(claim)
        raise
    claim.end()
    return size_bytes


class _Claimed:
    """A progress that also ends the work once the claim has ended."""

    def __init__(self, progress: Progress, claim: Claim) -> None:
        self._progress, self._claim = progress, claim

    def check(self) -> None:
        self._progress.check()
        self._claim.check()

    def reached(self, done: int, total: int | None = None) -> None:
        self._progress.reached(done, total)
        self._claim.check()


def _make_room(claim: Claim, calls: Calls) -> None:
    """Delete what an interrupted export has left; refuse to write over anything else."""
    target = claim.place
    with explained(target, DestinationError):
        if claim.left is not None:
            calls.tells(
                say(
                    "An export to {target} was interrupted; what it left is deleted.",
                    target=printable(target),
                )
            )
            object_store.clear(target)
        elif object_store.is_anything_at(target):
            raise DestinationError(
                say(
                    "There is already something at {target}. Choose another name, or delete it.",
                    target=printable(target),
                )
            )


def _withdraw(claim: Claim) -> None:
    """Delete what was written, or leave it to the next export; never raises."""
    try:
        if claim.has_begun:
            claim.check()
            with explained(claim.place):
                object_store.clear(claim.place)
    except ClaimEndedError:
        pass  # what is there belongs to another writer
    except StoreError:
        claim.leave()
    claim.end()


def _write(stack: Stack, exporter: Exporter, claim: Claim, progress: Progress, calls: Calls) -> None:
    target = claim.place
    if exporter.in_pieces is not None:
        calls.begins()
        calls.write_pieces(stack, exporter.in_pieces, target, progress, lambda: claim.right)
        exporter.write(stack, target, progress)
        return
    with _temporary_folder() as folder:
        made = folder.file(WORK_NAME + exporter.suffix)
        check_space(made, exporter.size_bytes(stack))
        calls.begins()
        with explained(made):
            exporter.write(stack, made, progress)
            size_bytes = sync(made)
        calls.sends()
        _send(made, target, size_bytes, len(stack), progress)


@contextmanager
def _temporary_folder() -> Iterator[PartialFolder]:
    """Make a folder in which an export is made, and delete it; also those of exports that were killed."""
    place = tempfile.gettempdir()
    with suppress(OSError):
        for name in os.listdir(place):
            left = os.path.join(place, name, WORK_NAME + PARTIAL)
            if (
                name.startswith(_FOLDER)
                and os.path.isfile(os.path.join(left, MARKER))
                and not is_locked(left)
            ):
                shutil.rmtree(os.path.join(place, name), ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True) as own:
        folder = PartialFolder(os.path.join(own, WORK_NAME))
        try:
            yield folder
        finally:
            folder.remove()


def _send(made: str, target: str, size_bytes: int, rows: int, progress: Progress) -> None:
    """Send a file, or the files of a folder; the one that was made last goes last."""
    done = 0

    def sent(count: int) -> None:
        nonlocal done
        done += count
        progress.reached(done * rows // max(size_bytes, 1))

    progress.reached(0)
    if not os.path.isdir(made):
        send(target, made, sent)
        return
    *files, last = sorted(
        _files(made), key=lambda name: (os.stat(os.path.join(made, name)).st_mtime_ns, name)
    )
    pending: dict[Future[None], int] = {}
    with ThreadPoolExecutor(_AT_ONCE, "send") as pool:
        try:
            for name in files:
                file, address = os.path.join(made, name), f"{target}/{name.replace(os.sep, '/')}"
                if (size := os.stat(file).st_size) > PART_BYTES:
                    send(address, file, sent)
                    continue
                pending[pool.submit(send, address, file, _no_progress)] = size
                if len(pending) >= 2 * _AT_ONCE:
                    _collect(pending, sent)
            while pending:
                _collect(pending, sent)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    send(f"{target}/{last.replace(os.sep, '/')}", os.path.join(made, last), sent)


def _collect(pending: dict[Future[None], int], sent: Callable[[int], object]) -> None:
    """Wait for files that are under way; raises what went wrong with one."""
    for each in wait(pending, return_when=FIRST_COMPLETED).done:
        size = pending.pop(each)
        each.result()
        sent(size)


def _no_progress(_count: int) -> None:
    """Tell nothing: a thread may not."""


def _files(folder: str) -> Iterator[str]:
    for place, _folders, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(place, name), folder) for name in names)
