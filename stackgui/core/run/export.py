"""The report of an export."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How an export ended.

    Attributes
    ----------
    stack : str
        Absolute path of the stack's folder.
    target : str
        Absolute path of the file or folder that was made.
    exporter : str
        Name of the exporter, such as ``"npz"``.
    rows : int
    size_bytes : int
        Size of the target.
    seconds : float
    """

    stack: str
    target: str
    exporter: str
    rows: int
    size_bytes: int
    seconds: float
