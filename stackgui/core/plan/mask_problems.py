"""Samples that cannot be part of a plan because of their masks."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.columns import Coded
from stackgui.core.base.units import format_size
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog


def mask_problems(catalog: Catalog, problem: Coded) -> Coded:
    """Return `problem`, shape (N,), with reasons of samples whose masks are damaged or of another size."""
    masks = catalog.masks
    if masks is None or not len(masks.files):
        return problem
    usable, files = problem.equals(""), masks.files
    place = np.maximum(masks.of, 0)
    reasons: dict[int, str] = {}
    for sample in np.flatnonzero(usable & masks.has_mask & ~files.usable[place]).tolist():
        reasons[sample] = say("its mask cannot be used: {reason}", reason=files.problem[int(place[sample])])
    for sample in np.flatnonzero(usable & masks.misfits(catalog)).tolist():
        mask = int(place[sample])
        reasons[sample] = say(
            "its mask is {mask} px (width × height), but the picture is {picture} px",
            mask=format_size(int(files.height[mask]), int(files.width[mask])),
            picture=format_size(int(catalog.height[sample]), int(catalog.width[sample])),
        )
    return problem.put(reasons) if reasons else problem
