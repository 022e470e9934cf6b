"""JSON values of which columns are part: the columns go into a file of columns, and null takes their places.

A column may come as a whole, or in parts, because those of many rows take much memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.stores.format.column_file import ColumnFile, ColumnWriter, Place
from stackgui.stores.format.column_reads import ColumnReads

MANY_TEXTS = 1000
"""A longer list of texts, such as the names of very many classes, is a column, too."""

_At: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumbersInParts:
    """A column of numbers, shape (N,), in parts; `parts` returns them from the first on."""

    dtype: np.dtype[Any]
    parts: Callable[[], Iterable[NDArray[Any]]]


@dataclass(frozen=True, slots=True)
class NamesInParts:
    """A column of names in parts; `parts` returns them from the first on, whenever it is called."""

    parts: Callable[[], Iterable[Paths]]


class Packer:
    """Moves the columns of JSON values into a file, and notes where they were.

    Attributes
    ----------
    parts : list of dict
        Where each column was, what it is, and where it lies now, as JSON values.
    """

    def __init__(self, writer: ColumnWriter) -> None:
        self.writer = writer
        self.parts: list[dict[str, Any]] = []

    def packed(self, value: Any, at: _At = ()) -> Any:  # noqa: ANN401 - any JSON value, and columns
        """Return `value` with null for its columns; `at` says where it stands."""
        if isinstance(value, Mapping):
            return {name: self.packed(each, (*at, name)) for name, each in value.items()}
        if isinstance(value, np.ndarray):
            self._note(at, "numbers", self.writer.write(value))
        elif isinstance(value, NumbersInParts):
            self._note(at, "numbers", self.writer.write_parts(value.parts(), value.dtype))
        elif isinstance(value, Paths):
            self._note(at, "names", *self.writer.write_names(value))
        elif isinstance(value, NamesInParts):
            self._note(at, "names", *self.writer.write_parts_of_names(value.parts))
        elif (
            isinstance(value, list)
            and len(value) > MANY_TEXTS
            and all(isinstance(each, str) for each in value)
        ):
            texts = Paths.from_names([each.encode("utf-8", "surrogatepass") for each in value])
            self._note(at, "texts", *self.writer.write_names(texts))
        else:
            return value
        return None

    def _note(self, at: _At, kind: str, *places: Place) -> None:
        self.parts.append({"at": list(at), "kind": kind, "places": [place.to_json() for place in places]})


def unpacked(
    value: Mapping[str, Any],
    parts: Iterable[Mapping[str, Any]],
    file: ColumnFile | ColumnReads,
    check: Callable[[Place], None],
) -> Mapping[str, Any]:
    """Return the JSON values of which `Packer.packed` returned `value`.

    Parameters
    ----------
    value
    parts
        As the packer noted them.
    file
    check
        Called with each place before anything is taken from it; raises ValueError.

    Raises
    ------
    LookupError, TypeError, ValueError, OverflowError, AttributeError
        When these cannot come from a packer.
    """
    found: dict[str, Any] = _with_own_dicts(value)
    for part in parts:
        places = [Place.from_json(place, file.file_bytes) for place in part["places"]]
        for place in places:
            check(place)
        *parents, name = part["at"]
        inside: Any = found
        for parent in parents:
            inside = inside[parent]
        if inside[name] is not None:
            raise ValueError("a column in the place of something else")
        inside[name] = _value(file, part["kind"], places)
    return found


def _with_own_dicts(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {name: _with_own_dicts(each) for name, each in value.items()}
    return value


def _value(file: ColumnFile | ColumnReads, kind: str, places: list[Place]) -> Any:  # noqa: ANN401 - a column, or texts
    if kind == "numbers":
        (place,) = places
        return file.column(place)
    data, ends = places
    names = file.names(data, ends)
    if kind == "names":
        return names
    if kind != "texts":
        raise ValueError("a column of an unknown kind")
    found = names if isinstance(names, Paths) else names.take(np.arange(len(names)))
    return [found.raw(index).decode("utf-8", "surrogatepass") for index in range(len(found))]
