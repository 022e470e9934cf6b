"""Stacks whose rows belong to groups: made, read, verified and updated."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import UsageError
from stackgui.core.base.voice import ENGLISH
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.groups import Groups
from stackgui.core.labels.splits import Split
from stackgui.core.options.group_column import reading_groups
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.core.viewing.report_plan import plan_words
from stackgui.engine import Control
from stackgui.stores.export.contents import origins
from stackgui.stores.stack.reader import open_stack

OPTIONS = Options(split=Split.parse("60/20/20"), group_by=Groups.parse("name:{group}_*"))


def save(folder, patient, numbers):
    folder.mkdir(exist_ok=True)
    for number in numbers:
        Image.new("RGB", (4, 3), (number, 9, 9)).save(folder / f"{patient}_{number}.png")


def parts_of(stack):
    with open_stack(stack) as opened:
        return {
            group: {opened.parts[part] for part in opened.splits[opened.groups == group].tolist()}
            for group in set(opened.groups.tolist())
        }


def test_groups_are_kept_and_a_new_picture_follows_its_group(engine, scan, tmp_path):
    folder, stack = tmp_path / "pictures", tmp_path / "stack"
    for patient in range(6):
        save(folder, f"p{patient}", range(3))
    engine.convert(resolve(OPTIONS, scan(folder)), RunOptions(str(stack)), Control())
    before = parts_of(stack)
    assert sorted(before) == [f"p{patient}" for patient in range(6)]
    assert all(len(parts) == 1 for parts in before.values())
    assert set.union(*before.values()) == {"train", "validation", "test"}
    header = json.loads((stack / "stack.json").read_text())
    assert header["groups"]["count"] == 6
    assert header["split"]["asked"] == {"train": 60, "validation": 20, "test": 20}
    rows = list(csv.DictReader(io.StringIO((stack / "manifest.csv").read_text("utf-8-sig"))))
    assert {row["group"] for row in rows} == set(before)
    assert engine.verify(str(stack), Control()).is_sound
    with open_stack(stack) as opened:
        old = opened.splits.copy()
        assert opened.column("group").tolist() == opened.groups.tolist()
        assert [columns for _, columns in origins(opened)] == [[group] for group in opened.groups.tolist()]
        plan = dict(plan_words(opened.header, ENGLISH))
    assert plan["Kept together"] == "6 groups from the files’ names"
    for patient in range(6):
        save(folder, f"p{patient}", [3])
    for patient in range(6, 12):
        save(folder, f"p{patient}", range(3))
    engine.update(str(stack), Control())
    after = parts_of(stack)
    assert {group: after[group] for group in before} == before
    assert all(len(parts) == 1 for parts in after.values())
    with open_stack(stack) as opened:
        assert opened.splits[: len(old)].tolist() == old.tolist()
        share = np.bincount(opened.splits, minlength=3) / len(opened)
    assert np.abs(share - [0.6, 0.2, 0.2]).max() < 0.06
    assert engine.verify(str(stack), Control()).is_sound


def test_a_picture_that_is_renamed_joins_no_groups(engine, scan, tmp_path):
    """A row keeps the group that it was given, and does not join that to the one of its new name."""
    folder, stack = tmp_path / "pictures", tmp_path / "stack"
    for patient in range(6):
        save(folder, f"p{patient}", range(10 * patient, 10 * patient + 3))
    engine.convert(resolve(OPTIONS, scan(folder)), RunOptions(str(stack)), Control())
    before = parts_of(stack)
    (folder / "p0_0.png").rename(folder / "p5_0.png")
    save(folder, "p5", [99])
    engine.update(str(stack), Control())
    after = parts_of(stack)
    assert after == before
    with open_stack(stack) as opened:
        assert opened.groups.tolist()[-1] == "p5"


def test_a_stack_without_groups_has_none(engine, scan, tmp_path):
    save(tmp_path / "pictures", "p1", range(2))
    engine.convert(
        resolve(Options(), scan(tmp_path / "pictures")), RunOptions(str(tmp_path / "s")), Control()
    )
    with open_stack(tmp_path / "s") as opened:
        assert opened.groups is None
    assert '"group"' not in (tmp_path / "s" / "manifest.jsonl").read_text()


def test_a_list_that_only_names_patients_gives_groups(engine, tmp_path):
    """Such a list has no labels, but it is asked for its other columns."""
    folder = tmp_path / "pictures"
    save(folder, "scan", range(6))
    listed = tmp_path / "patients.csv"
    lines = [f"pictures/scan_{number}.png,{number // 2}\n" for number in range(6)]
    listed.write_text("".join(["file,patient\n", *lines]))
    groups = Groups.parse("column:patient")
    wanted = reading_groups(ScanOptions(label_list=str(listed)), groups)
    catalog = engine.scan([str(folder)], Control(), wanted, cache=False)
    plan = resolve(replace(OPTIONS, group_by=groups), catalog)
    assert list(plan.group) == ["0", "0", "1", "1", "2", "2"]
    with pytest.raises(UsageError, match="“patient”"):
        engine.scan([str(folder)], Control(), ScanOptions(label_list=str(listed)), cache=False)
