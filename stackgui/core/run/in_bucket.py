"""Whether a stack can be written to a bucket, as far as its plan tells."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.kept import kept
from stackgui.core.base.wording import Wording, say
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import reading_order


@kept(most=2)
def bucket_problem(plan: Plan) -> Wording:
    """Return why a plan cannot be carried out in a bucket, as a sentence, or ``""``."""
    for bucket in plan.buckets:
        if (np.diff(reading_order(plan.catalog, bucket.samples)) < 0).any():
            return say(
                "A compressed archive is read from its beginning, but its pictures come in another "
                "order, in which they cannot be written to a bucket. Unpack it, or convert to a folder."
            )
    return say("")
