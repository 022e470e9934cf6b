"""Rebuilding a plan from the file it was saved to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.kinds import shown
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import COLUMNS_VERSION, PLAN_FORMAT, READABLE_VERSIONS, Plan
from stackgui.core.plan.resolve import resolve


def plan_from_json(value: Mapping[str, Any]) -> Plan:
    """Rebuild a plan from `Plan.to_json`.

    Only the options and the catalog are trusted: everything else is resolved from them again.

    Raises
    ------
    PlanError
        When `value` is no plan, has another version, or was modified after it was saved.
    """
    if value.get("format") != PLAN_FORMAT:
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
        options, catalog = Options.from_json(value["options"]), Catalog.from_json(value["catalog"])
        plan = resolve(options, catalog)
        fingerprint = plan.fingerprint
    except PlanError:
        raise
    except UsageError as error:
        raise PlanError(
            say("This plan asks for what this program cannot do: {error}", error=error)
        ) from error
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise PlanError(say("This plan is damaged ({error}).", error=error)) from error
    if fingerprint != value.get("fingerprint"):
        raise PlanError(
            say("This plan was changed after it was made, or comes from another version of StackGUI.")
        )
    return plan
