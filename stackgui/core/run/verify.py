"""The report of verifying a finished stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stackgui.core.base.wording import say_many
from stackgui.core.run.findings import Damage
from stackgui.core.run.report import Failure


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result of verifying a stack.

    Attributes
    ----------
    stack : str
        Absolute path of the stack's folder.
    rows : int
        Number of rows, each checked against its checksum.
    decoded : int
        Rows that were also made again from their files and compared.
    damage : sequence of Damage
        Empty for a sound stack.
    not_compared : sequence of Failure
        Rows that could not be compared because their files have changed or are gone, or that differ from
        what their files give now and were made with other versions.
    gone : int
        Rows whose pictures the last update no longer found, which is no damage.
    """

    stack: str
    rows: int
    decoded: int
    damage: Sequence[Damage]
    not_compared: Sequence[Failure] = ()
    gone: int = 0

    @property
    def gone_line(self) -> str:
        """Say how many rows have lost their pictures, and that this is no damage; ``""`` for none."""
        if not self.gone:
            return ""
        return say_many(
            self.gone,
            "The picture of {count} row was gone at the last update; what the row holds was checked like "
            "any other.",
            "The pictures of {count:,} rows were gone at the last update; what these rows hold was checked "
            "like any other.",
        )

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing is damaged."""
        return not self.damage
