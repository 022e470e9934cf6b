"""Changes to the rows of the stack that one looks at, and their undo."""

from __future__ import annotations

from collections.abc import Callable

from stackgui.core.base.wording import say
from stackgui.core.run.edits import Edit
from stackgui.core.run.report import RetryReport
from stackgui.engine import Engine
from stackgui.gui.control.errands import Errands


class StackEdits:
    """Edits a stack in the background, one change after the other.

    Parameters
    ----------
    engine, errands
    path
        Folder of the stack.
    changed
        Called after every change.
    """

    def __init__(self, engine: Engine, errands: Errands, path: str, changed: Callable[[], None]) -> None:
        self._engine = engine
        self._errands = errands
        self._path = path
        self._changed = changed
        self._undos: list[tuple[Edit, ...]] = []
        self._redos: list[tuple[Edit, ...]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undos)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change that was taken back."""
        return bool(self._redos)

    def edit(self, edit: Edit) -> None:
        """Change rows."""

        def changed(undo: tuple[Edit, ...]) -> None:
            self._undos.append(undo)
            self._redos.clear()

        self._begin((edit,), changed)

    def undo(self) -> None:
        """Take back the last change."""
        self._exchange(self._undos, self._redos)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._exchange(self._redos, self._undos)

    def _exchange(self, taken: list[tuple[Edit, ...]], given: list[tuple[Edit, ...]]) -> None:
        """Make the last change of `taken`, and keep what takes it back in `given`."""

        def changed(opposite: tuple[Edit, ...]) -> None:
            taken.pop()
            given.append(opposite)

        if taken:
            self._begin(taken[-1], changed)

    def _begin(self, edits: tuple[Edit, ...], done: Callable[[tuple[Edit, ...]], object]) -> None:
        def changed(undo: tuple[Edit, ...]) -> None:
            done(undo)
            self._changed()

        self._errands.begin(
            "edit", say("Changing the rows…"), lambda _: self._engine.edit_stack(self._path, edits), changed
        )

    def retry(self, told: Callable[[RetryReport], None]) -> None:
        """Read the pictures of failed rows again."""

        def ended(report: RetryReport) -> None:
            self._changed()
            told(report)

        self._errands.begin(
            "retry",
            say("Reading the pictures of failed rows again…"),
            lambda control: self._engine.retry_failed(self._path, control),
            ended,
        )
