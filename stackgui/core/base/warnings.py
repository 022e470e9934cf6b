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
class Mend:
    """A change of choices that settles what a warning is about; see `stackgui.core.options.mending`.

    Attributes
    ----------
    caption : str
        What it does, for a button: ``"Use the third folders instead"``.
    choices : tuple of (str, object)
        Names of choices, and their new values as in JSON.
    spelled : str
        The same as options of the terminal.
    """

    caption: str
    choices: tuple[tuple[str, Any], ...]
    spelled: str

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {"caption": self.caption, "choices": dict(self.choices), "spelled": self.spelled}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Mend:
        """Rebuild a change from what `to_json` returned."""
        return cls(str(value["caption"]), tuple(dict(value["choices"]).items()), str(value["spelled"]))


@dataclass(frozen=True, slots=True)
class DataWarning:
    """Something that may be wrong, although nothing fails.

    Attributes
    ----------
    code : str
        Its kind, for programs: words in lower case with hyphens.
    text : str
        One or two sentences for people, with the count and with the option that changes the outcome, unless
        `mend` has it.
    count : int
        Number of samples, lines or files concerned.
    examples : tuple of str
        Up to `EXAMPLES` of them: file names relative to their source, or lines of a list.
    samples : int64, shape (n,), or None
        All of them, as indices into the catalog, if they are samples. Not saved: a later scan may number
        them anew.
    mend : Mend or None
        The one change that settles it, if there is one right thing to do.
    is_loss : bool
        Whether its samples cannot become rows; the plan says why of each. Not saved.
    """

    code: str
    text: str
    count: int
    examples: tuple[str, ...] = ()
    samples: NDArray[np.int64] | None = field(default=None, compare=False, repr=False)
    mend: Mend | None = None
    is_loss: bool = field(default=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the warning as JSON values."""
        value = {"code": self.code, "text": self.text, "count": self.count, "examples": list(self.examples)}
        return value if self.mend is None else value | {"mend": self.mend.to_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> DataWarning:
        """Rebuild a warning from what `to_json` returned."""
        examples = tuple(map(str, value["examples"]))
        mend = Mend.from_json(value["mend"]) if "mend" in value else None
        return cls(str(value["code"]), str(value["text"]), int(value["count"]), examples, mend=mend)


def warning_line(warning: DataWarning) -> str:
    """Return the sentences, the options of the terminal that settle it, and the examples on one line."""
    mend = warning.mend
    if mend is None:
        return _with_examples(warning.text, warning)
    text = say("{text} {caption}: {options}.", text=warning.text, caption=mend.caption, options=mend.spelled)
    return _with_examples(text, warning)


def warning_words(warning: DataWarning) -> str:
    """Return the sentences and the examples, for the window, where a button settles it."""
    return _with_examples(warning.text, warning)


def _with_examples(text: str, warning: DataWarning) -> str:
    if not warning.examples:
        return text
    listed = ", ".join(map(printable, warning.examples))
    # Fewer examples than the limit are all there are: several samples of one file give one example.
    more = ", …" if warning.count > len(warning.examples) == EXAMPLES else ""
    return say("{text} For example: {listed}{more}", text=text, listed=listed, more=more)


class Named(Protocol):
    """A table of samples with names; stands for `Catalog`, which imports this module."""

    @property
    def path(self) -> Paths:
        """Names relative to the sources."""
        ...


def about_samples(
    code: str, text: str, catalog: Named, samples: NDArray[np.integer[Any]], mend: Mend | None = None
) -> DataWarning:
    """Return a warning about some samples of a catalog.

    Parameters
    ----------
    code, text, mend
        As in `DataWarning`.
    catalog : Catalog
    samples : integers, shape (n,)
        The samples; the files of the first ones become the examples.
    """
    names = dict.fromkeys(catalog.path[sample] for sample in samples[: 8 * EXAMPLES].tolist())
    examples = tuple(names)[:EXAMPLES]
    return DataWarning(code, text, len(samples), examples, np.sort(samples).astype(np.int64), mend)
