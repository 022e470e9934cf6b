"""Changes of choices that settle what a warning is about: making them, and carrying them out."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from stackgui.core.base.choice_table import Declared, Spelling, choices_of
from stackgui.core.base.errors import UsageError
from stackgui.core.base.warnings import Mend
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.options.options import Options

_CHOICES = dict(choices_of(Options)) | dict(choices_of(ScanOptions))


def mend(caption: str, **choices: object) -> Mend:
    """Return the change that sets `choices`, by their names in `Options` or `ScanOptions`."""
    spelled = " ".join(_spelled(_CHOICES[name], value) for name, value in choices.items())
    written = tuple((name, _CHOICES[name].kind.write(value)) for name, value in choices.items())
    return Mend(caption, written, spelled)


def _spelled(declared: Declared, value: object) -> str:
    option = next(each.option for each in declared.spellings if isinstance(each, Spelling))
    text = _in_csv(value) if isinstance(value, tuple) else str(value)
    return f"{option} {shlex.quote(text)}"


def _in_csv(names: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def mended(wanted: Mend, options: Options, scan: ScanOptions) -> tuple[Options, ScanOptions]:
    """Return `options` and `scan` with the change `wanted`; what is unknown here stays as it is."""
    options = replace(options, **dict(_known(wanted, choices_of(Options))))
    changed = replace(scan, **dict(_known(wanted, choices_of(ScanOptions))))
    if changed.label_list and changed.label_list != scan.label_list:
        options = using_lists(options)
    return options, changed


def using_lists(options: Options) -> Options:
    """Return `options` with labels that come from lists first; whoever picks a list wants its labels."""
    labels = options.labels
    if labels.kind in {LabelKind.AUTO, LabelKind.GIVEN}:
        return options
    wanted = Labels.AUTO if labels.rule is None else replace(labels, given_first=True)
    return replace(options, labels=wanted)


def _known(wanted: Mend, declared: Mapping[str, Declared]) -> Iterator[tuple[str, Any]]:
    for name, value in wanted.choices:
        with suppress(UsageError):
            if name in declared:
                yield name, declared[name].kind.read(value)
