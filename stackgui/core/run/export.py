"""The report of an export."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.base.wording import say_many


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
        Rows in the target.
    blank : int
        Those of them that are blank because their pictures could not be read.
    left_out : int
        Rows of the stack that are not in the target because their pictures could not be read.
    size_bytes : int
        Size of the target.
    seconds : float
    loading : str
        Python that opens the target.
    """

    stack: str
    target: str
    exporter: str
    rows: int
    blank: int
    left_out: int
    size_bytes: int
    seconds: float
    loading: str

    @property
    def about_failed(self) -> str:
        """Say what became of rows whose pictures could not be read; ``""`` without any."""
        if self.blank:
            return say_many(
                self.blank,
                "{count} row stays blank because its picture could not be read; “valid” is false there.",
                "{count:,} rows stay blank because their pictures could not be read; “valid” is false there.",
            )
        if self.left_out:
            return say_many(
                self.left_out,
                "{count} row is left out because its picture could not be read.",
                "{count:,} rows are left out because their pictures could not be read.",
            )
        return ""
