"""Stacks that tests of exports make without any pictures."""

import numpy as np
import pytest

from stackgui.core.base.choices import Storage
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.stack.stack import StackWriter
from tests.making import make_plan

UNCLOSED = pytest.mark.filterwarnings("ignore:.*(unclosed file|Exception ignored in. <_io.FileIO)")
"""The library of WebDataset leaves closing of its files to the interpreter."""


def made(folder, sizes, options=None, **columns):
    """A stack without pixels, all of whose rows count as valid."""
    plan = make_plan(sizes, options, **columns)
    writer = StackWriter.open(plan, RunOptions(str(folder)), Storage.FILE, {})
    writer.outcomes.record(RowsDone(0, np.ones(plan.rows, bool), np.zeros(plan.rows, np.uint64), {}))
    writer.write_tables()
    writer.publish()
