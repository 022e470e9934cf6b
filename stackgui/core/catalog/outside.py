"""Telling names that lead out of their source, which no scan finds, but a saved catalog may claim."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import numpy as np

from stackgui.core.base.columns import Paths

_UP = re.compile(rb"\.(?=\.)")
"""Also finds dots of two names; those are then looked at in vain."""
_STEP_NAMES = 2**20


def leads_out(path: str) -> bool:
    """Whether a name is absolute, or goes up."""
    return os.path.isabs(path) or os.pardir in path.replace(os.altsep or os.sep, os.sep).split(os.sep)


def any_leads_out(paths: Paths) -> bool:
    """Whether any of `paths` leads out; looks closely only at the few that may, of names by the million."""
    return any(leads_out(paths[index]) for index in _doubtful(paths))


def _doubtful(paths: Paths) -> Iterator[int]:
    """Yield the indices of names that hold two dots, or may be absolute; some more than once."""
    if os.altsep is not None:  # drives and two kinds of separators
        yield from range(len(paths))
        return
    data = np.frombuffer(paths.data, np.uint8)
    for begin in range(0, len(paths), _STEP_NAMES):
        ends = paths.ends[begin : begin + _STEP_NAMES]
        starts = np.concatenate(
            [paths.ends[begin - 1 : begin] if begin else np.zeros(1, np.int64), ends[:-1]]
        )
        named = np.flatnonzero(starts < ends)
        yield from (begin + named[data[starts[named]] == ord(os.sep)]).tolist()
    for found in _UP.finditer(paths.data):
        yield int(np.searchsorted(paths.ends, found.start(), side="right"))
