"""What the program cannot know about the samples, and says: with a count and examples, before the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.core.base.text import printable

EXAMPLES = 3
"""How many examples are kept of each."""


@dataclass(frozen=True, slots=True)
class DataWarning:
    """Something that may be wrong, although nothing fails.

    Attributes
    ----------
    code : str
        What kind it is, for programs: words in lower case with hyphens.
    text : str
        For people: one or two sentences with the count, and what decides otherwise.
    count : int
        How many samples, lines or files it is about.
    examples : tuple of str
        Up to `EXAMPLES` of them: names of files, relative to their source, or lines of a list.
    """

    code: str
    text: str
    count: int
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The warning as JSON values."""
        return {**asdict(self), "examples": list(self.examples)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DataWarning:
        """Rebuild what `to_json` gave."""
        examples = tuple(map(str, value["examples"]))
        return cls(str(value["code"]), str(value["text"]), int(value["count"]), examples)


def warning_line(warning: DataWarning) -> str:
    """The sentences and the examples on one line."""
    if not warning.examples:
        return warning.text
    listed = ", ".join(map(printable, warning.examples))
    # Fewer than there may be are all: several samples of one file name it once.
    more = ", …" if warning.count > len(warning.examples) == EXAMPLES else ""
    return f"{warning.text} For example: {listed}{more}"


class Named(Protocol):
    """Samples that have names, as those of a catalog, which holds warnings itself."""

    @property
    def path(self) -> Paths:
        """Names relative to the samples' sources."""
        ...


def about_samples(code: str, text: str, catalog: Named, samples: NDArray[np.integer[Any]]) -> DataWarning:
    """A warning about some samples of a catalog.

    Parameters
    ----------
    code, text
        As in `DataWarning`.
    catalog
    samples : integers, shape (n,)
        Of whose files the first are examples.
    """
    names = dict.fromkeys(catalog.path[sample] for sample in samples[: 8 * EXAMPLES].tolist())
    return DataWarning(code, text, len(samples), tuple(names)[:EXAMPLES])
