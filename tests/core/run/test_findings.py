"""What a verification finds is kept in bits, and read as the objects that it stands for."""

import numpy as np

from stackgui.core.run import findings as module
from stackgui.core.run.findings import Damage, Findings, NotCompared
from stackgui.core.run.report import Failure

PIXELS, PADDING = ("images.npy", "its pixels"), ("images.npy", "its padding")


def test_findings_come_in_the_order_of_checks_then_rows_then_kinds():
    found = Findings()
    found.add("stack.json", "its counts")
    rows = found.in_rows(range(5, 30), PIXELS, PADDING)
    for kind, row in ((1, 29), (0, 7), (1, 7), (0, 7)):
        rows.add(kind, row)
    assert found == (
        Damage("stack.json", "its counts"),
        Damage(*PIXELS, 7),
        Damage(*PADDING, 7),
        Damage(*PADDING, 29),
    )
    assert (rows.has(0, 7), rows.has(0, 29), rows.has(1, 29)) == (True, False, True)


def test_masks_of_rows_give_the_same_findings_as_single_rows(monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_BITS", 64)
    wrong = np.random.default_rng(0).random(1000) < 0.1
    by_masks, by_rows = Findings(), Findings()
    one = by_masks.in_rows(range(1000), PIXELS)
    for begin in range(0, 1000, 200):
        one.add_all(0, begin, wrong[begin : begin + 200])
    other = by_rows.in_rows(range(1000), PIXELS)
    for row in np.flatnonzero(wrong).tolist():
        other.add(0, row)
    assert by_masks == by_rows == [Damage(*PIXELS, row) for row in np.flatnonzero(wrong).tolist()]


def test_entries_are_found_by_their_place_as_in_a_tuple(monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_BITS", 64)
    found = Findings()
    for first in (0, 300):
        found.add("x", "y")
        rows = found.in_rows(range(first, first + 300), PIXELS, PADDING)
        for row in range(first, first + 300, 3):
            rows.add(row % 2, row)
    whole = tuple(found)
    assert len(found) == len(whole) == 202
    assert [found[place] for place in range(-202, 202)] == [whole[place] for place in range(-202, 202)]
    assert found[150:10:-7] == whole[150:10:-7]
    assert list(found.after(101)) == list(whole[101:])


def test_a_million_damaged_rows_take_a_bit_each():
    found = Findings()
    rows = found.in_rows(range(2**20), PIXELS)
    rows.add_all(0, 0, np.ones(2**20, np.bool_))
    assert len(found) == 2**20
    assert found[2**20 - 1] == Damage(*PIXELS, 2**20 - 1)
    assert sum(bits.nbytes for bits in rows._bits.values()) == 2**17


def test_rows_that_were_not_compared_are_listed_in_their_order():
    rows = NotCompared(100, lambda row: f"/pictures/{row}.png")
    for row, reason in ((60, "gone"), (3, "changed"), (99, "gone")):
        rows.add(row, reason)
    wanted = [(3, "changed"), (60, "gone"), (99, "gone")]
    assert rows == [Failure(row, f"/pictures/{row}.png", reason) for row, reason in wanted]
    assert (rows[1].row, len(rows), NotCompared(5, str) == ()) == (60, 3, True)
