"""From a plan to what a worker needs to know of some rows."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from stackgui.core.geometry import Geometry
from stackgui.core.plan import Plan
from stackgui.engine.render import RowPlan
from stackgui.engine.tasks import Files


def files_of(plan: Plan, samples: NDArray[np.int64], geometry: Geometry) -> Files:
    """What a worker needs for `samples`, whose geometry is `geometry`."""
    catalog = plan.catalog
    folders = [os.fsencode(source) for source in catalog.sources]
    sources = catalog.source[samples].tolist()
    names = tuple(
        os.path.join(folders[source], catalog.path.raw(sample))
        for source, sample in zip(sources, samples.tolist(), strict=True)
    )
    return Files(
        names, catalog.file_bytes[samples], catalog.mtime_ns[samples], _row_plans(plan, samples, geometry)
    )


def _row_plans(plan: Plan, samples: NDArray[np.int64], geometry: Geometry) -> tuple[RowPlan, ...]:
    catalog = plan.catalog
    columns = (
        catalog.format.take(samples),
        catalog.dtype.take(samples),
        zip(catalog.height[samples].tolist(), catalog.width[samples].tolist(), strict=True),
        map(tuple, geometry.scaled.tolist()),
        map(tuple, geometry.window.tolist()),
        map(tuple, geometry.placement.tolist()),
    )
    return tuple(RowPlan(*row) for row in zip(*columns, strict=True))
