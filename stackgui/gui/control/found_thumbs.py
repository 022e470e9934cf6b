"""The pictures of what an update has found: only those that are seen, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stackgui.core.run.found_pictures import FoundPicture, FoundPictures
from stackgui.engine import Control, Engine
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Jobs

PAGE = 12
"""Pictures per request: few enough to appear soon."""

SIDE_PX = 128
Page = tuple[FoundPicture, ...]
_Asked = tuple[FoundPictures, tuple[int, ...]]


class FoundThumbs:
    """Requests the pictures that a list needs from the engine.

    Parameters
    ----------
    engine, jobs, told
    """

    def __init__(self, engine: Engine, jobs: Jobs, told: Told) -> None:
        self._engine = engine
        self._found: FoundPictures | None = None
        self._last: tuple[int, ...] = ()
        self._failed: set[int] = set()
        self._fresh: list[FoundPicture] = []
        self._pages = Asking(
            jobs, "found", self._make, show=self._came, told=told, failed=self._not_made, settle_s=0.0
        )

    def use(self, found: FoundPictures | None) -> None:
        """Start over with other pictures, unless they are the same."""
        if found is not self._found:
            self._found, self._last = found, ()
            self._failed.clear()
            self._fresh.clear()
            self._pages.ask(None)

    def want(self, indices: Sequence[int], *, is_held: bool) -> None:
        """Request pictures that are seen and not known, unless an update needs the processors."""
        self._pages.hold(is_held)
        if self._found is not None and not self._pages.busy:
            left = tuple(index for index in indices if index not in self._failed)[:PAGE]
            if left:
                self._last = left
                self._pages.ask((self._found, left))
        self._pages.poll()

    def take(self) -> list[FoundPicture]:
        """Return what came since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def _make(self, asked: _Asked, control: Control[Any]) -> Page:
        found, indices = asked
        return self._engine.found_pictures(found, indices, SIDE_PX, control)

    def _came(self, page: Page) -> None:
        self._pages.ask(None)  # dropped pictures may be wanted once more
        self._fresh += page

    def _not_made(self, _text: str) -> None:
        # Requesting them again would fail for ever.
        self._failed.update(self._last)
