"""The choices in someone else's plan file, which are all that is taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stackgui.core.base.choice_table import defaults
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.kinds import shown, text_in
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import COLUMNS_VERSION, PLAN_FORMAT, PLAN_VERSION, READABLE_VERSIONS


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """The choices that a plan file holds.

    Attributes
    ----------
    options : Options
    scan_options : ScanOptions
        Of someone else's plan, without choices that lead outside the sources, such as links and other
        folders and lists.
    sources : tuple of str
        The sources it was made for, perhaps on another machine. Show them; never read them unless the person
        says so.
    """

    options: Options
    scan_options: ScanOptions = DEFAULT
    sources: tuple[str, ...] = ()

    def scan_options_beside(self, own: ScanOptions) -> ScanOptions:
        """Return the plan's scan options, but with the person's `own` choices of what leads outside them."""
        return replace(
            self.scan_options, **{name: getattr(own, name) for name in defaults(ScanOptions, "leads_outside")}
        )

    def to_json(self) -> dict[str, Any]:
        """Return the choices as JSON values: the contents of a plan file without its table of rows."""
        return {
            "format": PLAN_FORMAT,
            "version": PLAN_VERSION,
            "options": self.options.to_json(),
            "scan_options": self.scan_options.to_json(),
            "sources": list(self.sources),
        }


def shared_plan_from_json(value: Any) -> SharedPlan:  # noqa: ANN401 - any JSON value
    """Read the choices from someone else's plan, but for those that lead outside the sources.

    Raises
    ------
    PlanError
        When `value` is no plan, or has another version.
    """
    found = choices_from_json(value)
    return replace(found, scan_options=replace(found.scan_options, **defaults(ScanOptions, "leads_outside")))


def choices_from_json(value: Any) -> SharedPlan:  # noqa: ANN401 - any JSON value
    """Read the choices from what `SharedPlan.to_json` or `Plan.to_json` wrote.

    Raises
    ------
    PlanError
        When `value` is no plan, or has another version.
    """
    if not isinstance(value, Mapping) or value.get("format") != PLAN_FORMAT:
        raise PlanError(say("This file is not a plan."))
    if value.get("version") not in READABLE_VERSIONS:
        raise PlanError(
            say(
                "This plan has version {shown}; this program reads version {plan_version}.",
                shown=shown(value.get("version")),
                plan_version=COLUMNS_VERSION,
            )
        )
    try:
        options = Options.from_json(value["options"])
        scan_options = ScanOptions.from_json(value.get("scan_options", {}))
        sources = tuple(map(text_in, value.get("sources", ())))
    except UsageError as error:
        raise PlanError(
            say("This plan asks for what this program cannot do: {error}", error=error)
        ) from error
    except (LookupError, TypeError) as error:
        raise PlanError(say("This plan is damaged ({shown}).", shown=shown(error))) from error
    return SharedPlan(options, scan_options, sources)
