"""Reading the lists of excluded and of shrunk pictures that are named on the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from stackgui.cli.choosing import file_of
from stackgui.core.base.choice_table import Spelling, choices_of
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_count
from stackgui.core.base.warnings import EXAMPLES, DataWarning, warning_line
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import NOTHING, SampleSet
from stackgui.core.lists.sample_list import read_list
from stackgui.core.options.options import Options
from stackgui.engine.sources.reading import not_read

_LISTS = {
    name: each.spellings[0].option
    for name, each in choices_of(Options).items()
    if each.is_passing and isinstance(each.spellings[0], Spelling)
}
"""The options that take a list of samples, by the name of the choice that the list sets."""


def arranged(options: Options, arguments: argparse.Namespace, catalog: Catalog) -> tuple[Options, Catalog]:
    """Read the lists that were typed; return `options` with their samples, and `catalog` with warnings added.

    Raises
    ------
    UsageError
        When a list cannot be read, or names no sample.
    """
    named: dict[str, SampleSet] = {}
    doubtful: list[DataWarning] = []
    for name, option in _LISTS.items():
        samples, warnings = _listed(option, getattr(arguments, file_of(name)), catalog)
        named[name] = getattr(options, name) | samples
        doubtful += warnings
    changes: dict[str, Any] = dict(named)
    return replace(options, **changes), replace(catalog, warnings=(*catalog.warnings, *doubtful))


def _listed(option: str, file: str, catalog: Catalog) -> tuple[SampleSet, tuple[DataWarning, ...]]:
    """Return the samples that the list given with `option` names, and a warning of unknown names."""
    if not file:
        return NOTHING, ()
    try:
        with open(file, "rb") as opened:
            written = opened.read()
    except OSError as error:
        raise not_read("list", file, error) from error
    try:
        samples, unknown = read_list(written, catalog)
    except UsageError as error:
        raise UsageError(f"{printable(file)}: {error}") from error
    if not unknown:
        return samples, ()
    text = (
        f"{printable(file)} ({option}) names {format_count(len(unknown), 'file')} that "
        f"{agree(len(unknown), 'is', 'are')} not there. Names are absolute, or relative to the folders."
    )
    warning = DataWarning("names-not-found", text, len(unknown), unknown[:EXAMPLES])
    if not samples:
        raise UsageError(warning_line(warning))
    return samples, (warning,)
