"""What an earlier version made still opens, verifies, resumes and means the same."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray

from stackgui.cli.commands import main
from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choices import Fit, Layout, OnError, Storage
from stackgui.core.base.errors import UsageError
from stackgui.core.base.resizers import Resizer
from stackgui.core.base.size import Size
from stackgui.core.catalog.frames import Frames
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.options.update_options import HowToUpdate, UpdateOptions
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.shared_plan import shared_plan_from_json
from stackgui.core.project.project import Project
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.preset_file import preset_file
from stackgui.engine.project_file import read_project
from stackgui.engine.running import fill, retry, update
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.preferences import Choices, Preferences
from stackgui.gui.app.presets_menu import PresetsMenu
from stackgui.stores.stack.reader import open_stack
from tests.fixtures.restoring import HERE, MADE_BEFORE, restore, restore_sources
from tests.kept_workers import lent

STACKS = sorted(path.name for path in (MADE_BEFORE / "stacks").iterdir())
PLANS = sorted(path.stem for path in (MADE_BEFORE / "plans").iterdir())

on_linux = pytest.mark.skipif(not os.path.isdir(HERE), reason="the sources are named by what only Linux has")


def read_json(name: str) -> dict:
    return json.loads((MADE_BEFORE / name).read_text())


def chosen(**choices: object) -> Options:
    """Choices of that time, when Pillow scaled all pictures."""
    return Options(resizer=Resizer.PILLOW, **choices)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Where the sources are put for each test: at one place, since a worker that all share stands there."""
    return tmp_path_factory.mktemp("sources")


@pytest.fixture
def sources(place, monkeypatch) -> Path:
    """The sources as they were made, and whoever looks for them stands there."""
    for left in place.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    restore_sources(place)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def same_versions(monkeypatch):
    """The libraries of that time: what is not the same today is left to the tests of resuming."""
    versions = read_json("stacks/pad/stack.json")["versions"]
    for module in (fill, retry):
        monkeypatch.setattr(module, "versions", lambda _formats, _scaled_by: versions)


@pytest.fixture
def engine(sources, kept_one):
    with lent(kept_one), Engine(1) as started:
        yield started


# Stacks


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_opens(name, tmp_path):
    with open_stack(restore(f"stacks/{name}", tmp_path / name)) as stack:
        assert len(stack) == stack.header["rows"] > 0
        for row in range(len(stack)):
            _top, _left, height, width = stack.placements[row]
            axes = (0, 1) if stack.layout is Layout.NHWC else (1, 2)
            assert tuple(np.array(stack.original(row).shape)[list(axes)]) == (height, width)


@on_linux
@pytest.mark.parametrize("name", STACKS)
def test_a_stack_is_what_its_pictures_give(name, tmp_path, engine):
    stack = restore(f"stacks/{name}", tmp_path / name)
    valid = int(np.load(stack / "valid.npy").sum())
    report = engine.verify(str(stack), Control(), deep=None)
    assert (report.damage, report.not_compared) == ((), ())
    decided = name == "retry_decided"  # its new tables count only now, and have one row more
    assert report.decoded == valid + decided


@on_linux
def test_an_unfinished_conversion_is_completed(tmp_path, engine, same_versions):
    restore("unfinished", tmp_path / "out.partial")
    before = engine.unfinished(str(tmp_path / "out"))
    assert 4 <= before.rows_done < before.rows == 13
    assert before.options == chosen(fill=9, buckets=2)
    report = engine.resume(str(tmp_path / "out.partial"), Control())
    assert report.status is Status.COMPLETE_WITH_FAILURES
    assert report.resumed_rows == before.rows_done
    catalog = engine.scan([f"{HERE}pictures"], Control(), cache=False)
    plan = resolve(before.options, catalog)
    assert plan.fingerprint == read_json("unfinished/plan.json")["fingerprint"]
    engine.convert(plan, RunOptions(str(tmp_path / "fresh")), Control())
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


@on_linux
def test_failed_rows_are_retried(tmp_path, engine, same_versions):
    stack = restore("stacks/failed", tmp_path / "stack")
    report = engine.retry_failed(str(stack), Control())
    assert (report.retried, report.repaired) == (2, 1)
    retried = MADE_BEFORE / "stacks" / "retried"
    for array in retried.glob("*.npy"):
        assert (stack / array.name).read_bytes() == array.read_bytes()
    assert engine.verify(str(stack), Control(), deep=None).damage == ()


@on_linux
@pytest.mark.parametrize("name", ["pad", "buckets", "letterbox", "archives", "listed", "tensors"])
def test_a_stack_of_an_earlier_version_is_up_to_date(name, sources, tmp_path, engine):
    stack = restore(f"stacks/{name}", tmp_path / "stack")
    assert engine.update(str(stack), Control(), HowToUpdate(only_look=True)).is_nothing


