"""The plan beside an unfinished stack."""

import json
import os
import tempfile
from contextlib import suppress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import UsageError
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.format.plan_file import PLAN_FILE, save_plan
from stackgui.stores.recovery.folder import PARTIAL
from stackgui.stores.recovery.journal import JOURNAL_FILE, Journal
from stackgui.stores.recovery.unfinished import (
    NEXT_JOURNAL_FILE,
    adopt_next_journal,
    find_journal,
    journal_head,
    read_choices,
    read_plan,
    run_and_rows_of,
    unfinished_at,
)
from tests.damaging import BYTES, VALUES, damaged, written
from tests.making import make_plan

PLAN = make_plan([(2, 3)] * 3)
HEAD = json.loads(json.dumps(journal_head(PLAN, RunOptions("x"), {"numpy": "2"})))
ROWS = RowsDone(0, np.array([True, False]), np.array([1, 2], np.uint64), {1: "it is empty"}, {}, {})


def looked_at(folder):
    """All that reads what an unfinished stack says of itself."""
    found = find_journal(folder)
    if found is not None:
        found.outcomes(3)
        assert found.failed <= found.rows_done
    unfinished_at(folder.removesuffix(PARTIAL))
    for read in (
        read_plan,
        read_choices,
        lambda partial: run_and_rows_of(partial, redo_changed=False),
        adopt_next_journal,
    ):
        with suppress(UsageError, FileNotFoundError):
            read(folder)


@given(damaged(HEAD) | VALUES)
def test_what_a_journal_says_is_believed_or_not(head):
    """Its checksum holds, so that only what it says can be wrong."""
    with tempfile.TemporaryDirectory(suffix=PARTIAL) as folder:
        for name in (JOURNAL_FILE, NEXT_JOURNAL_FILE):
            journal = Journal.begin(os.path.join(folder, name), head)
            journal.append([ROWS])
            journal.close()
        save_plan(PLAN, os.path.join(folder, PLAN_FILE))
        looked_at(folder)


@given(
    st.sampled_from([PLAN_FILE, JOURNAL_FILE, NEXT_JOURNAL_FILE]), BYTES | damaged(HEAD["plan"]).map(written)
)
def test_a_damaged_file_of_an_unfinished_stack_costs_only_itself(name, data):
    with tempfile.TemporaryDirectory(suffix=PARTIAL) as folder:
        Journal.begin(os.path.join(folder, JOURNAL_FILE), HEAD).close()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
        looked_at(folder)
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, name))
        os.mkdir(os.path.join(folder, name))
        with suppress(IsADirectoryError):
            looked_at(folder)
