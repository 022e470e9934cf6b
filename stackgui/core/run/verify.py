"""What was found out about a finished stack."""

from __future__ import annotations

from dataclasses import dataclass

from stackgui.core.run.run import Failure


@dataclass(frozen=True, slots=True)
class Damage:
    """Something in a stack that is not as it was made.

    Attributes
    ----------
    file : str
        Name in the stack's folder; ``""`` where it is the stack as a whole.
    what : str
        A sentence fragment.
    row : int or None
        Which row, where it is one row.
    """

    file: str
    what: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """How a stack stood the test.

    Attributes
    ----------
    stack : str
        Absolute name of its folder.
    rows : int
        All rows; each was checked against its checksum.
    decoded : int
        Rows that were made again from their files and compared.
    damage : tuple of Damage
        Empty for a sound stack.
    not_compared : tuple of Failure
        Rows whose files are not as they were, so that they tell nothing about the stack.
    """

    stack: str
    rows: int
    decoded: int
    damage: tuple[Damage, ...]
    not_compared: tuple[Failure, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damage
