"""Labels from a list of their own: which line says the label of which sample."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stackgui.core.catalog import Catalog, Skipped
from stackgui.core.columns import Coded, Paths
from stackgui.core.skip_kinds import UNUSED_LINES
from stackgui.engine.lists import FileList


def labelled(catalog: Catalog, name: str, said: FileList) -> Catalog:
    """`catalog` with the labels and splits that the list called `name` (absolute) says.

    A line is the sample's whose file it names: relative to the list, to the source, by the file's own name,
    or by that without its ending; the last two only where one line is called so. Lines of no sample are
    counted.
    """
    names = [os.path.normpath(path.replace("\\", "/")) for path in said.path]
    folder = os.path.dirname(name)
    absolute = {os.path.join(folder, each): line for line, each in enumerate(names)}
    relative = {each: line for line, each in enumerate(names)}
    own = _unique(map(os.path.basename, names))
    line_of = np.full(len(catalog), -1, np.int64)
    for sample, path in enumerate(catalog.path):
        base = os.path.basename(path)
        asked = (
            (absolute, catalog.file(sample)),
            (relative, path),
            (own, base),
            (own, os.path.splitext(base)[0]),
        )
        line_of[sample] = next((line for key, ask in asked if (line := key.get(ask, -1)) >= 0), -1)
    unused = np.setdiff1d(np.arange(len(names)), line_of)
    return replace(
        catalog,
        given_label=_said(catalog.given_label, said.label, line_of),
        split=_said(catalog.split, said.split, line_of),
        skipped=_with_unused(catalog.skipped, name, [names[line] for line in unused.tolist()]),
    )


def _unique(names: Iterator[str]) -> dict[str, int]:
    """The line of each name; -1 where it is not the only one."""
    found: dict[str, int] = {}
    for line, name in enumerate(names):
        found[name] = -1 if name in found else line
    return found


def _said(before: Coded, said: Coded, line_of: np.ndarray) -> Coded:
    lines = list(said)
    return Coded.from_values(
        (lines[line] or was) if line >= 0 else was for line, was in zip(line_of.tolist(), before, strict=True)
    )


def _with_unused(skipped: Skipped, name: str, names: list[str]) -> Skipped:
    count = len(names)
    return Skipped(
        Paths.concatenate([skipped.path, Paths.from_names([name] * count)]),
        Coded.concatenate([skipped.kind, Coded.from_values([UNUSED_LINES] * count)]),
        Coded.concatenate([skipped.detail, Coded.from_values(names)]),
    )
