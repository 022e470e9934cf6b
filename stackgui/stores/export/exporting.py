"""Export a stack so that the target is either complete or absent."""

from __future__ import annotations

import os

from stackgui.core.base.addresses import is_address
from stackgui.core.base.cancellation import Progress
from stackgui.core.base.errors import DestinationError, StackguiError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.stores.export.at_address import export_to_address
from stackgui.stores.export.exporter import Exporter, missing_packages
from stackgui.stores.export.making import WORK_NAME, check_space, sync
from stackgui.stores.export.ways import PLAINLY, Calls
from stackgui.stores.files import renaming
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.failures import explained
from stackgui.stores.recovery.folder import PartialFolder
from stackgui.stores.recovery.lease import Lease
from stackgui.stores.recovery.retry_marker import was_interrupted
from stackgui.stores.recovery.unfinished import unfinished_at
from stackgui.stores.stack.destination import check_parent, holds
from stackgui.stores.stack.reader import Stack


def export_stack(
    stack: Stack,
    exporter: Exporter,
    target: str,
    progress: Progress,
    calls: Calls = PLAINLY,
) -> int:
    """Write `stack` to `target` with `exporter`; if that fails, nothing is left of the target.

    A kill leaves the folder ``<target>.partial``, which the next export to the same target clears.

    Parameters
    ----------
    stack
    exporter
    target : str
        Absolute path, or an address.
    progress
        As for `Exporter.write`.
    calls

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
    if is_address(target):
        return export_to_address(stack, exporter, target, progress, calls)
    return _export_to_path(stack, exporter, target, progress, calls)


def _export_to_path(stack: Stack, exporter: Exporter, target: str, progress: Progress, calls: Calls) -> int:
    _check_target(stack, exporter, target)
    folder = PartialFolder(target)
    try:
        folder.clear()
        made = folder.file(WORK_NAME + exporter.suffix)
        check_space(made, exporter.size_bytes(stack))
        calls.begins()
        with explained(target):
            if exporter.in_pieces is not None:
                calls.write_pieces(stack, exporter.in_pieces, made, progress, lambda: Lease.give(folder.path))
            exporter.write(stack, made, progress)
            size_bytes = sync(made)
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
