"""Opening stacks, also damaged and hostile ones."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import stackgui
from stackgui import open_stack
from stackgui.core.base.choices import Anchor, Layout, Storage
from stackgui.core.base.errors import StackguiError
from stackgui.core.options.options import Options
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.stores.stack import reader
from stackgui.stores.stack.stack import StackWriter
from tests.making import joined, make_blocks, make_plan

FILES = ["a/1.png", os.fsdecode(b"a/caf\xe9.png"), "b/two\nlines.png"]


@pytest.fixture(params=Layout)
def made(request, tmp_path):
    """A stack of three rows, the last of them blank; its folder, plan and blocks."""
    options = Options(layout=request.param, anchor=Anchor.CENTER)
    plan = make_plan([(4, 6), (7, 3), (5, 5)], options, path=FILES)
    writer = StackWriter.open(plan, RunOptions(str(tmp_path / "out")), Storage.FILE, {})
    blocks, valid = make_blocks(plan), np.array([True, True, False])
    bucket = plan.buckets[0]
    writer.stores[0].write(0, joined(blocks), plan.geometry(bucket, bucket.samples).placement, valid)
    writer.outcomes.record(RowsDone(0, valid, np.zeros(3, np.uint64), {2: "damaged"}))
    writer.write_tables()
    writer.publish()
    return tmp_path / "out", plan, blocks


@pytest.fixture
def folder(made):
    return made[0]


def change_header(folder: Path, **values):
    path = folder / "stack.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def change_array(folder: Path, **values):
    header = json.loads((folder / "stack.json").read_text())
    header["plan"]["arrays"][0] |= values
    change_header(folder, plan=header["plan"])


def test_original_is_the_sample_without_padding(made):
    folder, _, blocks = made
    with open_stack(folder) as stack:
        for row in (0, 1, -2):
            np.testing.assert_array_equal(stack.original(row), blocks[row])
        assert np.shares_memory(stack.original(0), stack.images)
        assert not stack.original(0).flags.writeable
        assert stack.original(np.int64(2)).size == 0


@pytest.mark.parametrize("row", [3, -4])
def test_rows_that_are_not_there(folder, row):
    with open_stack(folder) as stack, pytest.raises(IndexError):
        stack.original(row)


def test_files_are_a_sequence(made):
    folder, plan, _ = made
    expected = [plan.catalog.file(row) for row in range(3)]
    with open_stack(folder) as stack:
        assert len(stack.files) == 3
        assert [stack.files[row] for row in (0, 1, 2)] == expected
        assert stack.files[-1] == expected[-1]
        assert stack.files[1:] == expected[1:]
        assert list(stack.files) == expected
        assert expected[1] in stack.files
        with pytest.raises(IndexError):
            stack.files[3]


def test_closed_stack_lets_go_of_its_file(folder):
    stack = open_stack(str(folder))
    stack.close()
    stack.close()
    assert stack.images.size == 0
    maps = Path("/proc/self/maps")
    assert not maps.exists() or str(folder) not in maps.read_text()


def test_views_outlive_closing(made):
    folder, _, blocks = made
    with open_stack(folder) as stack:
        picture = stack.original(0)
    np.testing.assert_array_equal(picture, blocks[0])


def test_what_is_no_stack_is_told(tmp_path):
    with pytest.raises(StackguiError, match="There is no folder"):
        open_stack(tmp_path / "nothing")
    with pytest.raises(StackguiError, match=r"not a complete stack: stack\.json is missing"):
        open_stack(tmp_path)
    (tmp_path / "stack.json").write_text("hello")
    with pytest.raises(StackguiError, match="is not a stack"):
        open_stack(tmp_path)


def test_unfinished_stack_is_told(tmp_path):
    (tmp_path / "out.partial").mkdir()
    with pytest.raises(StackguiError, match="is not finished"):
        open_stack(tmp_path / "out.partial")


def test_header_too_large_to_be_one_is_not_read(folder):
    os.truncate(folder / "stack.json", 10**10)
    with pytest.raises(StackguiError, match="is not a stack"):
        open_stack(folder)


def test_newer_stack_is_told(folder):
    change_header(folder, version=3)
    with pytest.raises(StackguiError, match=r"version 3; this program reads version 2\. Get a newer"):
        open_stack(folder)


@pytest.mark.parametrize("name", ["../images.npy", "/etc/passwd", "..", "", "a\\b", "c:x", "a\0b", "."])
def test_nothing_outside_the_folder_is_opened(folder, name):
    change_array(folder, file=name)
    with pytest.raises(StackguiError, match="outside its own folder"):
        open_stack(folder)


@pytest.mark.parametrize("name", ["images.npy", "valid.npy", "placements.npy", "labels.npy", "classes.json"])
def test_links_and_pipes_are_not_followed(folder, tmp_path, name):
    (folder / name).rename(tmp_path / name)
    with pytest.raises(StackguiError, match=f"{name} is missing"):
        open_stack(folder)
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(StackguiError, match=f"{name} is not a regular file"):
        open_stack(folder)
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(StackguiError, match=f"{name} is not a regular file"):
        open_stack(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [3, 7, 6, 2]},
        {"shape": [2, 7, 6, 3]},
        {"shape": []},
        {"shape": "x"},
        {"shape": None},
        {"dtype": "uint16"},
        {"dtype": "nonsense"},
        {"dtype": None},
        {"dtype": "object"},
    ],
)
def test_header_that_does_not_fit_the_array_is_told(folder, change):
    change_array(folder, **change)
    with pytest.raises(StackguiError, match="is damaged"):
        open_stack(folder)


@pytest.mark.parametrize("plan", [None, 1, {}, {"arrays": 1}, {"arrays": [1]}, {"arrays": []}])
def test_header_without_a_plan_is_told(folder, plan):
    change_header(folder, plan=plan)
    with pytest.raises(StackguiError, match="is damaged"):
        open_stack(folder)


def test_pickles_are_never_read(folder):
    np.save(folder / "valid.npy", np.array([print, 1, 2], object), allow_pickle=True)
    with pytest.raises(StackguiError, match=r"valid\.npy does not hold"):
        open_stack(folder)


@pytest.mark.parametrize("size", [0, 5, 100, 130])
def test_array_that_is_cut_short_is_told(folder, size):
    os.truncate(folder / "images.npy", size)
    with pytest.raises(StackguiError, match=r"images\.npy does not hold"):
        open_stack(folder)


@pytest.mark.parametrize("text", [b"", b"{}\n{}\n{}\n", b"x\ny\nz\n", b"1\n2\n3\n"])
def test_damaged_manifest_is_told_when_it_is_asked_for(folder, text):
    (folder / "manifest.jsonl").write_bytes(text)
    with open_stack(folder) as stack:
        with pytest.raises(StackguiError, match=r"manifest\.jsonl does not hold"):
            stack.files[0]
        with pytest.raises(StackguiError, match=r"manifest\.jsonl does not hold"):
            list(stack.files)


@pytest.mark.parametrize("text", ["{", "5", "[" * 100_000])
def test_damaged_classes_are_told(folder, text):
    (folder / "classes.json").write_text(text)
    with pytest.raises(StackguiError, match=r"classes\.json does not hold"):
        open_stack(folder)


def test_importing_the_package_is_cheap():
    script = "import sys, stackgui; print([m for m in ('numpy', 'PySide6', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_opening_a_stack_loads_no_qt_and_no_decoder(folder):
    script = f"""import sys, stackgui; stackgui.open_stack({str(folder)!r})
print([m for m in ('PySide6', 'PIL', 'imagecodecs', 'simplejpeg') if m in sys.modules])"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_package_knows_its_version_and_no_other_name():
    assert re.fullmatch(r"\d+\.\d+\.\d+", stackgui.__version__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = stackgui.nonsense


def test_what_a_stack_is_made_of_can_be_printed(folder):
    with open_stack(folder) as stack:
        names = [f"/pictures/{name}" for name in FILES]
        assert repr(stack.files) == repr(names)
        shape = stack.images.shape
        assert repr(stack) == (
            f"<Stack {folder}: images.npy {shape} uint8; 3 rows, 2 of them valid, 2 classes>"
        )


def test_many_files_are_printed_in_short(folder):
    files = reader.Files(str(folder), 3)
    assert repr(files) == str(list(files))
    long = reader.Files("/nowhere", 10)
    assert "is missing" in repr(long)
    assert "(10 files)" in repr(long)
    (folder / "manifest.jsonl").write_text("{}\n{}\n{}\n")
    assert "is damaged" in repr(reader.Files(str(folder), 3))
