"""The plan beside an unfinished stack."""

import json

import pytest

from stackgui.core.catalog.archive_location import Archive, Inside
from stackgui.stores.recovery.unfinished import plan_parts
from tests.making import make_plan

ARCHIVE = {
    "archives": (Archive(0, "a.zip", 10, 20),),
    "inside": Inside.of_rows([[0, row, 5, 0, -1] for row in range(7)]),
}


@pytest.mark.parametrize("columns", [{}, ARCHIVE, {"split": ["train"] * 6 + ["test"]}])
def test_plan_in_parts_is_the_whole_plan(monkeypatch, columns):
    monkeypatch.setattr("stackgui.stores.recovery.unfinished._ROWS_TOGETHER", 3)
    plan = make_plan([(index + 1, 3) for index in range(7)], **columns)
    parts = list(plan_parts(plan))
    assert json.loads(b"".join(parts)) == json.loads(json.dumps(plan.to_json()))
    assert max(part.count(b",") for part in parts[1:]) < 7
