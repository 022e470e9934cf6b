"""Workers are told the same of a row whether it comes alone or with others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.options.options import Options
from stackgui.engine.decoding.rows import FEW_ROWS, files_of
from tests.making import make_plan

SIZES = st.lists(st.sampled_from([(4, 6), (4, 7), (5, 6)]), min_size=1, max_size=3 * FEW_ROWS)


@given(SIZES)
def test_rows_are_the_same_alone_and_together(sizes):
    plan = make_plan(sizes, Options())
    (bucket,) = plan.buckets

    def rows(samples):
        return list(files_of(plan, samples, plan.geometry(bucket, samples)))

    together = rows(bucket.samples)
    assert together == [row for sample in bucket.samples for row in rows(np.array([sample]))]


def test_many_rows_that_are_alike_share_one_plan():
    plan = make_plan([(4, 6)] * 20 + [(5, 6)] * 20, Options())
    (bucket,) = plan.buckets
    found = [row for _file, row in files_of(plan, bucket.samples, plan.geometry(bucket, bucket.samples))]
    assert len(found) == 40
    assert len({id(row) for row in found}) == 2
