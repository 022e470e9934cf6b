"""Of a problem in every row, only those are put into words that are shown."""

import json

import numpy as np

from stackgui.cli import show
from stackgui.cli.listed import MAX_LISTED
from stackgui.core.plan.plan_text import json_parts
from stackgui.core.run.findings import Damage, Findings, NotCompared
from stackgui.core.run.verify import VerifyReport

ROWS = 2**20


def damaged(rows=ROWS):
    found = Findings()
    found.in_rows(range(rows), ("images.npy", "its pixels")).add_all(0, 0, np.ones(rows, np.bool_))
    return found


def test_a_damaged_stack_of_a_million_rows_makes_the_lines_that_it_shows(monkeypatch):
    told = []

    class Counted(Damage):
        def __init__(self, *about):
            told.append(about)
            super().__init__(*about)

    monkeypatch.setattr("stackgui.core.run.findings.Damage", Counted)
    lines = show.verify_lines(VerifyReport("/out/pets", ROWS, 0, damaged()))
    assert lines[1:3] == ["  1,048,576 places are damaged:", "    images.npy, row 0: its pixels"]
    assert lines[-1] == f"    … and {ROWS - MAX_LISTED:,} more; verify --json lists all"
    assert len(told) <= MAX_LISTED + 1


def test_files_are_asked_for_only_of_rows_that_are_shown():
    asked = []

    def file_of(row):
        asked.append(row)
        return f"{row}.png"

    found = NotCompared(1000, file_of)
    for row in range(0, 1000, 2):
        found.add(row, "it is gone")
    lines = show.verify_lines(VerifyReport("/out/pets", 1000, 1000, (), found))
    assert "  500 could not be compared:" in lines
    assert "    18.png: it is gone" in lines
    assert asked == list(range(0, 2 * MAX_LISTED, 2))


def test_json_has_all_in_parts(monkeypatch):
    monkeypatch.setattr("stackgui.core.plan.plan_text.CHUNK_ROWS", 4)
    parts = list(json_parts(show.verify_json(VerifyReport("/out/pets", 10, 0, damaged(10)))))
    found = json.loads("".join(parts))
    assert found["damage"] == [{"file": "images.npy", "row": row, "what": "its pixels"} for row in range(10)]
    assert found["not_compared"] == []
    assert max(part.count("its pixels") for part in parts) == 4
