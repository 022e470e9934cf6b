"""Numbers to learn and texts to keep, from the columns of lists, as they arrive in a stack."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import stackgui
from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine

LIST = (
    "file;label;age;weight;site;Note\n"
    "a.png;cat;3,5;0.1;Ulm;=1+1\n"
    'b.png;dog;n/a;-2e3;Köln;"two\nlines"\n'
    "c.png;dog;;7;;\n"
    "d.png;cat;12;1e99;Ulm;x\n"
)
AGE = [3.5, np.nan, np.nan, 12.0]
WEIGHT = [0.1, -2000.0, 7.0, np.nan]
WANTED = ScanOptions(targets=("age", "weight"), keep_columns=("site", "note"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    for value, name in enumerate("abcd"):
        Image.fromarray(np.full((3 + value, 4), 40 * value, np.uint8)).save(made / f"{name}.png")
    (made / "list.csv").write_text(LIST, encoding="utf-8")
    return made


def same(found: np.ndarray, wanted: list[list[float]]) -> bool:
    return np.array_equal(found, np.array(wanted, np.float32).T, equal_nan=True)


@pytest.mark.parametrize("is_source", [True, False])
def test_targets_and_kept_columns_are_in_the_stack(engine: Engine, scan, folder, tmp_path, is_source):
    path, out = folder / "list.csv", tmp_path / "out"
    options = WANTED if is_source else ScanOptions(label_list=str(path), **choices(WANTED))
    catalog = scan(path if is_source else folder, options=options)
    plan = resolve(Options(size=Size.parse("4x4")), catalog)
    saved = json.loads(json.dumps(plan.to_json(), default=lambda value: value.tolist()))
    assert plan_from_json(saved).fingerprint == plan.fingerprint
    engine.convert(plan, RunOptions(str(out)), Control())
    assert engine.verify(str(out), Control(), deep=None).is_sound
    with stackgui.open_stack(out) as stack:
        assert same(stack.targets, [AGE, WEIGHT])
        assert (stack.targets.dtype, stack.target_names) == (np.float32, ["age", "weight"])
        assert stack.column_names == ["site", "note"]
        assert stack.column("site").tolist() == ["Ulm", "Köln", "", "Ulm"]
        assert stack.column("note").tolist() == ["=1+1", "two\nlines", "", "x"]
        with pytest.raises(KeyError):
            stack.column("label")
    with (out / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["age"] for line in lines] == ["3.5", "", "", "12.0"]
    assert [line["note"] for line in lines] == ["'=1+1", "two\nlines", "", "x"]


def choices(options: ScanOptions) -> dict[str, object]:
    return {"targets": options.targets, "keep_columns": options.keep_columns}


def test_what_is_no_number_is_counted_before_the_run(scan, folder):
    catalog = scan(folder / "list.csv", options=WANTED)
    found = {(each.code, each.count, each.examples) for each in plan_warnings(resolve(Options(), catalog))}
    assert ("targets-not-numbers", 1, ("n/a",)) in found
    assert ("targets-not-numbers", 1, ("1e99",)) in found
    assert ("targets-missing", 2, ("b.png", "c.png")) in found
    assert ("targets-missing", 1, ("d.png",)) in found


def test_all_columns_are_kept_and_lists_need_not_have_the_same(scan, folder):
    (folder / "more.csv").write_text("file;label;Height\na.png;cat;9\n")
    catalog = scan(
        folder / "list.csv",
        folder / "more.csv",
        options=ScanOptions(targets=("height",), keep_columns=("*",)),
    )
    assert catalog.values.titles == ("age", "weight", "site", "Note", "Height")
    assert catalog.values.numbers[:, 0].tolist()[4:] == [9.0]
    assert np.isnan(catalog.values.numbers[:4]).all()
    assert list(catalog.values.texts[0]) == ["3,5", "n/a", "", "12", ""]


@pytest.mark.parametrize(
    ("source", "title", "sentence"),
    [
        ("list.csv", "hight", "No list has a column “hight”; the columns are file, label, age, weight"),
        (".", "age", "There is no list to take the column “age” from."),
    ],
)
def test_a_column_that_no_list_has_is_said(scan, folder, source, title, sentence):
    with pytest.raises(UsageError, match=sentence):
        scan(folder / source, options=ScanOptions(targets=(title,)))


def test_rows_that_fail_have_no_targets_until_they_are_repaired(engine: Engine, scan, folder, tmp_path):
    out = tmp_path / "out"
    whole = (folder / "d.png").read_bytes()
    (folder / "d.png").write_bytes(whole[:-20])
    catalog = scan(folder / "list.csv", options=WANTED)
    engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control())
    with stackgui.open_stack(out) as stack:
        assert same(stack.targets, [[*AGE[:3], np.nan], WEIGHT])
    assert engine.verify(str(out), Control()).is_sound
    (folder / "d.png").write_bytes(whole)
    engine.retry_failed(str(out), Control())
    with stackgui.open_stack(out) as stack:
        assert same(stack.targets, [AGE, WEIGHT])
    assert engine.verify(str(out), Control(), deep=None).is_sound
    changed = np.load(out / "targets.npy")
    changed[0, 1] = 1
    np.save(out / "targets.npy", changed)
    report = engine.verify(str(out), Control())
    assert [(damage.file, damage.row) for damage in report.damage] == [("targets.npy", 0)]
