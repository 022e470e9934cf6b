"""The table of columns: how each column of a catalog is stored, compared and written.

`Catalog` declares a column as a field whose metadata comes from `column`, and `columns_of` builds the table
from these fields. The workers' results, the scan cache, saved plans, manifests, fingerprints and repairs all
go through this table and name no column themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import Enum, Flag, auto
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import copied
from stackgui.core.base.blocks import at, blocks
from stackgui.core.base.columns import Coded, repeated, slim

Values: TypeAlias = Any
"""The values of a column: an array, shape (N,), for numbers, and `Coded` for texts."""


class Kept(Flag):
    """Where a column is stored besides saved plans, which store all columns.

    ``CACHE``: in the scan cache; such a column comes from the file and has an attribute in `Header`.
    ``MANIFEST``: in the manifest of a stack.
    """

    CACHE = auto()
    MANIFEST = auto()
    BOTH = CACHE | MANIFEST


class Counts(Enum):
    """Whether a column is part of a plan's fingerprint.

    ``ALWAYS``: the column has existed from the beginning, so every saved file has it.
    ``WHERE_SET``: the column was added later. It counts, together with its name, only if a value differs from
    the default, so that older stacks keep their fingerprints. Use this for every new column.
    ``UNNAMED``: as ``WHERE_SET``, but without its name: two columns were added before names were counted.
    ``NEVER``: the column does not affect rows.
    """

    ALWAYS = auto()
    WHERE_SET = auto()
    UNNAMED = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the catalog.

    Attributes
    ----------
    name : str
        Name of the field in `Catalog`, and of the attribute in `Header` if headers have it.
    dtype : dtype or None
        Dtype of whole numbers, which must fit into int64; None for texts, which are `Coded`.
    default : int or str
        Value for a sample about which nothing is known.
    title : str
        Name shown to people.
    kept : Kept
    counts : Counts
    key : str
        Name in manifests.
    sheet : int
        Position among the columns of ``manifest.csv`` that describe samples, from 1; 0 for none.
    varies : bool
        Whether nearly every sample has its own value, so that writing equal values once saves nothing.
    identifies : bool
        Whether the column distinguishes the samples of a file, and so stays the same when a file is repaired.
    """

    name: str
    dtype: np.dtype[Any] | None
    default: int | str
    title: str
    kept: Kept
    counts: Counts
    key: str
    sheet: int
    varies: bool
    identifies: bool

    def __post_init__(self) -> None:
        if self.counts is not Counts.NEVER and Kept.MANIFEST not in self.kept:
            raise TypeError(f"{self.name}: a column that counts in fingerprints must be kept in manifests")
        if self.dtype is not None and not np.can_cast(self.dtype, np.int64):
            raise TypeError(f"{self.name}: its numbers do not fit into int64")

    @property
    def none(self) -> int | None:
        """The number that means "none"; None if every number has a meaning."""
        return self.default if isinstance(self.default, int) and self.default < 1 else None

    @property
    def is_named(self) -> bool:
        """Whether fingerprints count the column's name too, after all columns without names."""
        return self.counts is Counts.WHERE_SET

    def constant(self, length: int) -> Values:
        """Return the default for each of `length` samples, read-only and without taking memory."""
        if self.dtype is None:
            return Coded.constant(str(self.default), length)
        return np.broadcast_to(self.dtype.type(self.default), length)

    def of(self, values: Any) -> Values:  # noqa: ANN401 - numbers as NumPy takes them, or texts
        """Return `values`, one per sample, as a column."""
        if self.dtype is None:
            return Coded.from_values(values)
        return slim(np.array(values, self.dtype))

    def take(self, values: Values, samples: NDArray[Any]) -> Values:
        """Return the values of `samples`."""
        if self.dtype is None:
            return values.take(samples)
        if len(values) and not values.strides[0] and samples.dtype != np.bool_:
            return repeated(values[0], len(samples))
        return slim(at(values, samples))

    def concatenate(self, parts: Sequence[Values]) -> Values:
        """Join the values of several tables end to end."""
        if self.dtype is None:
            return Coded.concatenate(parts)
        return slim(np.concatenate([np.empty(0, self.dtype), *parts]))

    def value_at(self, values: Values, sample: int) -> int | str:
        """Return the value of one sample as a JSON value."""
        return str(values[sample]) if self.dtype is None else int(values[sample])

    def put(self, values: Values, changes: Mapping[int, Any]) -> Values:
        """Return a copy of `values` with `changes`, new values by sample, applied."""
        if self.dtype is None:
            return values.put({sample: str(value) for sample, value in changes.items()})
        places, numbers = list(changes), [int(value) for value in changes.values()]
        if values[places].tolist() == numbers:
            return values
        changed = copied(values)
        changed[places] = numbers
        return changed

    def differs(self, values: Values, others: Values) -> NDArray[np.bool_]:
        """Return the mask, shape (N,), of the samples whose values differ."""
        if values is others:
            return np.broadcast_to(np.False_, len(values))
        return np.asarray(values.differs(others) if self.dtype is None else values != others)

    def says_anything(self, values: Values, samples: NDArray[np.int64] | None = None) -> bool:
        """Whether any value differs from the default; of some samples only, if they are given."""
        if self.dtype is None:
            return any(text != self.default for text in values.counts(samples))
        if not values.strides[0] or samples is None:
            parts = (values[rows] for rows in blocks(len(values)))
        else:
            parts = (values[samples[rows]] for rows in blocks(len(samples)))
        return any(bool((part != self.default).any()) for part in parts)

    def is_saved(self, values: Values) -> bool:
        """Whether files have the values: those of a column that was added later only if they say anything."""
        return self.counts is not Counts.WHERE_SET or self.says_anything(values)

    def to_json(self, values: Values) -> Any:  # noqa: ANN401 - any JSON value, and columns
        """Return the values as JSON, except that arrays stay arrays."""
        return coded_to_json(values) if self.dtype is None else values

    def from_json(self, value: Any) -> Values:  # noqa: ANN401 - any JSON value
        """Rebuild values from what `to_json` returned."""
        return coded_from_json(value) if self.dtype is None else slim(np.asarray(value, self.dtype))

    def read_from(self, saved: Iterable[Mapping[str, Any]], key: str) -> list[Any]:
        """Return the value of each of `saved` under `key`, or the default if it is older than the column."""
        if self.counts is Counts.ALWAYS:
            return [each[key] for each in saved]
        return [each.get(key, self.default) for each in saved]


