"""Exports a finished stack."""

from __future__ import annotations

import os

import numpy as np

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.run.export import ExportReport
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.engine.running.exporters import known_exporter
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.workers.control import Control
from stackgui.stores.export import EXPORTERS
from stackgui.stores.export.contents import array_name
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.stack.reader import Stack


def export(stack: str, exporter: str, target: str, control: Control[FillProgress]) -> ExportReport:
    """Write the stack in the folder `stack` to `target`, for other programs.

    Parameters
    ----------
    stack
        Absolute path.
    exporter
        Name of the exporter.
    target
        Absolute path that does not exist yet.

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
        raise UsageError(say("There is no folder {stack}.", stack=printable(stack)))
    with FolderLock(stack, shared=True), Stack(stack) as opened:
        rows, filled = len(opened), opened.filled
        failed, excluded = (int(np.count_nonzero(each)) for each in (~filled, filled & opened.excluded))
        gauge = ProgressMeter(control, rows)
        loading = chosen.loading.format(target=repr(target), array=array_name(opened.specs[0]))
        gauge.enter(Phase.EXPORTING)
        size_bytes = export_stack(opened, chosen, target, gauge)
    written = rows if chosen.keeps_all else rows - failed - excluded
    return ExportReport(
        stack,
        target,
        exporter,
        written,
        failed,
        excluded,
        chosen.keeps_all,
        size_bytes,
        gauge.elapsed_s,
        loading,
    )
