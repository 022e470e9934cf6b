"""What a list of labels would give the samples of a catalog, before it is used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stackgui.core.base.wording import Wording, joined, say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.lists.label_lines import LabelLines, match_sentence, why_useless
from stackgui.core.lists.texts import reading_sentence

SHOWN_LINES = 2


@dataclass(frozen=True, slots=True)
class ListOffer:
    """A file among the pictures that may be a list of their labels.

    Attributes
    ----------
    path : str
        Absolute path.
    share : float
        Which part of its first lines names a picture.
    """

    path: str
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class ListLook:
    """A list of labels, matched with the samples of a catalog.

    Attributes
    ----------
    options : ScanOptions
        The list and its columns.
    columns : tuple of str
        Titles of the columns, or their numbers, from 1, if the list has no titles.
    problem : str
        Why the list gives no labels, or ``""``.
    read : str
        How it was read, as a sentence.
    matches : str
        How many lines match a picture, as a sentence.
    unmatched : tuple of str
        The first lines that match none, by the names on them.
    labels : int
        Number of different labels.
    labelled, samples : int
        Number of samples with a label from the list, and of all.
    """

    options: ScanOptions
    columns: tuple[str, ...]
    problem: str
    read: str = ""
    matches: str = ""
    unmatched: tuple[str, ...] = ()
    labels: int = 0
    labelled: int = 0
    samples: int = 0

    @property
    def summary(self) -> Wording:
        """Say what the list gives, in one or two sentences."""
        if self.problem:
            return say("{problem}", problem=self.problem)
        missing = say("These do not: {lines}.", lines=", ".join(f"“{each}”" for each in self.unmatched))
        gives = say(
            "{labels:,} labels, for {labelled:,} of {samples:,} pictures.",
            labels=self.labels,
            labelled=self.labelled,
            samples=self.samples,
        )
        return joined(" ", [self.matches, missing if self.unmatched else "", gives])


def look_of(matched: LabelLines, options: ScanOptions, catalog: Catalog) -> ListLook:
    """Return what the list of labels in `options`, whose lines were `matched`, gives `catalog`."""
    read, name = matched.read, options.label_list
    width = 1 + max((read.path, *read.labelling.others, *_used(matched)), default=0)
    columns = read.titles or tuple(str(number) for number in range(1, width + 1))
    columns = () if matched.problem else columns
    if problem := why_useless(name, matched, catalog):
        return ListLook(options, columns, problem)
    lost = np.flatnonzero(matched.file < 0)[:SHOWN_LINES].tolist()
    label = matched.label.take(matched.file_of)
    return ListLook(
        options,
        columns,
        "",
        reading_sentence(name, read),
        match_sentence(name, matched),
        tuple(matched.path[line].strip() for line in lost),
        labels=len(set(label.counts()) - {""}),
        labelled=int(np.count_nonzero(~label.equals(""))),
        samples=len(catalog),
    )


def _used(matched: LabelLines) -> list[int]:
    labelling = matched.read.labelling
    return [place for place in (labelling.label, labelling.split) if place is not None]
