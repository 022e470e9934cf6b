"""Verifying and retrying find the same however few rows are in memory at a time."""

import json
import sys

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base import aside, blocks
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan import manifest_form
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.format.read_manifest import plan_of
from stackgui.stores.stack.reader import open_stack

PICTURES = 41
OPTIONS = [
    Options(split=Split.parse("60/20/20")),
    Options(buckets=2, shuffle=True, split=Split.parse("60/20/20")),
]
"""Rows in the order of the scan, and shuffled ones in two arrays."""


@pytest.fixture
def taken_apart(monkeypatch):
    """Return what lets columns of any length be put aside, and work go on eight rows at a time."""

    def begin():
        monkeypatch.setattr(aside, "ASIDE_ROWS", 1)
        monkeypatch.setattr(blocks, "BLOCK_ROWS", 8)

    return begin


@pytest.fixture(params=["text", "columns"])
def form(request, monkeypatch):
    monkeypatch.setattr(manifest_form, "MOST_LISTED", sys.maxsize if request.param == "text" else 0)


@pytest.fixture(params=OPTIONS, ids=["in order", "shuffled"])
def stack(request, form, tmp_path, scan, engine):
    folder = tmp_path / "pictures"
    for number in range(PICTURES):
        (folder / f"class{number % 3}").mkdir(parents=True, exist_ok=True)
        size = (4 + number % 7, 4 + number % 5)
        Image.new("RGB", size, (number, 2 * number, 200)).save(
            folder / f"class{number % 3}" / f"{number}.png"
        )
    (folder / "class0" / "0.png").write_bytes(b"damaged")
    plan = resolve(request.param, scan(folder))
    engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    return tmp_path / "stack"


def damage(stack):
    """Change a number in every table, and a pixel in the first array."""
    for name, row, value in (
        ("placements", 3, [0, 0, 9000, 1]),
        ("checksums", 17, 5),
        ("valid", 9, False),
        ("labels", 33, 77),
        ("transforms", 12, [9, 9, 9, 9]),
    ):
        table = np.load(stack / f"{name}.npy")
        table[row] = value
        np.save(stack / f"{name}.npy", table)
    splits = np.load(stack / "splits.npy")
    splits[40] = (splits[40] + 1) % 3
    np.save(stack / "splits.npy", splits)
    file = next(iter(sorted(stack.glob("images*.npy"))))
    array = np.load(file, mmap_mode="r+")
    array[5] ^= 255
    array.flush()


def test_damage_is_the_same_for_some_rows_at_a_time(stack, engine, taken_apart):
    damage(stack)
    at_once = engine.verify(str(stack), Control(), deep=None)
    taken_apart()
    in_parts = engine.verify(str(stack), Control(), deep=None)
    assert in_parts.damage == tuple(at_once.damage)
    assert in_parts.not_compared == at_once.not_compared
    assert (in_parts.decoded, in_parts.rows) == (at_once.decoded, at_once.rows)
    assert {"placements.npy", "labels.npy", "splits.npy", "transforms.npy"} <= {
        each.file for each in in_parts.damage
    }
    assert {3, 5, 9, 17, 33} <= {each.row for each in in_parts.damage}


def test_a_sound_stack_is_sound_for_some_rows_at_a_time(stack, engine, taken_apart):
    taken_apart()
    report = engine.verify(str(stack), Control(), deep=None)
    assert (report.damage, report.not_compared, report.decoded) == ((), (), PICTURES - 1)


def test_a_retry_in_parts_makes_the_same_tables(stack, engine, taken_apart, tmp_path):
    Image.new("RGB", (5, 5), (9, 9, 9)).save(tmp_path / "pictures" / "class0" / "0.png")
    taken_apart()
    report = engine.retry_failed(str(stack), Control())
    assert (report.retried, report.failures) == (1, ())
    assert engine.verify(str(stack), Control(), deep=None).damage == ()
    with open_stack(stack) as opened:
        plan = plan_of(opened.header, opened.manifest, opened.annotations)
        assert opened.valid.all()
    assert plan.fingerprint == json.loads((stack / "stack.json").read_text())["plan"]["fingerprint"]
