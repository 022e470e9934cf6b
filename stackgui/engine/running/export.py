"""Exports a finished stack."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TypeAlias

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say
from stackgui.core.run.export import ExportReport, export_notes
from stackgui.core.run.loading_from import lines_at, naming
from stackgui.core.run.no_folder import no_folder
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.engine.running.exporters import known_exporter
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.workers.control import Control
from stackgui.stores.export import EXPORTERS, Exporter, contents
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.things import left_out, told_rows
from stackgui.stores.export.ways import Calls, WritePieces
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.stack.reader import Stack

Announce: TypeAlias = Callable[[Sequence[str]], object]
"""Is called with sentences."""

Far: TypeAlias = Callable[[tuple[str, ...]], AbstractContextManager[WritePieces]]
"""Lends what writes pieces on a cluster, whose computers need some packages for that."""


def export(
    stack: str,
    exporter: str,
    target: str,
    control: Control[FillProgress],
    announce: Announce = lambda _notes: None,
    *,
    far: Far | None = None,
) -> ExportReport:
    """Write the stack in the folder `stack` to `target`, for other programs.

    Parameters
    ----------
    stack
        Absolute path.
    exporter
        Name of the exporter.
    target
        Absolute path that does not exist yet, or an address at which nothing is.
    control
    announce
        Called before anything is written with what becomes of rows that do not count, and what is left out;
        also with what takes time before that.
    far
        Lends what writes the pieces of exporters that have some; by default this computer does.

    Raises
    ------
    UsageError
        When the folder or the exporter does not exist, the stack is being changed, or the target is invalid.
    StackguiError
        When the stack is damaged, or a disk fails.
    Cancelled

    After any error nothing is left of the target.
    """
    chosen = EXPORTERS[known_exporter(exporter)]
    tidy_place(stack)
    if not os.path.isdir(stack):
        raise UsageError(no_folder(stack))
    with FolderLock(stack, shared=True), Stack(stack) as opened:
        rows, (failed, excluded, gone) = len(opened), told_rows(opened)
        missing = left_out(opened, chosen.lacks(opened))
        notes = export_notes(failed, excluded, gone, missing, keeps_all=chosen.keeps_all)
        gauge = ProgressMeter(control, rows)
        loading = lines_at(target, chosen.loading, chosen.loading_at, is_file=bool(chosen.suffix))
        if chosen.loads is not None:
            loading += "".join(f"{line}\n" for line in naming(contents.holds(opened), chosen.loads))
        gauge.enter(Phase.EXPORTING)
        if far is not None and chosen.in_pieces is None:
            notes.append(say("This kind is written by this computer alone, without the cluster."))
        with _calls(chosen, notes, gauge, announce, far) as calls:
            size_bytes = export_stack(opened, chosen, target, gauge, calls)
    written = rows if chosen.keeps_all else rows - failed - excluded
    return ExportReport(
        stack, target, exporter, written, failed, excluded, gone, chosen.keeps_all,
        size_bytes, gauge.elapsed_s, loading, missing,
    )  # fmt: skip


@contextmanager
def _calls(
    exporter: Exporter, notes: Sequence[str], gauge: ProgressMeter, announce: Announce, far: Far | None
) -> Iterator[Calls]:
    """Lend what is called during an export; no cluster is connected for an exporter without pieces."""
    calls = Calls(
        begins=lambda: announce(notes),
        sends=lambda: gauge.enter(Phase.SENDING),
        tells=lambda sentence: announce([sentence]),
    )
    if far is None or exporter.in_pieces is None:
        yield calls
        return
    with far(exporter.needs) as write_pieces:
        yield replace(calls, write_pieces=write_pieces)
