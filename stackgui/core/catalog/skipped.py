"""Files that a scan saw but did not take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stackgui.core.base.columns import Coded, Paths


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
