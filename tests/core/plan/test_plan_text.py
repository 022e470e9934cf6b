"""A plan as JSON text in parts."""

import json

import pytest

from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.plan.plan_text import json_parts
from tests.making import make_plan

ARCHIVE = {
    "archives": (Archive(0, "a.zip", 10, 20),),
    "inside": ArchiveLocation.of_rows([[0, row, 5, 0, -1] for row in range(7)]),
}


@pytest.mark.parametrize("columns", [{}, ARCHIVE, {"split": ["train"] * 6 + ["test"]}])
def test_plan_in_parts_is_the_whole_plan(monkeypatch, columns):
    monkeypatch.setattr("stackgui.core.plan.plan_text.CHUNK_ROWS", 3)
    plan = make_plan([(index + 1, 3) for index in range(7)], **columns)
    catalog = list(json_parts(dict(plan.catalog.json_items())))
    assert json.loads("".join(catalog)) == json.loads(json.dumps(plan.catalog.to_json()))
    assert max(part.count(",") for part in catalog) < 7
