"""The health check: background jobs that look for doubtful pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from stackgui.core.advice.gathered_warnings import plan_warnings, scan_warnings
from stackgui.core.advice.health import Checks, Finding, from_checks
from stackgui.core.base.warnings import DataWarning
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import FillProgress, RowThumb
from stackgui.engine import Control, Engine
from stackgui.gui.control.asking import Asking, Told
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.problems import with_tried
from stackgui.gui.control.screen import Health, Screen


@dataclass(frozen=True, eq=False, slots=True)
class _Checked:
    """Results of decoding the pictures of a plan."""

    plan: Plan
    findings: tuple[Finding, ...]
    checks: Checks


class HealthCheck:
    """Keeps the warnings up to date, and has the engine decode all pictures on request.

    The decoding job is called "health". Drop it to free the workers for a run, or when the catalog changes.

    Parameters
    ----------
    engine, jobs
    told
        Where a fault is told.
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        told: Told,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._screen = screen
        self._show = show
        self._checked: _Checked | None = None
        self._warnings: Asking[_Asked, _Told] = Asking(
            jobs, "warnings", _warnings_of, show=self._warned, told=told
        )

    def use(self, screen: Screen) -> None:
        """Request the warnings about `screen`, and forget the results for another catalog."""
        if self._checked is not None and self._checked.plan.catalog is not screen.catalog:
            self._checked = None
        self._warnings.hold(screen.under_way)
        shown = screen.plan or screen.catalog
        self._warnings.ask(None if shown is None else (shown, self._checked))

    def poll(self) -> None:
        """Start the requested work when it is due."""
        self._warnings.poll()

    def _warned(self, told: _Told) -> None:
        if not self._screen().is_done:  # the report knows more
            of, found = told
            self._show(replace(self._screen(), warnings=found, warned_of=of))

    def begin(self) -> None:
        """Decode all pictures; the findings outlive the current plan."""
        screen = self._screen()
        plan, health = screen.plan, screen.health
        if plan is None or health is None:
            return

        def work(control: Control[FillProgress]) -> _Checked:
            checks = self._engine.check_samples(plan, control)
            return _Checked(plan, from_checks(plan.catalog, checks), checks)

        self._show_health(replace(health, progress=FillProgress(rows=plan.rows), problem=""))
        self._jobs.start("health", work, self._ended, self._went_on)

    def stop(self) -> None:
        """Cancel the check; the findings of an earlier one stay."""
        self._jobs.cancel("health")

    def _went_on(self, progress: FillProgress) -> None:
        if (health := self._screen().health) is not None:
            self._show_health(replace(health, progress=progress))

    def _ended(self, ending: Ending[_Checked]) -> None:
        if (health := self._screen().health) is None:
            return
        if (found := ending.result) is not None:
            self._checked, plan = found, found.plan
            looked_at = plan.usable
            read = dict.fromkeys(health.tried.keys() & set(np.flatnonzero(looked_at).tolist()), "")
            health = with_tried(health, plan, read | found.checks.failed)
            health = replace(health, by_pixels=found.findings, checked=looked_at)
        self._show_health(replace(health, progress=None, problem=ending.text))

    def previewed(self, plan: Plan, samples: Sequence[int], thumbs: Sequence[RowThumb]) -> None:
        """Learn from previews of `samples` which of them cannot be read."""
        screen = self._screen()
        if screen.health is None or plan.catalog is not screen.catalog:
            return
        usable = plan.usable
        seen = zip(samples, thumbs, strict=True)
        reasons = {sample: thumb.reason for sample, thumb in seen if usable[sample]}
        health = with_tried(screen.health, plan, reasons)
        if health is not screen.health:
            self._show_health(health)

    def _show_health(self, health: Health) -> None:
        self._show(replace(self._screen(), health=health))


_Asked: TypeAlias = tuple[Plan | Catalog, _Checked | None]
_Told: TypeAlias = tuple[Plan | Catalog, tuple[DataWarning, ...]]
"""A plan or catalog with its warnings."""


def _warnings_of(asked: _Asked, _control: object) -> _Told:
    shown, checked = asked
    noted = checked.checks.doubts if checked else {}
    found = plan_warnings(shown, noted) if isinstance(shown, Plan) else scan_warnings(shown, noted)
    return shown, found
