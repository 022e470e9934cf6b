"""Sentences about handing a stack over."""

from __future__ import annotations

import os

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_count
from stackgui.core.base.wording import say
from stackgui.core.run.export import ExportChoice, ExportReport
from stackgui.core.run.loading import Loadable
from stackgui.gui.texts.language import tr

FOLDER = say("the stack’s folder, as it is")
FOLDER_AUDIENCE = say(
    "For anyone who uses Python: NumPy, PyTorch, TensorFlow and JAX load it as the lines below say."
)

HAND_OVER_TIP = say("For another tool or library: Zarr, HDF5, COCO, PyTorch and more.")


def head_line(stack: str) -> str:
    """Say which stack it is about."""
    return tr("Hand over “{stack}”", stack=printable(os.path.basename(stack)))


def size_line(choice: ExportChoice) -> str:
    """Say how large it may become."""
    return tr("at most {size}", size=format_bytes(choice.size_bytes)) if choice.size_bytes else ""


def folder_size(stack: Loadable) -> str:
    """Say how large the arrays of a stack are."""
    return tr(format_bytes(sum(array.data_bytes for array in (*stack.arrays, *stack.masks))))


def obstacle_line(choice: ExportChoice) -> str:
    """Say why it cannot be made, or nothing."""
    if choice.problem:
        return tr(choice.problem)
    if choice.missing:
        return tr(
            "Needs {packages}, which is not installed. Whoever installed StackGUI adds it with: pip install "
            "{packages}",
            packages=" ".join(choice.missing),
        )
    return ""


def result_line(report: ExportReport) -> str:
    """Say what was made."""
    return tr(
        "{rows} are in {target} ({size}).",
        rows=format_count(report.rows, "row"),
        target=printable(report.target),
        size=format_bytes(report.size_bytes),
    )


def notes(about: ExportReport | ExportChoice) -> str:
    """Say what becomes, or became, of rows that do not count, and what is left out."""
    return " ".join(tr(note) for note in about.notes)
