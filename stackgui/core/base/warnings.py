"""Warnings about samples: what may be wrong although nothing fails, with a count and examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

EXAMPLES = 3
"""Examples to keep for each warning, at most."""


@dataclass(frozen=True, slots=True)
class DataWarning:
    """Something that may be wrong, although nothing fails.

    Attributes
    ----------
    code : str
        Its kind, for programs: words in lower case with hyphens.
    text : str
        One or two sentences for people, with the count and with the option that changes the outcome.
    count : int
        Number of samples, lines or files concerned.
    examples : tuple of str
        Up to `EXAMPLES` of them: file names relative to their source, or lines of a list.
    samples : int64, shape (n,), or None
        All of them, as indices into the catalog, if they are samples. Not saved: a later scan may number
        them anew.
    """

    code: str
    text: str
    count: int
    examples: tuple[str, ...] = ()
    samples: NDArray[np.int64] | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the warning as JSON values."""
        return {"code": self.code, "text": self.text, "count": self.count, "examples": list(self.examples)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DataWarning:
        """Rebuild a warning from what `to_json` returned."""
        examples = tuple(map(str, value["examples"]))
        return cls(str(value["code"]), str(value["text"]), int(value["count"]), examples)


def warning_line(warning: DataWarning) -> str:
    """Return the sentences and the examples on one line."""
    if not warning.examples:
        return warning.text
    listed = ", ".join(map(printable, warning.examples))
    # Fewer examples than the limit are all there are: several samples of one file give one example.
    more = ", …" if warning.count > len(warning.examples) == EXAMPLES else ""
    return say("{text} For example: {listed}{more}", text=warning.text, listed=listed, more=more)


class Named(Protocol):
    """A table of samples with names; stands for `Catalog`, which imports this module."""

    @property
    def path(self) -> Paths:
        """Names relative to the sources."""
        ...


def about_samples(code: str, text: str, catalog: Named, samples: NDArray[np.integer[Any]]) -> DataWarning:
    """Return a warning about some samples of a catalog.

    Parameters
    ----------
    code, text : str
        As in `DataWarning`.
    catalog : Catalog
    samples : integers, shape (n,)
        The samples; the files of the first ones become the examples.
    """
    names = dict.fromkeys(catalog.path[sample] for sample in samples[: 8 * EXAMPLES].tolist())
    return DataWarning(code, text, len(samples), tuple(names)[:EXAMPLES], np.sort(samples).astype(np.int64))
