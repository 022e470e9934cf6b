"""The lines of a list of labels, matched with the samples of a catalog, and warnings about them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_part, singular_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.ways import Way, ways_of_reasons
from stackgui.core.base.wording import Wording, say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.list_values import ListValues
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
    values : ListValues
        Other columns that were asked for, for each file.
    is_named, is_disputed : bool, shape (files,)
        Whether a line names the file, and whether lines contradict each other about it.
    warnings : tuple of DataWarning
        About the cells of these.
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
    values: ListValues
    warnings: tuple[DataWarning, ...] = ()
    problem: str = ""


def why_useless(name: str, matched: LabelLines, catalog: Catalog) -> str:
    """Explain why the list called `name` gives no labels to the samples; ``""`` if it does."""
    shown = printable(name)
    if matched.problem:
        return say(
            "{shown} cannot be used as a list of labels: {problem}.", shown=shown, problem=matched.problem
        )
    if not len(matched.path):
        return say("{shown} cannot be used as a list of labels: it has no lines.", shown=shown)
    if not matched.read.labelling.says_something and not matched.values:
        return say(
            "{shown} cannot be used as a list of labels: {no_labels}",
            shown=shown,
            no_labels=no_labels(matched.read),
        )
    if matched.is_named.any() or not len(catalog):
        return ""
    several = int(np.count_nonzero(matched.file == SEVERAL_FILES))
    ambiguous = (
        say(", of which {several:,} could mean any of several pictures", several=several) if several else ""
    )
    lines = format_count(len(matched.path), "line")
    return say(
        "No line of {shown} names one of the pictures: {lines}{ambiguous}, in {column} "
        "called {examples}; {pictures}, called {examples2}.",
        shown=shown,
        lines=lines,
        ambiguous=ambiguous,
        column=matched.read.column(matched.read.path),
        examples=_examples(matched.path),
        pictures=format_count(len(matched.is_named), "picture"),
        examples2=_examples(catalog.path),
    )


def ways_out(matched: LabelLines) -> tuple[Way, ...]:
    """Return the choices that may make a useless list usable."""
    if matched.problem:
        return ways_of_reasons([matched.problem])
    if not matched.read.labelling.says_something:
        return (Way.LABEL_COLUMN,)
    return (Way.PATH_COLUMN, Way.LIST_ROOT)


def match_sentence(name: str, matched: LabelLines) -> Wording:
    """Say how many lines of the list `name` match a picture."""
    count = int(np.count_nonzero(matched.file >= 0))
    return say_many(
        singular_part(count),
        "{own}: {part} matches a picture.",
        "{own}: {part} match a picture.",
        own=printable(os.path.basename(name)),
        part=format_part(count, len(matched.file), "line"),
    )


def label_warnings(name: str, matched: LabelLines, catalog: Catalog) -> Iterator[DataWarning]:
    """Yield warnings about lines of the list `name` without a picture, and pictures without a line."""
    own = printable(os.path.basename(name))
    for code, is_so in (
        ("label-lines-without-picture", matched.file == NO_FILE),
        ("label-lines-ambiguous", matched.file == SEVERAL_FILES),
        ("label-names-differ", _differs(matched)),
    ):
        if lines := np.flatnonzero(is_so).tolist():
            text = _of_lines(code, len(lines), own, format_part(len(lines), len(is_so), "line"))
            examples = tuple(matched.path[line].strip() for line in lines[:EXAMPLES])
            yield DataWarning(code, text, len(lines), examples)
    is_named = matched.is_named[matched.file_of]
    if len(unnamed := np.flatnonzero(~is_named)):
        count = len(unnamed)
        text = say_many(
            singular_part(count),
            "{part:capital} is not named by {own}, and gets no label from it.",
            "{part:capital} are not named by {own}, and get no label from it.",
            part=format_part(count, len(is_named), "picture"),
            own=own,
        )
        yield about_samples("pictures-without-label-line", text, catalog, unnamed)
    if len(disputed := np.flatnonzero(matched.is_disputed[matched.file_of])):
        text = say(
            "Lines of {own} give {pictures} different splits, so none of these is used.",
            own=own,
            pictures=format_count(len(disputed), "picture"),
        )
        yield about_samples("label-lines-contradict", text, catalog, disputed)


def _of_lines(code: str, count: int, own: str, part: str) -> Wording:
    """Return the sentence of a warning about some lines of the list `own`, which are `part` of all."""
    number = singular_part(count)
    if code == "label-lines-without-picture":
        return say_many(
            number,
            "{part:capital} of {own} names no picture.",
            "{part:capital} of {own} name no picture.",
            part=part,
            own=own,
        )
    if code == "label-lines-ambiguous":
        return say_many(
            number,
            "{part:capital} of {own} could mean any of several pictures, so it was not used.",
            "{part:capital} of {own} could mean any of several pictures, so they were not used.",
            part=part,
            own=own,
        )
    return say_many(
        number,
        "{part:capital} of {own} names its picture with a different extension, case or Unicode form.",
        "{part:capital} of {own} name their pictures with a different extension, case or Unicode form.",
        part=part,
        own=own,
    )


def _differs(matched: LabelLines) -> NDArray[np.bool_]:
    loose = Loosely.OTHER_ENDING | Loosely.UNICODE | Loosely.CASE
    return np.asarray((matched.file >= 0) & ((matched.loosely & int(loose)) != 0))


def _examples(names: Paths) -> str:
    shown = ", ".join(f"“{printable(names[line].strip())}”" for line in range(min(len(names), EXAMPLES)))
    return f"{shown}, …" if len(names) > EXAMPLES else shown
