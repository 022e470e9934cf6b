"""What every exporter can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stackgui.core.base.cancellation import Progress

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack


class Exporter(Protocol):
    """Writes a finished stack as something that other programs open.

    It need not look after names, locks, free space, interruptions or durability; `export_stack` does.
    """

    @property
    def name(self) -> str:
        """What one types."""

    @property
    def title(self) -> str:
        """What people call it, and for whom it is."""

    @property
    def suffix(self) -> str:
        """Ending of the target's name, with the dot; ``""`` where the target is a folder."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Python packages without which it cannot work, which the program itself does not bring."""

    def size_bytes(self, stack: Stack) -> int:
        """Space that the target will take, at most."""

    def export(self, stack: Stack, target: str, progress: Progress) -> None:
        """Write `stack` to `target`, which does not exist yet, in memory that does not grow with the rows.

        Parameters
        ----------
        stack
        target : str
            A file or, where there is no suffix, a folder.
        progress
            Shown the number of rows written so far, several times a second.

        Raises
        ------
        OSError
        StackguiError
        """
