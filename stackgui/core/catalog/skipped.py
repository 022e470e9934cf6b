"""Files that a scan saw but did not take."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.skip_kinds import ANNOTATION_FILES, LISTS


@dataclass(frozen=True, eq=False, slots=True)
class Skipped:
    """Files that a scan saw but did not take, listed so that nothing is left out silently.

    Attributes
    ----------
    path : Paths
        Absolute names.
    kind : Coded
        The reason, as a plural noun to follow a count, for example ``"hidden files"``.
    detail : Coded
        More about the reason, as a sentence fragment, or ``""``.
    """

    path: Paths
    kind: Coded
    detail: Coded

    @classmethod
    def nothing(cls) -> Skipped:
        """Return an empty table."""
        return cls(Paths.from_names([]), Coded.from_values([]), Coded.from_values([]))

    def __len__(self) -> int:
        return len(self.path)

    def and_also(self, paths: Iterable[str], kind: str, detail: str = "") -> Skipped:
        """Return the table with further files of one kind."""
        more = Paths.from_names(paths)
        return Skipped(
            Paths.concatenate((self.path, more)),
            Coded.concatenate((self.kind, Coded.constant(kind, len(more)))),
            Coded.concatenate((self.detail, Coded.constant(detail, len(more)))),
        )

    def outside(self, folders: Collection[str]) -> Skipped:
        """Return the table without the files in `folders` (absolute)."""
        inside = tuple(os.fsencode(os.path.join(folder, "")) for folder in folders)
        kept = np.array([at for at in range(len(self)) if not self.path.raw(at).startswith(inside)], np.int64)
        if len(kept) == len(self):
            return self
        return Skipped(self.path.take(kept), self.kind.take(kept), self.detail.take(kept))

    def with_kind(self, paths: Collection[bytes], kind: str) -> Skipped:
        """Return the table with the files at `paths` (absolute, as in `Paths.raw`) as files of `kind`."""
        if not paths:
            return self
        codes = self.kind.codes.copy()
        for index in range(len(self)):
            if self.path.raw(index) in paths:
                codes[index] = len(self.kind.names)
        return replace(self, kind=Coded(codes, (*self.kind.names, kind)))

    @property
    def left_aside(self) -> dict[str, int]:
        """Count the files of each kind, but for annotation files and lists, which were read."""
        read = {ANNOTATION_FILES, LISTS}
        return {kind: count for kind, count in self.kind.counts().items() if kind not in read}
