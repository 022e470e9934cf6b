"""What a person changes in the rows of a finished stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class LabelEdit:
    """Gives rows another label.

    Attributes
    ----------
    rows : tuple of int
    class_name : str
        ``""`` takes the label away. A class that is not there yet becomes the last one. Where rows may have
        several labels: all of them, as `stackgui.core.labels.label_sets.set_text` joins them.
    by_hand : bool
        Whether the rows are marked as labelled by hand; False only in what takes an edit back.
    """

    rows: tuple[int, ...]
    class_name: str
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class ExcludeEdit:
    """Excludes rows, or takes them back in; their pixels stay.

    Attributes
    ----------
    rows : tuple of int
    excluded : bool
    """

    rows: tuple[int, ...]
    excluded: bool


Edit: TypeAlias = LabelEdit | ExcludeEdit