def coded_to_json(values: Coded) -> dict[str, Any]:
    """Return texts as a JSON value, except that the codes stay an array."""
    return {"names": list(values.names), "codes": values.codes}


def coded_from_json(value: Mapping[str, Any]) -> Coded:
    """Rebuild texts from what `coded_to_json` returned."""
    return Coded(slim(np.asarray(value["codes"], np.int32)), tuple(map(str, value["names"])))


def column(
    title: str,
    *,
    kept: Kept = Kept.BOTH,
    counts: Counts = Counts.WHERE_SET,
    key: str = "",
    sheet: int = 0,
    varies: bool = False,
    identifies: bool = False,
) -> dict[str, Any]:
    """Return metadata that makes a field of `Catalog` a column; see `Column` for the parameters.

    The dtype comes from the field's annotation, and the default from the attribute in `Header`; if there is
    none, it is 0 or ``""``.
    """
    metadata = {"kept": kept, "counts": counts, "key": key, "sheet": sheet}
    return {_COLUMN: {"title": title, "varies": varies, "identifies": identifies, **metadata}}


_COLUMN = "column"


def columns_of(catalog: type, header: type) -> tuple[Column, ...]:
    """Return the columns that the dataclass `catalog` declares, in the order of its fields.

    Raises
    ------
    TypeError
        When a field of arrays or texts is not declared as a column, or its declaration is invalid.
    """
    defaults = {each.name: each.default for each in fields(header) if each.default is not MISSING}
    hints = get_type_hints(catalog)
    found = []
    for each in fields(catalog):
        is_numbers = get_origin(hints[each.name]) is np.ndarray
        if not is_numbers and hints[each.name] is not Coded:
            continue
        if (metadata := each.metadata.get(_COLUMN)) is None:
            raise TypeError(f"{each.name}: not declared as a column")
        dtype = np.dtype(*get_args(get_args(hints[each.name])[1])) if is_numbers else None
        default = defaults.get(each.name, 0 if is_numbers else "")
        key = metadata["key"] or each.name
        found.append(
            Column(**{**metadata, "name": each.name, "key": key, "dtype": dtype, "default": default})
        )
    return tuple(found)
