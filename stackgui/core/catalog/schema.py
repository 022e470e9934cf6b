"""The table of columns: how each column of a catalog is kept, compared and written.

`Catalog` declares a column as a field whose metadata comes from `column`. Everything else goes through the
table that `columns_of` builds from these fields, and names no column: what workers send back, the cache of
scans, saved plans, manifests, fingerprints, and what a repair changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import Enum, Flag, auto
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, slim

Values: TypeAlias = Any
"""The values of a column: an array, shape (N,), or `Coded`, as the kind of the column says."""


class Kept(Flag):
    """Where a column is kept, besides saved plans, which hold all columns.

    ``CACHE``: in the cache of scans; such a column is read from the file, and has an attribute in `Header`.
    ``MANIFEST``: in the manifest of a stack.
    """

    CACHE = auto()
    MANIFEST = auto()
    BOTH = CACHE | MANIFEST


class Counts(Enum):
    """Whether a column is part of a plan's fingerprint.

    ``ALWAYS``: the column has been there from the beginning, so every saved file has it.
    ``WHERE_SET``: it was added later. It counts, together with its name, where it differs from its default,
    so that stacks made before it keep their fingerprints. This is right for every new column.
    ``UNNAMED``: as ``WHERE_SET``, but without its name: two columns were added before names were counted.
    ``NEVER``: it changes nothing in a row.
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
        Its field in `Catalog`, and its attribute in `Header` if headers say it.
    dtype : dtype or None
        For whole numbers, which must fit into int64; None for texts, which are a `Coded`.
    default : int or str
        Its value for a sample of which nothing is known.
    title : str
        What people call it.
    kept : Kept
    counts : Counts
    key : str
        What manifests call it.
    sheet : int
        Its place among the columns of ``manifest.csv`` that describe samples, from 1; 0 if it has none.
    varies : bool
        Whether nearly every sample has a value of its own, so that writing equal values once saves nothing.
    identifies : bool
        Whether it tells the samples of a file apart, and so stays the same when the file is repaired.
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
            raise TypeError(f"{self.name}: what counts in fingerprints has to be kept in manifests")
        if self.dtype is not None and not np.can_cast(self.dtype, np.int64):
            raise TypeError(f"{self.name}: its numbers do not fit into int64")

    @property
    def none(self) -> int | None:
        """The number that means "none"; None where every number means something."""
        return self.default if isinstance(self.default, int) and self.default < 1 else None

    @property
    def is_named(self) -> bool:
        """Whether fingerprints count its name with it, after all columns without names."""
        return self.counts is Counts.WHERE_SET

    def constant(self, length: int) -> Values:
        """The column of `length` samples of which nothing is known; read-only, and takes no memory."""
        if self.dtype is None:
            return Coded.constant(str(self.default), length)
        return np.broadcast_to(self.dtype.type(self.default), length)

    def of(self, values: Any) -> Values:  # noqa: ANN401 - numbers as NumPy takes them, or texts
        """The column of `values`, one a sample."""
        if self.dtype is None:
            return Coded.from_values(values)
        return slim(np.array(values, self.dtype))

    def take(self, values: Values, samples: NDArray[Any]) -> Values:
        """The values of some samples."""
        return values.take(samples) if self.dtype is None else slim(values[samples])

    def concatenate(self, parts: Sequence[Values]) -> Values:
        """The values of several tables, one after another."""
        if self.dtype is None:
            return Coded.concatenate(parts)
        return slim(np.concatenate([np.empty(0, self.dtype), *parts]))

    def value_at(self, values: Values, sample: int) -> int | str:
        """The value of a sample, as JSON has it."""
        return str(values[sample]) if self.dtype is None else int(values[sample])

    def put(self, values: Values, changes: Mapping[int, Any]) -> Values:
        """The values with those of some samples changed."""
        if self.dtype is None:
            return values.put({sample: str(value) for sample, value in changes.items()})
        changed = values.copy()
        changed[list(changes)] = [int(value) for value in changes.values()]
        return changed

    def differs(self, values: Values, others: Values) -> NDArray[np.bool_]:
        """Mask of the samples whose values differ, shape (N,)."""
        return np.asarray(values.differs(others) if self.dtype is None else values != others)

    def says_anything(self, values: Values) -> bool:
        """Whether any value differs from the default."""
        alike = values.equals(self.default) if self.dtype is None else values == self.default
        return not alike.all()

    def to_json(self, values: Values) -> Any:  # noqa: ANN401 - any JSON value, and columns
        """The values as JSON, but for arrays, which stay arrays."""
        return coded_to_json(values) if self.dtype is None else values

    def from_json(self, value: Any) -> Values:  # noqa: ANN401 - any JSON value
        """Rebuild what `to_json` gave."""
        return coded_from_json(value) if self.dtype is None else self.of(value)

    def read_from(self, saved: Iterable[Mapping[str, Any]], key: str) -> list[Any]:
        """What each of `saved` has under `key`; the default where it is older than the column."""
        if self.counts is Counts.ALWAYS:
            return [each[key] for each in saved]
        return [each.get(key, self.default) for each in saved]


def coded_to_json(values: Coded) -> dict[str, Any]:
    """Texts as a JSON value, but for the array of codes."""
    return {"names": list(values.names), "codes": values.codes}


def coded_from_json(value: Mapping[str, Any]) -> Coded:
    """Rebuild what `coded_to_json` gave."""
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
    """Metadata that makes a field of `Catalog` a column; see `Column` for the parameters.

    The dtype is that of the field's annotation. The default is that of the attribute in `Header`, or else 0
    or ``""``.
    """
    said = {"kept": kept, "counts": counts, "key": key, "sheet": sheet}
    return {_COLUMN: {"title": title, "varies": varies, "identifies": identifies, **said}}


_COLUMN = "column"


def columns_of(catalog: type, header: type) -> tuple[Column, ...]:
    """The columns that the dataclass `catalog` declares, in the order of its fields.

    Raises
    ------
    TypeError
        When a field of arrays or texts is not declared as a column, or is declared in a way that cannot be.
    """
    defaults = {each.name: each.default for each in fields(header) if each.default is not MISSING}
    hints = get_type_hints(catalog)
    found = []
    for each in fields(catalog):
        is_numbers = get_origin(hints[each.name]) is np.ndarray
        if not is_numbers and hints[each.name] is not Coded:
            continue
        if (said := each.metadata.get(_COLUMN)) is None:
            raise TypeError(f"{each.name}: not declared as a column")
        dtype = np.dtype(*get_args(get_args(hints[each.name])[1])) if is_numbers else None
        default = defaults.get(each.name, 0 if is_numbers else "")
        key = said["key"] or each.name
        found.append(Column(**{**said, "name": each.name, "key": key, "dtype": dtype, "default": default}))
    return tuple(found)
