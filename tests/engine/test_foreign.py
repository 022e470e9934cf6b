"""Unfinished stacks and plans that someone else made: nothing outside their folder is written."""

import contextlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import Cancelled, PlanError, StackguiError
from stackgui.core.options.options import Options
from stackgui.core.plan.plan_text import json_parts
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.format.plan_file import open_plan, save_plan
from tests.engine.running.test_resume import StopAt

NAMES = (
    "images.npy", "valid.npy", "placements.npy", "checksums.npy", "labels.npy", "classes.json", "stack.json",
    "manifest.csv", "manifest.jsonl", "plan.json", "plan.json.next", "plan.columns", "plan.1.columns",
    "journal", "journal.next", "unfinished.lock",
)  # fmt: skip

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links that anybody may make")


@pytest.fixture
def partial(tmp_path, scan, engine, monkeypatch) -> Path:
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 2)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    folder = tmp_path / "pictures"
    for index in range(24):
        path = folder / ("cat" if index % 2 else "dog") / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (30, 20), (index, 0, 0)).save(path)
    with pytest.raises(Cancelled):
        engine.convert(resolve(Options(), scan(folder)), RunOptions(str(tmp_path / "out")), StopAt(10))
    return tmp_path / "out.partial"


@pytest.mark.parametrize("redo", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_no_link_in_an_unfinished_stack_is_written_through(partial, engine, tmp_path, name, redo):
    victim = tmp_path / "victim"
    before = (partial / name).read_bytes() if (partial / name).is_file() else b"precious"
    victim.write_bytes(before)
    (partial / name).unlink(missing_ok=True)
    (partial / name).symlink_to(victim)
    if redo:
        Image.new("RGB", (30, 20), "green").save(tmp_path / "pictures" / "cat" / "1.png")
    with contextlib.suppress(StackguiError):
        engine.resume(str(partial), Control(), redo_changed=redo)
    assert victim.read_bytes() == before
    assert not victim.is_symlink()


@pytest.mark.parametrize("name", ["plan.json", "journal"])
def test_nobody_waits_for_a_pipe(partial, engine, name):
    (partial / name).unlink()
    os.mkfifo(partial / name)
    with pytest.raises(StackguiError):
        engine.resume(str(partial), Control())


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("name", ["../victim.png", "/etc/hostname", "cat/../../victim.png"])
def test_a_plan_that_names_files_outside_its_folders_is_refused(partial, engine, tmp_path, name, beside):
    Image.new("RGB", (30, 20)).save(tmp_path / "victim.png")
    plan = open_plan(str(partial / "plan.json"))
    names = [name, *list(plan.catalog.path)[1:]]
    foreign = replace(plan, catalog=replace(plan.catalog, path=Paths.from_names(names)))
    if beside:
        save_plan(foreign, str(partial / "plan.json"))
    else:
        (partial / "plan.json").write_text("".join(json_parts(foreign.to_json())))
    # The table of rows is read only to tell what has changed.
    Image.new("RGB", (30, 20), "green").save(tmp_path / "pictures" / "cat" / "1.png")
    with pytest.raises(StackguiError, match=r"damaged|changed"):
        engine.resume(str(partial), Control(), redo_changed=True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("file", ["../victim.npy", "/victim.npy", "plan.json"])
def test_a_plan_cannot_say_where_arrays_lie(partial, engine, tmp_path, file):
    plan = json.loads((partial / "plan.json").read_bytes())
    plan["arrays"][0]["file"] = file
    (partial / "plan.json").write_text(json.dumps(plan))
    engine.resume(str(partial), Control())
    assert (tmp_path / "out" / "images.npy").is_file()
    assert not (tmp_path / "victim.npy").exists()


def test_a_plan_with_arrays_of_an_unknown_kind_is_refused(partial, engine, tmp_path):
    plan = json.loads((partial / "plan.json").read_bytes())
    plan["options"]["container"] = "papyrus"
    (partial / "plan.json").write_text(json.dumps(plan))
    before = {path.name for path in partial.iterdir()}
    with pytest.raises(PlanError, match="papyrus"):
        engine.resume(str(partial), Control())
    assert {path.name for path in partial.iterdir()} == before
    assert not (tmp_path / "out").exists()
