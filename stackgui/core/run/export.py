"""What can be made of a finished stack, and the report of it."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.base.wording import say_many


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Something that can be made of a stack.

    Attributes
    ----------
    name, title, audience, suffix : str
        As in `stackgui.stores.export.exporter.Exporter`.
    missing : tuple of str
        Python packages that it needs and that are not installed.
    problem : str
        Why it cannot be made of this stack, as a sentence, or ``""``.
    size_bytes : int
        Upper bound for its size; 0 if it cannot be made.
    notes : tuple of str
        What becomes of rows that do not count, and what is left out, as sentences.
    """

    name: str
    title: str
    audience: str
    suffix: str
    missing: tuple[str, ...]
    problem: str
    size_bytes: int
    notes: tuple[str, ...] = ()


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
    failed : int
        Rows of the stack whose pictures could not be read.
    excluded : int
        Rows of the stack that were excluded by hand.
    gone : int
        Rows that hold pictures which the last update no longer found.
    keeps_all : bool
        Whether such rows are in the target, too.
    size_bytes : int
        Size of the target.
    seconds : float
    loading : str
        Python that opens the target.
    left_out : str
        What of the stack is not in the target, as a sentence, or ``""``.
    """

    stack: str
    target: str
    exporter: str
    rows: int
    failed: int
    excluded: int
    gone: int
    keeps_all: bool
    size_bytes: int
    seconds: float
    loading: str
    left_out: str = ""

    @property
    def notes(self) -> list[str]:
        """Say what became of rows that do not count, and what was left out; see `export_notes`."""
        return export_notes(self.failed, self.excluded, self.gone, self.left_out, keeps_all=self.keeps_all)


def export_notes(failed: int, excluded: int, gone: int, left_out: str, *, keeps_all: bool) -> list[str]:
    """Say what becomes of rows that do not count, of those whose pictures are gone, and what is not in.

    Parameters
    ----------
    failed, excluded, gone, left_out, keeps_all
        As in `ExportReport`.
    """
    told = [_of_failed(failed, keeps_all=keeps_all)] if failed else []
    told += [_of_excluded(excluded, keeps_all=keeps_all)] if excluded else []
    if gone:
        told.append(
            say_many(
                gone,
                "{count} row counts like any other although its picture was gone at the last update.",
                "{count:,} rows count like any others although their pictures were gone at the last update.",
            )
        )
    return [*told, left_out] if left_out else told


def _of_failed(failed: int, *, keeps_all: bool) -> str:
    if keeps_all:
        return say_many(
            failed,
            "{count} row stays blank, with “valid” false: its picture could not be read.",
            "{count:,} rows stay blank, with “valid” false: their pictures could not be read.",
        )
    return say_many(
        failed,
        "{count} row is left out because its picture could not be read.",
        "{count:,} rows are left out because their pictures could not be read.",
    )


def _of_excluded(excluded: int, *, keeps_all: bool) -> str:
    if keeps_all:
        return say_many(
            excluded,
            "{count} row that was excluded is still there; “valid” is false for it.",
            "{count:,} rows that were excluded are still there; “valid” is false for them.",
        )
    return say_many(
        excluded,
        "{count} row is left out because it was excluded.",
        "{count:,} rows are left out because they were excluded.",
    )