@on_linux
@pytest.mark.parametrize("name", ["pad", "buckets", "letterbox"])
def test_a_stack_of_an_earlier_version_grows_and_tells_both_versions(
    name, sources, tmp_path, engine, monkeypatch
):
    monkeypatch.setattr(
        update, "versions", lambda formats, scaled_by: {**fill.versions(formats, scaled_by), "numpy": "99.0"}
    )
    stack, cats = restore(f"stacks/{name}", tmp_path / "stack"), sources / "pictures" / "train" / "cat"
    before = json.loads((stack / "stack.json").read_text())
    pixels = [np.array(opened) for opened in open_stack(stack)]
    shutil.copy(cats / "8.png", cats / "later.png")
    with pytest.raises(UsageError, match=r"numpy was .*, now 99\.0"):
        engine.update(str(stack), Control())
    how = HowToUpdate(UpdateOptions(allow_other_versions=True))
    report = engine.update(str(stack), Control(), how)
    assert report.new == ("train/cat/later.png",)
    header = json.loads((stack / "stack.json").read_text())
    assert header["versions"]["numpy"] == "99.0"
    assert header["updated"]["earlier_versions"] == [before["versions"]]
    with open_stack(stack) as opened:
        assert len(opened) == before["rows"] + 1
        assert all(np.array_equal(opened[row], each) for row, each in enumerate(pixels))
    assert engine.verify(str(stack), Control(), deep=None).is_sound


@pytest.mark.parametrize(("name", "becomes"), [("retry_undecided", "failed"), ("retry_decided", "retried")])
def test_a_retry_that_was_killed_happened_or_did_not(name, becomes, tmp_path):
    stack = restore(f"stacks/{name}", tmp_path / "stack")
    open_stack(stack).close()
    assert contents(stack) == contents(MADE_BEFORE / "stacks" / becomes)


def files_below(folder: Path) -> set[str]:
    """Their names, with marks under the name that they have had since."""
    names = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.*"))
    return {str(name) for name in names} - {"README"}


@on_linux
@pytest.mark.slow
def test_such_fixtures_can_still_be_made(tmp_path):
    subprocess.run([sys.executable, "-m", "tests.fixtures.make", str(tmp_path / "made")], check=True)
    assert files_below(tmp_path / "made") == files_below(MADE_BEFORE)


# Plans


@pytest.fixture
def planned(sources, kept_one, capfdbinary) -> Callable[..., dict]:
    """What ``stackgui plan`` prints."""

    def run(*words: str) -> dict:
        with lent(kept_one):
            assert main(["plan", *words, "--json", "--no-cache", "--workers", "1"]) == 0
        return json.loads(capfdbinary.readouterr().out)

    return run


@on_linux
@pytest.mark.parametrize("name", PLANS)
def test_a_saved_plan_gives_the_same_plan_again(name, planned):
    saved = read_json(f"plans/{name}.json")
    assert saved["fingerprint"] == read_json(f"stacks/{name}/stack.json")["plan"]["fingerprint"]
    now = planned(*saved["sources"], "--plan", str(MADE_BEFORE / "plans" / f"{name}.json"))
    assert now["fingerprint"] == saved["fingerprint"]
    assert now["arrays"] == saved["arrays"]


@on_linux
def test_a_plan_file_of_the_window_excludes_the_same_pictures(planned):
    plan = planned(f"{HERE}pictures", "--plan", str(MADE_BEFORE / "settings" / "excluded.json"))
    assert (plan["excluded"], plan["rows"]) == (2, 11)
    assert len(plan["options"]["shrink"]) == 1


def test_a_plan_file_of_the_window_has_its_choices():
    shared = shared_plan_from_json(read_json("settings/choices.json"))
    assert shared.options == chosen(buckets=2)
    assert shared.scan_options.frames == Frames.parse("all")
    assert not shared.scan_options.open_archives
    assert shared.sources == (f"{HERE}pictures",)


@on_linux
def test_a_list_of_the_window_names_the_same_pictures(planned):
    listed = str(MADE_BEFORE / "settings" / "list.csv")
    assert planned(f"{HERE}pictures", "--exclude-from", listed)["excluded"] == 3


def test_a_project_has_its_work():
    folder = MADE_BEFORE / "settings"
    read = read_project(str(folder / "work.stackgui"))
    assert read.problem == ""
    assert read.project == Project(
        (str(folder / "pictures"), "/elsewhere"),
        ScanOptions(frames=Frames.parse("all"), label_list=str(folder / "list.csv")),
        chosen(fit=Fit.COVER, exclude=SampleSet(frozenset({(0, "a.png", -1)}))),
        RunOptions("/stacks/pets", storage=Storage.FILE, on_error=OnError.STOP),
    )


# Settings

CHOSEN = chosen(size=Size.parse("20x30"), fit=Fit.COVER, fill=7, layout=Layout.NCHW)


def test_presets_are_in_the_window(qtbot):
    os.makedirs(os.path.dirname(preset_file()), exist_ok=True)
    shutil.copy(MADE_BEFORE / "settings" / "presets.json", preset_file())
    window = MainWindow()
    qtbot.addWidget(window)
    shelf = PresetsMenu(window)
    assert shelf.first_options(Options()) == CHOSEN
    assert shelf.presets.named("Shuffled").options == chosen(shuffle=True, split=Split.parse("80/20"))


def test_preferences_come_back():
    file = Path(Preferences().file)
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(MADE_BEFORE / "settings" / "stackgui.ini", file)
    preferences = Preferences()
    run = RunOptions("", storage=Storage.FILE, on_error=OnError.STOP)
    assert preferences.choices() == Choices(CHOSEN, run, Path("/stacks"))
    assert preferences.unfinished() == "/stacks/pets"
    assert preferences.machine() == Machine(16 * 10**9, 8 * 10**9, 32)
    assert preferences.window() == (QByteArray(b"shape"), QByteArray(b"\x00\x01"))
