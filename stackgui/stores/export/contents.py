"""What a stack holds, by the names that it gets in an export: arrays, tables and lists of names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Progress
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import legible, printable
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.loading_from import Holds
from stackgui.stores.format import value_members
from stackgui.stores.stack.row_values import group_column

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack

FILES, COLUMNS = "files", "columns"
"""Names of the tables of texts: the rows' files, and the columns of lists that were kept."""

BATCH_BYTES = 8 * 2**20
"""Rows that are held at a time, unless a single one is larger."""

_SAMPLE_TEXTS = 20_000
_MARGIN = 2
"""Texts that are read for an estimate, and how much longer the others may be."""

_PADDING_SHRINKS = 50
"""Compression makes padding smaller at least by this factor."""

AXES = {"NHWC": ("row", "height", "width", "channel"), "NCHW": ("row", "channel", "height", "width")}
MASK_AXES = ("row", "height", "width")


def arrays(stack: Stack) -> dict[str, ArraySpec]:
    """Return all arrays by their names: those of pictures, then those of masks."""
    found = {array_name(spec): spec for spec in stack.all_specs}
    if len(found) < len(stack.all_specs) or {*texts(stack), *tables(stack), *words(stack)} & set(found):
        raise StackguiError(
            say("{path} is damaged: its arrays use names of other files.", path=printable(stack.path))
        )
    return found


def array_name(spec: ArraySpec) -> str:
    """Return the name of an array: that of its file, without the suffix."""
    return os.path.splitext(spec.file)[0]


def axes(stack: Stack, spec: ArraySpec) -> tuple[str, ...]:
    """Return the names of an array's axes."""
    return axes_of(spec, stack.layout)


def axes_of(spec: ArraySpec, layout: Layout) -> tuple[str, ...]:
    """Return the names of the axes of an array in a stack of that layout."""
    return MASK_AXES if spec.is_mask else AXES[layout.value]


def tables(stack: Stack) -> dict[str, NDArray[Any]]:
    """Return the numbers that a stack has beside its arrays, by name."""
    found: dict[str, NDArray[Any]] = {"valid": stack.valid, "placements": stack.placements}
    if stack.excluded.any():
        found["excluded"] = stack.excluded
    if stack.labels is not None:
        found["labels"] = stack.labels
    if stack.splits is not None:
        found["splits"] = stack.splits
    if stack.targets is not None:
        found["targets"] = stack.targets
    if stack.objects is not None:
        found |= {"transforms": stack.transforms, **stack.objects.tables()}
    if stack.masks is not None:
        found["mask_numbers"] = np.array(list(stack.mask_classes), np.int64)
    return found


def words(stack: Stack) -> dict[str, list[str]]:
    """Return the lists of names that numbers in the tables refer to, by name."""
    found = {}
    if stack.labels is not None:
        found["classes"] = stack.classes
    if stack.splits is not None:
        found["parts"] = stack.parts
    if stack.targets is not None:
        found["target_names"] = stack.target_names
    if stack.objects is not None:
        found["object_classes"] = stack.objects.classes
    if stack.masks is not None:
        found["mask_classes"] = list(stack.mask_classes.values())
    if stack.column_names:
        found["column_names"] = stack.column_names
    return {name: [legible(each) for each in texts] for name, texts in found.items()}


@dataclass(frozen=True, slots=True)
class Texts:
    """A table of texts, with one or several for each row.

    Attributes
    ----------
    shape : tuple of int
        (N,), or (N, K) with K texts for each row.
    cells : callable
        Returns an iterator over all texts, row after row.
    """

    shape: tuple[int, ...]
    cells: Callable[[], Iterator[str]]

    def lots(self, rows: int) -> Iterator[NDArray[np.object_]]:
        """Yield the texts of some `rows` after another."""
        cells = self.cells()
        for first in range(0, self.shape[0], rows):
            shape = (min(rows, self.shape[0] - first), *self.shape[1:])
            count = int(np.prod(shape, dtype=np.int64))
            yield np.array(list(islice(cells, count)), np.object_).reshape(shape)

    def size_bytes(self) -> tuple[int, int]:
        """Return upper bounds for the length of all texts together and of the longest, in bytes of UTF-8.

        With many of them the bounds follow from the first ones, because reading all takes too long.
        """
        lengths, count = [len(text.encode()) for text in islice(self.cells(), _SAMPLE_TEXTS)], self.count
        if len(lengths) == count:
            return sum(lengths), max(lengths, default=0)
        return _MARGIN * sum(lengths) * count // len(lengths), _MARGIN * max(lengths)

    @property
    def count(self) -> int:
        """Number of texts."""
        return int(np.prod(self.shape, dtype=np.int64))


def texts(stack: Stack) -> dict[str, Texts]:
    """Return the texts that a stack has for its rows, by name."""
    rows = len(stack)
    found = {FILES: Texts((rows,), lambda: file_names(stack))}
    if stack.column_names:
        found[COLUMNS] = Texts((rows, len(stack.column_names)), lambda: _columns(stack))
    return found


def holds(stack: Stack) -> Holds:
    """Return the names of all that a stack holds."""
    return holding(stack.all_specs, tables(stack), words(stack), texts(stack))


