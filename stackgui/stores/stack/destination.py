"""Check that a stack can be written to its destination, before any work is done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import DestinationError, StackguiError, UnfinishedError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.files.failures import explained
from stackgui.stores.files.windows_names import refusal_here
from stackgui.stores.format.header import read_header
from stackgui.stores.recovery.folder import PARTIAL
from stackgui.stores.recovery.unfinished import unfinished_at


def check_destination(sources: Iterable[str], run: RunOptions) -> None:
    """Check a destination: its name, what exists there, its parent, and that it and `sources` are apart.

    Parameters
    ----------
    sources
        Absolute folders, and addresses.
    run
        Gives the destination and whether it may replace a stack.

    Raises
    ------
    DestinationError
        With a message that says what is wrong and what to do.
    UnfinishedError
        When there is an unfinished stack, and `run` does not say what to do with it.
    """
    destination = run.destination
    if not destination:
        raise DestinationError(say("Choose a folder for the stack."))
    _check_name(destination)
    with explained(destination, DestinationError):
        check_replace(run)
        for source in sources:
            if not is_address(source):
                _check_source(destination, source)
        check_parent(destination)
        with suppress(FileNotFoundError):
            os.lstat(destination + PARTIAL)  # fails on a name that the disk cannot take
    check_unfinished(run)


def check_replace(run: RunOptions) -> None:
    """Check that the destination does not exist, or is a stack that may be replaced.

    Raises
    ------
    DestinationError
    """
    destination, shown = run.destination, printable(run.destination)
    if not os.path.lexists(destination):
        return
    if os.path.islink(destination):
        raise DestinationError(
            say("{shown} is a link. Choose the folder it leads to, or another name.", shown=shown)
        )
    if not os.path.isdir(destination):
        raise DestinationError(say("{shown} is a file. Choose another name for the stack.", shown=shown))
    try:
        read_header(destination)
    except StackguiError as error:
        message = say(
            "{shown} is a folder but no stack, so it is never replaced. Choose another name.", shown=shown
        )
        raise DestinationError(message) from error
    if not run.replace:
        message = say("The stack {shown} already exists. Choose another name, or replace it.", shown=shown)
        raise DestinationError(message, ways=(Way.REPLACE,))


def check_unfinished(run: RunOptions) -> None:
    """Check that no unfinished stack is in the way, unless `run` says what to do with it.

    Raises
    ------
    UnfinishedError
    """
    found = unfinished_at(run.destination) if run.unfinished is IfUnfinished.REFUSE else None
    if found is not None and not found.in_use:
        raise UnfinishedError(
            say(
                "An unfinished conversion to {destination} was found, with {rows_done:,} of "
                "{rows} done. Resume it, or discard it and convert again.",
                destination=printable(run.destination),
                rows_done=found.rows_done,
                rows=format_count(found.rows, "row"),
            ),
            ways=(Way.RESUME, Way.RESTART),
        )


def _check_name(destination: str) -> None:
    name = os.path.basename(destination)
    if "\0" in destination or not name or name in {os.curdir, os.pardir}:
        message = say(
            "{destination} is not a name for a new folder. Choose another.",
            destination=printable(destination),
        )
        raise DestinationError(message)
    if refused := refusal_here(destination):
        raise DestinationError(refused)
    if name.endswith(PARTIAL):
        message = say(
            "{name} is not a name for a stack: {partial} marks unfinished ones. Choose another.",
            name=printable(name),
            partial=PARTIAL,
        )
        raise DestinationError(message)


def _check_source(destination: str, source: str) -> None:
    shown = printable(destination)
    if holds(source, destination):
        message = say(
            "{shown} lies in {source}, one of the sources. Choose a place outside.",
            shown=shown,
            source=printable(source),
        )
        raise DestinationError(message)
    if holds(destination, source) or holds(destination + PARTIAL, source):
        message = say(
            "{source}, one of the sources, lies in {shown}. Choose another place.",
            source=printable(source),
            shown=shown,
        )
        raise DestinationError(message)


def holds(folder: str, path: str) -> bool:
    """Return whether `path` is `folder` or lies in it, with links and spellings resolved."""
    real = Path(os.path.realpath(path))
    return any(_same(folder, parent) for parent in (real, *real.parents))


def _same(first: str, second: Path) -> bool:
    if Path(os.path.realpath(first)) == second:
        return True
    try:
        return os.path.samefile(first, second)
    except OSError:  # one of them does not exist
        return False


def check_parent(destination: str) -> None:
    """Check that the destination's parent is writable or can be created; raises DestinationError."""
    parent = os.path.dirname(destination) or os.curdir
    while not os.path.lexists(parent):
        parent = os.path.dirname(parent) or os.curdir
    if not os.path.isdir(parent):
        message = say("{parent} is a file, not a folder. Choose another place.", parent=printable(parent))
        raise DestinationError(message)
    if not os.access(parent, os.W_OK | os.X_OK):
        message = say(
            "You have no permission to write in {parent}. Choose another folder.", parent=printable(parent)
        )
        raise DestinationError(message)
