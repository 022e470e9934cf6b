"""Export a stack so that the target is either complete or absent."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from typing import TypeAlias

from stackgui.core.advice.estimate import DISK_RESERVE_BYTES
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.errors import DestinationError, StackguiError, StoreError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.stores.export.contents import Meter
from stackgui.stores.export.exporter import Exporter, InPieces, missing_packages
from stackgui.stores.files import renaming
from stackgui.stores.files.durable import sync_file, sync_folder
from stackgui.stores.files.failures import explained, sentence
from stackgui.stores.recovery.folder import PartialFolder
from stackgui.stores.recovery.retry_marker import was_interrupted
from stackgui.stores.recovery.unfinished import unfinished_at
from stackgui.stores.stack.destination import check_parent, holds
from stackgui.stores.stack.reader import Stack

_WORK_NAME = "export"
"""Name of the unfinished export, in a folder of its own beside the target."""

WritePieces: TypeAlias = Callable[[Stack, InPieces, str, Progress], None]
"""Writes all pieces of a stack to a target."""


def write_here(stack: Stack, work: InPieces, target: str, progress: Progress) -> None:
    """Write the pieces one after the other."""
    meter = Meter(stack, progress)
    for piece in work.pieces(stack):
        work.write(stack.path, target, piece, meter.add)


def export_stack(
    stack: Stack,
    exporter: Exporter,
    target: str,
    progress: Progress,
    *,
    begins: Callable[[], object] = lambda: None,
    write_pieces: WritePieces = write_here,
) -> int:
    """Write `stack` to `target` with `exporter`; if that fails, nothing is left of the target.

    A kill leaves the folder ``<target>.partial``, which the next export to the same target clears.

    Parameters
    ----------
    stack
    exporter
    target : str
        Absolute path.
    progress
        As for `Exporter.write`.
    begins
        Called before anything of the stack is written, once nothing is in the way.
    write_pieces
        Writes the pieces of exporters that have some.

    Returns
    -------
    int
        Size of the target in bytes.

    Raises
    ------
    UsageError
        When the target is not possible or a package is missing, before anything is written.
    StackguiError
    """
    if was_interrupted(stack.path):
        raise StackguiError(
            say("A retry of failed rows of {path} was interrupted. Retry them.", path=printable(stack.path))
        )
    _check_needs(exporter)
    if problem := exporter.problem(stack):
        raise UsageError(problem)
    _check_target(stack, exporter, target)
    folder = PartialFolder(target)
    try:
        folder.clear()
        made = folder.file(_WORK_NAME + exporter.suffix)
        _check_space(made, exporter.size_bytes(stack))
        begins()
        with explained(target):
            if exporter.in_pieces is not None:
                write_pieces(stack, exporter.in_pieces, made, progress)
            exporter.write(stack, made, progress)
            size_bytes = _sync(made)
            _give_name(made, target)
            sync_folder(os.path.dirname(target))
    finally:
        folder.remove()
    return size_bytes


def _check_needs(exporter: Exporter) -> None:
    if missing := missing_packages(exporter):
        raise UsageError(
            say(
                "Exporting to {name} needs {missing}, which is not installed. Install it: pip "
                "install {missing2}.",
                name=exporter.name,
                missing=" and ".join(missing),
                missing2=" ".join(missing),
            )
        )


def _check_target(stack: Stack, exporter: Exporter, target: str) -> None:
    shown = printable(target)
    if not os.path.basename(target).removesuffix(exporter.suffix) or not target.endswith(exporter.suffix):
        raise DestinationError(
            say(
                "{shown} does not end in {suffix}. Choose a name that does.",
                shown=shown,
                suffix=exporter.suffix,
            )
        )
    if os.path.lexists(target):
        raise DestinationError(_taken(target))
    if holds(stack.path, target):
        raise DestinationError(say("{shown} lies in the stack itself. Choose a place outside.", shown=shown))
    check_parent(target)
    if unfinished_at(target) is not None:
        raise DestinationError(
            say("An unfinished conversion to {shown} is in the way. Choose another name.", shown=shown)
        )


def _taken(target: str) -> str:
    return say("{target} already exists. Choose another name, or move it away.", target=printable(target))


def _check_space(made: str, needed_bytes: int) -> None:
    needed_bytes += DISK_RESERVE_BYTES
    with explained(made):
        free_bytes = shutil.disk_usage(os.path.dirname(made)).free
    if free_bytes < needed_bytes:
        raise StoreError(sentence(OSError(errno.ENOSPC, ""), made, needed_bytes))


def _sync(made: str) -> int:
    """Sync what was made, a file or a folder, and return its size in bytes; raises OSError."""
    if not os.path.isdir(made):
        descriptor = os.open(made, os.O_RDWR)  # Windows syncs no file that is open for reading only
        try:
            sync_file(descriptor)
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
    total = 0
    for folder, _folders, names in os.walk(made):
        total += sum(_sync(os.path.join(folder, name)) for name in names)
        sync_folder(folder)
    return total


def _give_name(made: str, target: str) -> None:
    """Give what was made its final name without replacing anything; raises OSError."""
    try:
        # Unlike a rename, this never replaces a file that has appeared meanwhile.
        os.link(made, target)
    except FileExistsError as error:
        raise DestinationError(_taken(target)) from error
    except OSError:  # it is a folder, or the file system has no links
        if os.path.lexists(target):
            raise DestinationError(_taken(target)) from None
        renaming.rename(made, target)
