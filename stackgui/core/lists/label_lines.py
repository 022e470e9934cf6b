"""The lines of a list of labels, matched with the samples of a catalog, and warnings about them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, agree_part, format_count, format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.ways import Way, ways_of_reasons
from stackgui.core.base.wording import capital
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.lists.file_match import NO_FILE, SEVERAL_FILES, Loosely
from stackgui.core.lists.texts import HowRead, no_labels


@dataclass(frozen=True, eq=False, slots=True)
class LabelLines:
    """The lines of a list of labels, matched with the samples of a catalog.

    Attributes
    ----------
    read : HowRead
    path : Paths
        The name on each line.
    file : int64, shape (lines,)
        The file that each line names, `NO_FILE` or `SEVERAL_FILES`.
    loosely : int8, shape (lines,)
        How name and file differ; see `stackgui.core.lists.file_match.Loosely`.
    file_of : int64, shape (N,)
        The file of each sample.
    label, split : Coded
        Label and split of each file.
    is_named, is_disputed : bool, shape (files,)
        Whether a line names the file, and whether lines contradict each other about it.
    problem : str
        Why the list cannot be used, or ``""``.
    """

    read: HowRead
    path: Paths
    file: NDArray[np.int64]
    loosely: NDArray[np.int8]
    file_of: NDArray[np.int64]
    label: Coded
    split: Coded
    is_named: NDArray[np.bool_]
    is_disputed: NDArray[np.bool_]
    problem: str = ""


def why_useless(name: str, matched: LabelLines, catalog: Catalog) -> str:
    """Explain why the list called `name` gives no labels to the samples; ``""`` if it does."""
    shown = printable(name)
    if matched.problem:
        return f"{shown} cannot be used as a list of labels: {matched.problem}."
    if not len(matched.path):
        return f"{shown} cannot be used as a list of labels: it has no lines."
    if not matched.read.labelling.says_something:
        return f"{shown} cannot be used as a list of labels: {no_labels(matched.read)}"
    if matched.is_named.any() or not len(catalog):
        return ""
    several = int(np.count_nonzero(matched.file == SEVERAL_FILES))
    ambiguous = f", of which {several:,} could mean any of several pictures" if several else ""
    lines = format_count(len(matched.path), "line")
    return (
        f"No line of {shown} names one of the pictures: {lines}{ambiguous}, in "
        f"{matched.read.column(matched.read.path)} called {_examples(matched.path)}; "
        f"{format_count(len(matched.is_named), 'picture')}, called {_examples(catalog.path)}."
    )


def ways_out(matched: LabelLines) -> tuple[Way, ...]:
    """Return the choices that may make a useless list usable."""
    if matched.problem:
        return ways_of_reasons([matched.problem])
    if not matched.read.labelling.says_something:
        return (Way.LABEL_COLUMN,)
    return (Way.PATH_COLUMN, Way.LIST_ROOT)


def label_warnings(name: str, matched: LabelLines, catalog: Catalog) -> Iterator[DataWarning]:
    """Yield warnings about lines of the list `name` without a picture, and pictures without a line."""
    own = printable(os.path.basename(name))
    for code, is_so, what in (
        ("label-lines-without-picture", matched.file == NO_FILE, "name no picture"),
        (
            "label-lines-ambiguous",
            matched.file == SEVERAL_FILES,
            "could mean any of several pictures, so they were not used",
        ),
        (
            "label-names-differ",
            _differs(matched),
            "name their pictures with a different extension, case or Unicode form",
        ),
    ):
        if lines := np.flatnonzero(is_so).tolist():
            text = f"{format_count(len(lines), 'line')} of {own} {agree(len(lines), _singular(what), what)}."
            yield DataWarning(
                code, text, len(lines), tuple(matched.path[line].strip() for line in lines[:EXAMPLES])
            )
    is_named = matched.is_named[matched.file_of]
    if len(unnamed := np.flatnonzero(~is_named)):
        count = len(unnamed)
        pictures = capital(format_part(count, len(is_named), "picture"))
        text = (
            f"{pictures} {agree_part(count, 'is', 'are')} not named by {own}, and "
            f"{agree_part(count, 'gets', 'get')} no label from it."
        )
        yield about_samples("pictures-without-label-line", text, catalog, unnamed)
    if len(disputed := np.flatnonzero(matched.is_disputed[matched.file_of])):
        text = (
            f"Lines of {own} give {format_count(len(disputed), 'picture')} different labels or splits, "
            "so none of these is used."
        )
        yield about_samples("label-lines-contradict", text, catalog, disputed)


def _differs(matched: LabelLines) -> NDArray[np.bool_]:
    loose = Loosely.OTHER_ENDING | Loosely.UNICODE | Loosely.CASE
    return np.asarray((matched.file >= 0) & ((matched.loosely & int(loose)) != 0))


def _singular(what: str) -> str:
    return (
        what.replace("name ", "names ", 1)
        .replace("they were", "it was", 1)
        .replace("their pictures", "its picture")
    )


def _examples(names: Paths) -> str:
    shown = ", ".join(f"“{printable(names[line].strip())}”" for line in range(min(len(names), EXAMPLES)))
    return f"{shown}, …" if len(names) > EXAMPLES else shown
