"""Choices that someone else made, from a plan's file: all that is believed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stackgui.core.base.choice_table import defaults
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.kinds import shown, text_in
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import PLAN_FORMAT, PLAN_VERSION


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """What a plan's file says about how stacks are made.

    Attributes
    ----------
    options : Options
    scan_options : ScanOptions
        Without what would lead outside the sources: links, and other folders and lists.
    sources : tuple of str
        What it was made for, elsewhere; to be shown, and never to be read unless the person says so.
    """

    options: Options
    scan_options: ScanOptions = DEFAULT
    sources: tuple[str, ...] = ()

    def scan_options_beside(self, own: ScanOptions) -> ScanOptions:
        """The choices of the scan, with the person's `own` where one leads outside the sources."""
        return replace(
            self.scan_options, **{name: getattr(own, name) for name in defaults(ScanOptions, "leads_outside")}
        )

    def to_json(self) -> dict[str, Any]:
        """The choices as JSON values; a file of these is a plan's file without its table of rows."""
        return {
            "format": PLAN_FORMAT,
            "version": PLAN_VERSION,
            "options": self.options.to_json(),
            "scan_options": self.scan_options.to_json(),
            "sources": list(self.sources),
        }


def shared_plan_from_json(value: Any) -> SharedPlan:  # noqa: ANN401 - any JSON value
    """Read what `SharedPlan.to_json`, or `Plan.to_json`, gave.

    Raises
    ------
    PlanError
        When `value` is no plan, or one of another version.
    """
    if not isinstance(value, Mapping) or value.get("format") != PLAN_FORMAT:
        raise PlanError("This file is not a plan.")
    if value.get("version") != PLAN_VERSION:
        raise PlanError(
            f"This plan has version {shown(value.get('version'))}; this program reads version {PLAN_VERSION}."
        )
    try:
        options = Options.from_json(value["options"])
        scan_options = ScanOptions.from_json(value.get("scan_options", {}))
        sources = tuple(map(text_in, value.get("sources", ())))
    except UsageError as error:
        raise PlanError(f"This plan asks for what this program cannot do: {error}") from error
    except (LookupError, TypeError) as error:
        raise PlanError(f"This plan is damaged ({shown(error)}).") from error
    inside = replace(scan_options, **defaults(ScanOptions, "leads_outside"))
    return SharedPlan(options, inside, sources)
