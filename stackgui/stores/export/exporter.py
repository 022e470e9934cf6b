"""The interface of exporters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from stackgui.core.base.cancellation import Progress

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack


class Exporter(Protocol):
    """Writes a finished stack in a format that other programs open.

    `export_stack` takes care of names, locks, free space, interruptions and syncing.
    """

    @property
    def name(self) -> str:
        """The name that one types."""

    @property
    def title(self) -> str:
        """A description for people: the format and its purpose."""

    @property
    def suffix(self) -> str:
        """Suffix of the target's name, with the dot; ``""`` if the target is a folder."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Python packages that it needs and that the program itself does not install."""

    def size_bytes(self, stack: Stack) -> int:
        """Return an upper bound for the size of the target."""

    def export(self, stack: Stack, target: str, progress: Progress) -> None:
        """Write `stack` to `target`, which does not exist yet, in memory independent of the number of rows.

        Parameters
        ----------
        stack
        target : str
            Path of a file or, without a suffix, of a folder.
        progress
            Told the number of rows written so far, several times a second.

        Raises
        ------
        OSError
        StackguiError
        """
