"""What a list of labels says of the samples of a catalog, and what in it is doubtful."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, agree_part, capital, format_count, format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.ways import Way, ways_of_reasons
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.lists.file_match import NO_FILE, SEVERAL_FILES, Loosely
from stackgui.core.lists.texts import HowRead, no_labels


@dataclass(frozen=True, eq=False, slots=True)
class LabelLines:
    """What a list of labels says of the samples of a catalog.

    Attributes
    ----------
    read : HowRead
    path : Paths
        The names in the list, a line each.
    file : int64, shape (lines,)
        For each the file that it names, `NO_FILE` or `SEVERAL_FILES`.
    loosely : int8, shape (lines,)
        See `stackgui.core.lists.file_match.Loosely`.
    file_of : int64, shape (N,)
        For each sample its file.
    label, split : Coded
        For each file.
    is_named, is_disputed : bool, shape (files,)
        Whether a line names the file, and whether lines say different things of it.
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


def useless(name: str, said: LabelLines, catalog: Catalog) -> str:
    """Why the list called `name` says nothing of the samples; ``""`` where it does."""
    shown = printable(name)
    if said.problem:
        return f"{shown} cannot be used as a list of labels: {said.problem}."
    if not len(said.path):
        return f"{shown} cannot be used as a list of labels: it has no lines."
    if not said.read.labelling.says_something:
        return f"{shown} cannot be used as a list of labels: {no_labels(said.read)}"
    if said.is_named.any() or not len(catalog):
        return ""
    several = int(np.count_nonzero(said.file == SEVERAL_FILES))
    ambiguous = f", of which {several:,} could mean any of several pictures" if several else ""
    lines = format_count(len(said.path), "line")
    return (
        f"No line of {shown} names one of the pictures: {lines}{ambiguous}, in "
        f"{said.read.column(said.read.path)} called {_examples(said.path)}; "
        f"{format_count(len(said.is_named), 'picture')}, called {_examples(catalog.path)}."
    )


def leads_on(said: LabelLines) -> tuple[Way, ...]:
    """What can be chosen otherwise where a list is of no use."""
    if said.problem:
        return ways_of_reasons([said.problem])
    if not said.read.labelling.says_something:
        return (Way.LABEL_COLUMN,)
    return (Way.PATH_COLUMN, Way.LIST_ROOT)


def label_warnings(name: str, said: LabelLines, catalog: Catalog) -> Iterator[DataWarning]:
    """What in the list called `name` fits no picture, and which pictures it does not name."""
    own = printable(os.path.basename(name))
    for code, is_so, what in (
        ("label-lines-without-picture", said.file == NO_FILE, "name no picture"),
        (
            "label-lines-ambiguous",
            said.file == SEVERAL_FILES,
            "could mean any of several pictures, so they were not used",
        ),
        (
            "label-names-differ",
            _differs(said),
            "name their pictures with another ending, case or Unicode form",
        ),
    ):
        if lines := np.flatnonzero(is_so).tolist():
            text = f"{format_count(len(lines), 'line')} of {own} {agree(len(lines), _singular(what), what)}."
            yield DataWarning(
                code, text, len(lines), tuple(said.path[line].strip() for line in lines[:EXAMPLES])
            )
    is_named = said.is_named[said.file_of]
    if len(unnamed := np.flatnonzero(~is_named)):
        count = len(unnamed)
        pictures = capital(format_part(count, len(is_named), "picture"))
        text = (
            f"{pictures} {agree_part(count, 'is', 'are')} not named by {own}, and "
            f"{agree_part(count, 'gets', 'get')} no label from it."
        )
        yield about_samples("pictures-without-label-line", text, catalog, unnamed)
    if len(disputed := np.flatnonzero(said.is_disputed[said.file_of])):
        text = (
            f"Lines of {own} give {format_count(len(disputed), 'picture')} different labels or splits, "
            "and none of these is taken."
        )
        yield about_samples("label-lines-contradict", text, catalog, disputed)


def _differs(said: LabelLines) -> NDArray[np.bool_]:
    loose = Loosely.OTHER_ENDING | Loosely.UNICODE | Loosely.CASE
    return np.asarray((said.file >= 0) & ((said.loosely & int(loose)) != 0))


def _singular(what: str) -> str:
    return (
        what.replace("name ", "names ", 1)
        .replace("they were", "it was", 1)
        .replace("their pictures", "its picture")
    )


def _examples(names: Paths) -> str:
    shown = ", ".join(f"“{printable(names[line].strip())}”" for line in range(min(len(names), EXAMPLES)))
    return f"{shown}, …" if len(names) > EXAMPLES else shown
