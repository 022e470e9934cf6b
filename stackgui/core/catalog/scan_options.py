"""What a person chooses about the search for samples: it decides what a catalog holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import Any

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.frames import FIRST, Frames


def _is_set(value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"“{value}” is neither true nor false.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise UsageError(f"“{value}” is not text.")
    return value


def _choice(title: str, read: Callable[[Any], object], *, default: object) -> Any:  # noqa: ANN401 - as `field`
    """A choice, what it is called where two scans are compared, and how it is read from JSON."""
    return field(default=default, metadata={"title": title, "read": read})


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How sources are searched. Kept in the catalog, hence in a plan, so that a resume searches the same way.

    Attributes
    ----------
    follow_links : bool
        Whether links are followed that lead out of the sources.
    tensor_layout : TensorLayout
        What the axes of arrays in files are.
    array : str
        Name of the array to take from files that hold several; ``""`` for the only one.
    frames : Frames
        Which frames or pages of a picture become samples.
    open_archives : bool
        Whether archives that lie in folders are looked into.
    path_column, label_column, split_column : str
        Titles of columns in lists of files; ``""`` for those that are customary.
    list_root : str
        The folder, absolute, that the names in lists are relative to, and beyond which no list may lead;
        ``""`` for the one in which the list lies.
    label_list : str
        A list, absolute, that says the labels of the samples of all sources; ``""`` for none.
    """

    follow_links: bool = _choice("links followed", _is_set, default=False)
    tensor_layout: TensorLayout = _choice("tensor layout", TensorLayout.parse, default=TensorLayout.AUTO)  # noqa: RUF009 - as `field`
    array: str = _choice("array", str, default="")
    frames: Frames = _choice("frames", Frames.parse, default=FIRST)  # noqa: RUF009 - as `field`
    open_archives: bool = _choice("archives looked into", _is_set, default=True)
    path_column: str = _choice("column of files", _text, default="")
    label_column: str = _choice("column of labels", _text, default="")
    split_column: str = _choice("column of splits", _text, default="")
    list_root: str = _choice("folder of the lists", _text, default="")
    label_list: str = _choice("list of labels", _text, default="")

    def to_json(self) -> dict[str, Any]:
        """The choices as JSON values."""
        values = {choice.name: getattr(self, choice.name) for choice in fields(self)}
        texts = (StrEnum, Frames)
        return {name: str(value) if isinstance(value, texts) else value for name, value in values.items()}

    @property
    def reading(self) -> str:
        """Those choices that decide what a file of given bytes holds, as a text to compare."""
        return f"{self.tensor_layout} {self.frames} {self.array}"

    def by_title(self) -> dict[str, Any]:
        """The choices as JSON values, under names for people."""
        values = self.to_json()
        return {choice.metadata["title"]: values[choice.name] for choice in fields(self)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ScanOptions:
        """Rebuild what `to_json` gave.

        Raises
        ------
        UsageError
            When a name or a value is unknown.
        """
        known: dict[str, Field[Any]] = {choice.name: choice for choice in fields(cls)}
        if unknown := sorted(set(value) - set(known)):
            raise UsageError(f"Unknown choice of a scan: {', '.join(unknown)}.")
        return cls(**{name: known[name].metadata["read"](setting) for name, setting in value.items()})


DEFAULT = ScanOptions()
