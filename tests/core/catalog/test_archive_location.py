import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.archive_location import ArchiveLocation

LARGE = st.integers(0, 2**62)
PLACE = st.tuples(st.integers(0, 4), LARGE, LARGE, st.integers(0, 2), st.integers(-1, 2**32 - 1))
ROW = st.none() | PLACE.map(list)


@given(st.lists(ROW, max_size=6))
def test_places_survive_json_and_rows(rows):
    inside = ArchiveLocation.of_rows(rows)
    inside.check(5)
    again = ArchiveLocation.from_columns(
        json.loads(json.dumps({name: column.tolist() for name, column in inside.columns().items()}))
    )
    assert again.rows() == inside.rows() == [[-1, 0, 0, 0, -1] if row is None else row for row in rows]


@given(st.lists(ROW, min_size=1, max_size=6))
def test_taking_and_joining_keep_every_place(rows):
    inside = ArchiveLocation.of_rows(rows)
    parts = [inside.take(np.array([index])) for index in range(len(rows))]
    assert ArchiveLocation.concatenate(parts).rows() == inside.rows()


WRONG = [[5, 0, 0, 0, -1], [-2, 0, 0, 0, -1], [0, -1, 0, 0, -1], [0, 0, -1, 0, -1], [0, 0, 0, 3, -1]]


@pytest.mark.parametrize("row", WRONG)
def test_places_that_cannot_be_are_refused(row):
    with pytest.raises(ValueError, match="it "):
        ArchiveLocation.of_rows([row]).check(5)


def test_files_of_their_own_take_no_memory():
    inside = ArchiveLocation.none_of(10**9)
    assert len(inside) == 10**9
    assert inside.take(slice(5, 7)).rows() == [[-1, 0, 0, 0, -1]] * 2