def holding(
    specs: Iterable[ArraySpec], tables: Iterable[str], words: Iterable[str], texts: Iterable[str]
) -> Holds:
    """Return these names, with what to say of the arrays."""
    shapes = {array_name(spec): f"{spec.shape}, {spec.dtype}" for spec in specs}
    return Holds(shapes, tuple(sorted(tables)), tuple(sorted(words)), tuple(sorted(texts)))


def texts_bytes(stack: Stack) -> int:
    """Return an upper bound for the length of all texts together, in bytes of UTF-8."""
    return sum(each.size_bytes()[0] for each in texts(stack).values())


def _columns(stack: Stack) -> Iterator[str]:
    return (text for _, columns in origins(stack) for text in columns)


def file_names(stack: Stack) -> Iterator[str]:
    """Yield the name of each row's file in its source; with several sources, after the name of the source."""
    return (name for name, _ in origins(stack))


def origins(stack: Stack) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each row's file as `file_names` does, and what `Stack.column_names` names."""
    several, group = len(stack.header["plan"]["folders"]) > 1, group_column(stack.header)
    kept = len(stack.column_names) - len(group)
    for entry in stack.files.entries():
        source = [os.path.basename(os.path.normpath(str(entry["source"])))] if several else []
        columns = [legible(str(text)) for text in entry.get(value_members.COLUMNS, ())]
        columns += [""] * (kept - len(columns))
        own = [legible(str(entry.get(name, ""))) for name in group]
        yield legible("/".join([*source, str(entry["file"])])), columns[:kept] + own


def batches(stack: Stack, spec: ArraySpec, rows: int = 0) -> Iterator[NDArray[Any]]:
    """Yield the rows of an array in order, `rows` at a time, or as many as `BATCH_BYTES` holds."""
    size, left = (rows or batch_rows(spec.row_bytes)) * spec.row_bytes, spec.data_bytes
    batch, filled = np.empty(min(size, left), np.uint8), 0
    for piece in stack.data(spec):
        numbers = np.frombuffer(piece, np.uint8)
        while len(numbers):
            taken = numbers[: len(batch) - filled]
            batch[filled : filled + len(taken)] = taken
            numbers, filled, left = numbers[len(taken) :], filled + len(taken), left - len(taken)
            if filled == len(batch):
                yield batch.view(spec.dtype).reshape(-1, *spec.shape[1:])
                batch, filled = np.empty(min(size, left), np.uint8), 0


def batch_rows(row_bytes: int) -> int:
    """Return how many rows of a size are held at a time."""
    return max(1, BATCH_BYTES // row_bytes)


def arrays_bytes(stack: Stack) -> int:
    """Return the size of all arrays."""
    return sum(spec.data_bytes for spec in stack.all_specs)


def data_bytes(stack: Stack) -> int:
    """Return the size of all arrays and tables as they are, and of the lists of names."""
    return arrays_bytes(stack) + sum(table.nbytes for table in tables(stack).values()) + words_bytes(stack)


def words_bytes(stack: Stack) -> int:
    """Return the size of the lists of names, quoted."""
    return sum(len(name.encode()) + 8 for names in words(stack).values() for name in names)


def compressed_bytes(stack: Stack) -> int:
    """Return an upper bound for the size of all arrays, compressed: pictures may not shrink, padding does."""
    pixels = stack.placements[:, 2].astype(np.int64) * stack.placements[:, 3]
    placed = int(sum(_placed(stack, pixels)))
    return int(1.1 * placed) + arrays_bytes(stack) // _PADDING_SHRINKS


def _placed(stack: Stack, pixels: NDArray[np.int64]) -> Iterator[int]:
    first = 0
    for spec in stack.all_specs:
        first = first % len(stack)  # masks follow the pictures of all rows
        in_row = spec.row_bytes // np.prod(_size(stack, spec), dtype=np.int64)
        yield int(pixels[first : first + spec.rows].sum() * in_row)
        first += spec.rows


def _size(stack: Stack, spec: ArraySpec) -> tuple[int, int]:
    """Return height and width of an array's rows."""
    found = dict(zip(axes(stack, spec), spec.shape, strict=True))
    return found["height"], found["width"]


def row_size(stack: Stack, row: int) -> tuple[int, int]:
    """Return height and width of a row."""
    return _size(stack, stack.specs[stack.place(row)[0]])


def numbers(values: Any) -> list[float]:  # noqa: ANN401 - an array or a number of NumPy
    """Return float32 numbers in a row, as the shortest decimals that stand for them."""
    return [float(str(value)) for value in np.asarray(values, np.float32).ravel()]


class Meter:
    """Tells a progress how many rows are done, while arrays are written one after the other."""

    def __init__(self, stack: Stack, progress: Progress) -> None:
        self._rows, self._progress = len(stack), progress
        self._total = arrays_bytes(stack)
        self._done = 0

    def add(self, count_bytes: int) -> None:
        """Report that this much of the arrays was written; raises Cancelled."""
        self._done += count_bytes
        self._progress.reached(self._done * self._rows // self._total)
