"""Lists of samples as a person wants to see them: those that match, in an order of their choice."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.base.natural import natural_key
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.selection import Column, Selection, SizeRange, csv_lines
from stackgui.core.plan.plan import EXCLUDED, NO_ROW, Plan
from stackgui.core.plan.row_classes import classes_of, having_class

_CHECKED_EVERY = 4096
"""Names between two looks at whether the list is still wanted."""


class Order(StrEnum):
    """What a list is sorted by."""

    ROW = "row"
    NAME = "name"
    PATH = "path"
    WIDTH = "width"
    HEIGHT = "height"
    AREA = "area"
    FILE_SIZE = "file size"
    LABEL = "label"
    PART = "part"
    PROBLEM = "problem"


class Standing(StrEnum):
    """What becomes of a sample."""

    ANY = "any"
    SOUND = "sound"
    BLANK = "blank"
    LEFT_OUT = "left out"
    GONE = "gone"
    """Only of a row of a stack: its picture was no longer found at the last update."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which samples a list holds, and in which order; by default all of them, in the order of the rows.

    Attributes
    ----------
    text : str
        Words that all occur in the name of the source or in the path below it; case does not matter.
    label, part : str or None
        The label and the part of the dataset split, ``""`` for none; None for any.
    sizes : SizeRange or None
    standing : Standing
    reason : str
        Why a sample cannot be used, or ``""`` for any reason and none.
    order : Order
    descending : bool
    """

    text: str = ""
    label: str | None = None
    part: str | None = None
    sizes: SizeRange | None = None
    standing: Standing = Standing.ANY
    reason: str = ""
    order: Order = Order.ROW
    descending: bool = False

    @property
    def filters(self) -> bool:
        """Whether samples may be missing from the list."""
        chosen = (self.text.strip(), self.label is not None, self.part is not None, self.sizes, self.reason)
        return any(chosen) or self.standing is not Standing.ANY


def listed(
    plan: Plan, wanted: Wanted, among: Selection | None = None, watch: Cancellation = UNWATCHED
) -> NDArray[np.int64]:
    """Return the samples of `plan` that are `wanted`, in order.

    Parameters
    ----------
    plan
    wanted
    among
        The only samples to consider; None for all. Those that it has side by side stay so, unless another
        order is wanted.
    watch
        Checked while names are compared.

    Raises
    ------
    Cancelled
    """
    samples = np.arange(len(plan.catalog)) if among is None else among.shown
    samples = samples[_matching(plan, wanted, samples)]
    if words := _folded(wanted.text).split():
        samples = samples[_named(plan.catalog, words, samples, watch)]
    is_arranged = among is not None and among.side_by_side is not None and wanted.order is Order.ROW
    if is_arranged or _is_sorted(plan, wanted):
        return samples
    key = _KEYS[wanted.order](plan, samples, watch)
    return samples[np.argsort(-key if wanted.descending else key, kind="stable")]


def is_quick(plan: Plan, wanted: Wanted) -> bool:
    """Return whether `listed` takes no time worth speaking of."""
    return not wanted.filters and _is_sorted(plan, wanted)


def reasons(plan: Plan) -> dict[str, int]:
    """Count the samples that cannot be used, by the reason, the most frequent first."""
    return dict(_reasons(plan.problem))


@kept()
def _reasons(problem: Coded) -> tuple[tuple[str, int], ...]:
    """Count them; cached, because plans share problems during a drag."""
    found = problem.counts()
    return tuple((reason, count) for reason, count in found.items() if reason not in {"", EXCLUDED})


def rows_of(plan: Plan) -> NDArray[np.int64]:
    """Return for each sample the number of its row, or NO_ROW, shape (N,)."""
    row = np.full(len(plan.catalog), NO_ROW, np.int64)
    row[plan.samples] = np.arange(plan.rows)
    return row


def table_lines(plan: Plan, samples: NDArray[np.int64]) -> Iterator[bytes]:
    """Yield a table of `samples` as CSV, with what the plan makes of each; see `csv_lines`."""
    catalog, row = plan.catalog, rows_of(plan)
    columns: dict[str, Column] = {
        "row": lambda part: ["" if number == NO_ROW else number for number in row[part].tolist()],
        "path": lambda part: map(catalog.file, part.tolist()),
        "label": lambda part: [label_of(plan, sample) for sample in part.tolist()],
        "split": plan.split.take,
        "width": lambda part: catalog.width[part].tolist(),
        "height": lambda part: catalog.height[part].tolist(),
        "problem": plan.problem.take,
    }
    return csv_lines(columns, samples)


def label_of(plan: Plan, sample: int) -> str:
    """Return the label of a sample, or several with semicolons between them, or ``""``."""
    return "; ".join(classes_of(plan, sample))


def _is_sorted(plan: Plan, wanted: Wanted) -> bool:
    """Return whether the catalog's order is the one that is wanted."""
    in_order = len(plan.buckets) == 1 and not plan.options.shuffle and not plan.options.first
    return wanted.order is Order.ROW and not wanted.descending and in_order


