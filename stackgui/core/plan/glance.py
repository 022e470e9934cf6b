"""What is shown beside a plan and takes as long to find as there are samples, hence found once."""

from __future__ import annotations

from dataclasses import replace

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import PlanError
from stackgui.core.base.kept import kept
from stackgui.core.base.size import Size
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.examples import example_samples
from stackgui.core.labels.folders import own_path
from stackgui.core.options.options import Options
from stackgui.core.plan.arrange import Pixels, largest_row
from stackgui.core.plan.plan import Plan


@kept()
def folder_levels(plan: Plan) -> int:
    """Return the levels of folders below the sources, of as many as a few examples show."""
    samples = example_samples(plan.catalog, plan.samples)
    return max((own_path(plan.catalog, sample).count("/") for sample in samples), default=0)


def largest_found(plan: Plan) -> Pixels | None:
    """Return height and width of rows as large as the largest picture; None if all are to be shrunk."""
    return _largest_found(plan.catalog, plan.problem, replace(plan.options, size=Size()))


@kept(most=2)
def _largest_found(catalog: Catalog, problem: Coded, options: Options) -> Pixels | None:
    """Look for it; cached, because plans share problems during a drag."""
    try:
        return largest_row(options, catalog, problem.equals(""))
    except PlanError:
        return None
