"""A task that costs a worker nothing, in a module of its own because workers import it."""

from __future__ import annotations

import numpy as np

from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import Files
from stackgui.engine.workers.shared_memory import Address
from stackgui.engine.workers.tasks import Filled


def fill_nothing(files: Files, _form: Form, _address: Address, _offset: int) -> Filled:
    """Stand in for `fill_slot`, and take the bytes for decoded that lie there already."""
    return Filled({}, np.ones(len(files.path), np.uint64), {}, {})
