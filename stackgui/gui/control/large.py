"""Single pictures, large enough to be looked at closely, and those beside them in advance."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from stackgui.core.base.errors import PlanError
from stackgui.core.plan.alone import alone
from stackgui.core.plan.plan import EXCLUDED, Plan
from stackgui.engine import Control, Engine
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Jobs
from stackgui.gui.control.sample_previews import LargePicture

SIDE_PX = 4096
"""Longer side at most: what is larger is scaled down, so that a picture takes at most 50 MB."""

KEPT = 3
"""The picture itself, and those before and after it."""


class LargeView(Told, Protocol):
    """View that shows single pictures."""

    def show_large(self, picture: LargePicture) -> None:
        """Show the picture, if it is still the one that is wanted."""


class Large:
    """Requests large pictures from the engine, one at a time."""

    def __init__(self, engine: Engine, jobs: Jobs, view: LargeView) -> None:
        self._engine = engine
        self._view = view
        self._plan: Plan | None = None
        self._wanted: Sequence[int] = ()
        self._known: OrderedDict[int, LargePicture] = OrderedDict()
        self._asked = -1
        self._asking = Asking(
            jobs, "large", self._make, show=self._came, failed=self._failed, told=view, settle_s=0.0
        )

    def use(self, plan: Plan | None) -> None:
        """Start over for `plan`, unless it only places the same pictures otherwise."""
        if plan is not self._plan:
            self._plan = plan
            self._known.clear()
            self._asking.ask(None)
            self._show()

    def want(self, samples: Sequence[int]) -> None:
        """Set the picture that is looked at, followed by those that may be looked at next; none at all."""
        self._wanted = samples[:KEPT]
        if self._asked not in self._wanted:
            self._asking.ask(None)
        self._show()

    def _show(self) -> None:
        if self._wanted and (known := self._known.get(self._wanted[0])):
            self._view.show_large(known)

    def poll(self) -> None:
        """Request the first picture that is missing."""
        missing = [sample for sample in self._wanted if sample not in self._known]
        if self._plan is not None and missing and not self._asking.busy:
            self._asked = missing[0]
            self._asking.ask((self._plan, self._asked))
        self._asking.poll()

    def _make(self, asked: tuple[Plan, int], control: Control[Any]) -> LargePicture:
        plan, sample = asked
        if plan.problem[sample] not in {"", EXCLUDED}:
            return _missing(sample, plan.problem[sample])
        try:
            single = alone(plan, sample)
        except PlanError as error:
            return _missing(sample, str(error))
        (thumb,) = self._engine.previews(single, (0,), SIDE_PX, control)
        if thumb.reason:
            return _missing(sample, thumb.reason)
        return LargePicture(sample, thumb.pixels, marks=thumb.marks, mask=thumb.mask)

    def _failed(self, text: str) -> None:
        self._came(_missing(self._asked, text))

    def _came(self, picture: LargePicture) -> None:
        self._known[picture.sample] = picture
        for sample in [known for known in self._known if known not in self._wanted]:
            del self._known[sample]
        self._asking.ask(None)
        if self._wanted and self._wanted[0] == picture.sample:
            self._view.show_large(picture)


def _missing(sample: int, reason: str) -> LargePicture:
    return LargePicture(sample, np.empty((0, 0, 3), np.uint8), reason)
