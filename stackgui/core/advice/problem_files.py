"""The files of a problem: names and reasons, made only when they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.skip_kinds import NOT_A_PICTURE
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.run.report import Failure


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """One file of a problem.

    Attributes
    ----------
    name : str
        Its name below its source, or the line of a list; not printable in every case.
    path : str
        Its absolute name, where that is known, else the same as `name`.
    why : str
        The reason, as a sentence fragment, or ``""``.
    """

    name: str
    path: str
    why: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Files:
    """Files of a problem, of any number.

    Attributes
    ----------
    count : int
    at : callable
        Returns the file at a place.
    """

    count: int
    at: Callable[[int], ProblemFile]

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: int) -> ProblemFile:
        if not 0 <= place < self.count:
            raise IndexError(place)
        return self.at(place)

    def __iter__(self) -> Iterator[ProblemFile]:
        return map(self.at, range(self.count))


def files_of_samples(catalog: Catalog, samples: NDArray[np.int64], why: Callable[[int], str]) -> Files:
    """Return the files of `samples`, with the reason that `why` gives for each."""

    def at(place: int) -> ProblemFile:
        sample = int(samples[place])
        return ProblemFile(catalog.path[sample], catalog.file(sample), why(sample))

    return Files(len(samples), at)


def files_of_skipped(skipped: Skipped, places: NDArray[np.int64]) -> Files:
    """Return the skipped files at `places`."""

    def at(place: int) -> ProblemFile:
        found = int(places[place])
        why = skipped.detail[found]
        if skipped.kind[found] == NOT_A_PICTURE and why.startswith("."):
            why = say("no kind of picture has the ending {ending}", ending=why)
        return ProblemFile(skipped.path[found], skipped.path[found], why)

    return Files(len(places), at)


def files_of_failures(failures: Sequence[Failure]) -> Files:
    """Return the files of failed rows."""
    return Files(
        len(failures),
        lambda place: ProblemFile(failures[place].file, failures[place].file, failures[place].reason),
    )


def files_of_examples(examples: Sequence[str]) -> Files:
    """Return the examples of a warning, which may be files, classes or lines."""
    return Files(len(examples), lambda place: ProblemFile(examples[place], examples[place]))
