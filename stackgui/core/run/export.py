"""What became of a finished stack that was exported."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How an export ended.

    Attributes
    ----------
    stack : str
        Absolute name of its folder.
    target : str
        Absolute name of the file or folder that was made.
    exporter : str
        Name of what made it, such as ``"npz"``.
    rows : int
    size_bytes : int
        Of the target.
    seconds : float
    """

    stack: str
    target: str
    exporter: str
    rows: int
    size_bytes: int
    seconds: float
