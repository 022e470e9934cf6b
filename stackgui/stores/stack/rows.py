"""What the rows of a finished stack are, as a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stackgui.core.plan.plan import Plan
from stackgui.stores.format.annotation_tables import read_source
from stackgui.stores.format.header import read_header
from stackgui.stores.format.read_manifest import plan_of, read_manifest


def rows_of(stack: str) -> Plan:
    """Return the plan of the stack in a folder, with why rows are blank as their samples' problems.

    Raises
    ------
    StackguiError
        When its header or manifest is missing or damaged.
    """
    header, manifest = read_header(stack), read_manifest(stack)
    plan = plan_of(header, manifest, read_source(stack, header))
    order = np.argsort(manifest.sample, kind="stable")
    return replace(plan, problem=manifest.reason.take(order))