def _matching(plan: Plan, wanted: Wanted, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the mask of what is wanted, except for names, shape (n,)."""
    keep = np.ones(len(samples), np.bool_)
    if wanted.label is not None:
        keep &= _labelled(plan, wanted.label, samples)
    if wanted.part is not None:
        keep &= plan.split.equals(wanted.part)[samples]
    if wanted.sizes is not None:
        keep &= _of_sizes(plan.catalog, wanted.sizes, samples)
    left_out = plan.problem.equals(EXCLUDED)
    match wanted.standing:
        case Standing.SOUND:
            keep &= plan.usable[samples]
        case Standing.BLANK:
            keep &= ~(plan.usable | left_out)[samples]
        case Standing.LEFT_OUT:
            keep &= left_out[samples]
        case Standing.GONE:
            keep[:] = False  # samples were found just now
        case Standing.ANY:
            pass
    return keep & plan.problem.equals(wanted.reason)[samples] if wanted.reason else keep


def _labelled(plan: Plan, label: str, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    if plan.label is None or (label and label not in plan.classes):
        return np.full(len(samples), not label)
    if not label:
        return np.asarray(plan.label[samples] < 0)
    return having_class(plan, plan.classes.index(label), samples)


def _of_sizes(catalog: Catalog, sizes: SizeRange, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    height, width = catalog.height[samples], catalog.width[samples]
    inside = (height >= sizes.least_height) & (height <= sizes.most_height)
    return np.asarray(inside & (width >= sizes.least_width) & (width <= sizes.most_width))


def _named(
    catalog: Catalog, words: list[str], samples: NDArray[np.int64], watch: Cancellation
) -> NDArray[np.bool_]:
    folders = [_folded(os.path.basename(source)) for source in catalog.sources]
    found = np.zeros(len(samples), np.bool_)
    for place, (source, path) in enumerate(_paths(catalog, samples, watch)):
        name = f"{folders[source]}/{_folded(path)}"
        found[place] = all(word in name for word in words)
    return found


def _folded(text: str) -> str:
    """Return `text` without regard to case, and to whether accents are characters of their own."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


def _paths(catalog: Catalog, samples: NDArray[np.int64], watch: Cancellation) -> Iterator[tuple[int, str]]:
    for begin in range(0, len(samples), _CHECKED_EVERY):
        watch.check()
        part = samples[begin : begin + _CHECKED_EVERY]
        yield from zip(catalog.source[part].tolist(), catalog.path.take(part), strict=True)


# Keys to sort by: int64, shape (n,)

_Key = Callable[[Plan, NDArray[np.int64], Cancellation], NDArray[np.int64]]


def _rows(plan: Plan, samples: NDArray[np.int64], _watch: Cancellation) -> NDArray[np.int64]:
    if _is_sorted(plan, Wanted()):
        return samples
    # Samples without a row come last, in the catalog's order.
    row = rows_of(plan)[samples]
    return np.where(row == NO_ROW, plan.rows + samples, row)


def _names(plan: Plan, samples: NDArray[np.int64], watch: Cancellation) -> NDArray[np.int64]:
    names = (path.rsplit("/", 1)[-1] for _, path in _paths(plan.catalog, samples, watch))
    return _ranks([natural_key(name.casefold()) for name in names])


def _whole_paths(plan: Plan, samples: NDArray[np.int64], watch: Cancellation) -> NDArray[np.int64]:
    found = _paths(plan.catalog, samples, watch)
    return _ranks([tuple(map(natural_key, path.casefold().split("/"))) for _, path in found])


def _area(plan: Plan, samples: NDArray[np.int64], _watch: Cancellation) -> NDArray[np.int64]:
    return plan.catalog.height[samples].astype(np.int64) * plan.catalog.width[samples]


def _labels(plan: Plan, samples: NDArray[np.int64], _watch: Cancellation) -> NDArray[np.int64]:
    # Classes have the order that the person gave them, and no label comes last.
    if plan.label is None:
        return np.zeros(len(samples), np.int64)
    label = plan.label[samples].astype(np.int64)
    count = len(plan.classes) if plan.label_sets is None else len(plan.label_sets)
    return np.where(label < 0, count, label)


def _coded(column: Coded, samples: NDArray[np.int64]) -> NDArray[np.int64]:
    return _ranks([(not name, name.casefold()) for name in column.names])[column.codes[samples]]


def _ranks(keys: list[tuple[object, ...]]) -> NDArray[np.int64]:
    """Return for each key its place among the distinct ones."""
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    return np.fromiter((place[key] for key in keys), np.int64, len(keys))


_KEYS: Mapping[Order, _Key] = {
    Order.ROW: _rows,
    Order.NAME: _names,
    Order.PATH: _whole_paths,
    Order.WIDTH: lambda plan, samples, _: plan.catalog.width[samples].astype(np.int64),
    Order.HEIGHT: lambda plan, samples, _: plan.catalog.height[samples].astype(np.int64),
    Order.AREA: _area,
    Order.FILE_SIZE: lambda plan, samples, _: plan.catalog.file_bytes[samples],
    Order.LABEL: _labels,
    Order.PART: lambda plan, samples, _: _coded(plan.split, samples),
    Order.PROBLEM: lambda plan, samples, _: _coded(plan.problem, samples),
}
