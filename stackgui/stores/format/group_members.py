"""What a manifest says of the groups that rows belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.plan.plan import Plan

GROUP = "group"
"""Key in the lines of a manifest, and title in the sheet, of plans with groups."""


class GroupMembers:
    """Formats the groups of a plan."""

    def __init__(self, plan: Plan, cell: Callable[[str], str]) -> None:
        self._group = plan.group
        names = () if plan.group is None else plan.group.names
        self._json = [f',"{GROUP}":{encode_basestring_ascii(name)}' for name in names]
        self._cells = [f",{cell(name)}" for name in names]

    @property
    def title(self) -> str:
        """Return the end of the sheet's first line."""
        return "" if self._group is None else f",{GROUP}"

    def members(self, sample: NDArray[np.int64]) -> Iterable[str]:
        """Return the end of each sample's line in JSON."""
        return self._texts(self._json, sample)

    def cells(self, sample: NDArray[np.int64]) -> Iterable[str]:
        """Return the end of each sample's line in the sheet."""
        return self._texts(self._cells, sample)

    def _texts(self, texts: list[str], sample: NDArray[np.int64]) -> Iterable[str]:
        if self._group is None:
            return repeat("", len(sample))
        return map(texts.__getitem__, self._group.codes[sample].tolist())


def parse_groups(rows: Sequence[Mapping[str, Any]]) -> Coded | None:
    """Read the groups in some lines of a manifest; None if they have none."""
    if not rows or GROUP not in rows[0]:
        return None
    return Coded.from_values(str(row[GROUP]) for row in rows)


def joined_groups_of(parts: Sequence[Coded | None]) -> Coded | None:
    """Join what `parse_groups` returned; raises ValueError if only some lines have groups."""
    found = [part for part in parts if part is not None]
    if len(found) not in {0, len(parts)}:
        raise ValueError("only some rows have groups")
    return Coded.concatenate(found) if found else None
