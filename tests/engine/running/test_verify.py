"""Verifying tells a sound stack from a damaged one, and says what is damaged."""

import json
import os

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Anchor, Layout
from stackgui.core.base.errors import Cancelled, UsageError
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control

OPTIONS = [
    Options(),
    Options(layout=Layout.NCHW, anchor=Anchor.CENTER, fill=9),
]


@pytest.fixture(params=OPTIONS, ids=["NHWC", "NCHW"])
def stack(request, pictures, scan, engine, tmp_path):
    engine.convert(resolve(request.param, scan(pictures)), RunOptions(str(tmp_path / "stack")), Control())
    return tmp_path / "stack"


@pytest.fixture
def verify(engine, stack):
    def run(**choices):
        return engine.verify(str(stack), Control(), **choices)

    return run


def changed(stack, name, change):
    """Change an array of the stack."""
    array = np.load(stack / f"{name}.npy")
    change(array)
    np.save(stack / f"{name}.npy", array)


def rows_of(stack):
    return [json.loads(line) for line in (stack / "manifest.jsonl").read_text().splitlines()]


def write_rows(stack, rows):
    (stack / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def blank_row(stack):
    return int(np.flatnonzero(~np.load(stack / "valid.npy"))[0])


def test_a_sound_stack_is_sound(stack, verify):
    report = verify(deep=None)
    assert report.damage == report.not_compared == ()
    assert (report.rows, report.decoded, report.is_sound) == (16, 15, True)


def test_some_rows_are_spread_over_all(verify):
    assert verify(deep=4).decoded == 4
    assert verify(deep=400).decoded == 15
    assert verify().decoded == 0


def test_a_changed_pixel_is_found(stack, verify):
    top, left, _, _ = np.load(stack / "placements.npy")[3]

    def change(array):
        index = (3, 0, top, left) if array.shape[1] == 3 else (3, top, left, 0)
        array[index] ^= 1

    changed(stack, "images", change)
    (found,) = verify().damage
    assert (found.file, found.row) == ("images.npy", 3)
    assert "pixels" in found.what


def test_changed_padding_is_found(stack, verify):
    row = rows_of(stack).index(min(rows_of(stack), key=lambda row: row["original_height"]))

    def change(array):
        array[row, -1, -1, -1] ^= 1
        array[blank_row(stack), 0, 0, 0] ^= 1

    changed(stack, "images", change)
    assert {(found.row, found.what) for found in verify().damage} == {
        (row, "its padding is not the fill value"),
        (blank_row(stack), "its padding is not the fill value"),
    }


@pytest.mark.parametrize(
    ("name", "change", "file"),
    [
        ("valid", lambda array: array.__setitem__(0, 0), "stack.json"),
        ("placements", lambda array: array.__setitem__((0, 0), 5), "manifest.jsonl"),
        ("placements", lambda array: array.__setitem__((0, 2), 10**6), "placements.npy"),
        ("placements", lambda array: array.__setitem__((0, 2), -1), "placements.npy"),
        ("checksums", lambda array: array.__setitem__(0, 5), "images.npy"),
        ("labels", lambda array: array.__setitem__(0, 1 - array[0]), "manifest.jsonl"),
        ("labels", lambda array: array.__setitem__(0, 7), "labels.npy"),
        ("names", lambda array: array.__setitem__(0, ord("x")), "names.npy"),
    ],
)
def test_a_changed_table_is_found(stack, verify, name, change, file):
    changed(stack, name, change)
    assert file in {found.file for found in verify(deep=None).damage}


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.pop(0),
        lambda rows: rows[0].update(status="failed"),
        lambda rows: rows[0].update(placement=[0, 0, 1, 1]),
        lambda rows: rows[0].update(file="other.png"),
        lambda rows: rows[0].update(file="../other.png"),
        lambda rows: rows[0].update(source="/elsewhere"),
        lambda rows: rows[0].update(mtime_ns=5),
        lambda rows: rows[0].update(original_height="tall"),
        lambda rows: rows[0].pop("dtype"),
        lambda rows: rows.__setitem__(0, []),
        lambda rows: rows.clear(),
    ],
)
def test_a_changed_manifest_is_found(stack, verify, change):
    rows = rows_of(stack)
    change(rows)
    write_rows(stack, rows)
    assert "manifest.jsonl" in {found.file for found in verify(deep=None).damage}


@pytest.mark.parametrize(
    "name",
    [
        "stack.json",
        "images.npy",
        "valid.npy",
        "placements.npy",
        "checksums.npy",
        "labels.npy",
        "manifest.jsonl",
    ],
)
@pytest.mark.parametrize("kept", [None, 0, 0.5])
def test_a_file_that_is_missing_or_cut_off_is_found(stack, verify, name, kept):
    path = stack / name
    if kept is None:
        path.unlink()
    else:
        os.truncate(path, int(path.stat().st_size * kept))
    report = verify(deep=None)
    assert report.damage
    assert all(name in found.file + found.what for found in report.damage)


def test_the_table_of_names_may_be_missing_but_not_cut_off(stack, verify):
    os.truncate(stack / "names.npy", 140)
    assert {found.file for found in verify(deep=None).damage} == {"names.npy"}
    (stack / "names.npy").unlink()
    assert verify(deep=None).is_sound


def forge(stack):
    """Change a pixel of row 2, and its checksum."""
    from stackgui.stores.arrays.checksums import block_checksum

    top, left, height, width = np.load(stack / "placements.npy")[2]
    images = np.load(stack / "images.npy")
    row = images[2] if images.shape[1] == 3 else images[2].transpose(2, 0, 1)
    row[0, top, left] ^= 1
    np.save(stack / "images.npy", images)
    block = images[2][..., top : top + height, left : left + width]
    if images.shape[1] != 3:
        block = images[2][top : top + height, left : left + width]
    changed(stack, "checksums", lambda sums: sums.__setitem__(2, block_checksum(np.ascontiguousarray(block))))


def test_only_making_rows_again_finds_a_forgery(stack, verify):
    forge(stack)
    assert verify().is_sound
    (found,) = verify(deep=None).damage
    assert (found.row, found.what) == (2, "it differs from what its picture gives now")


def test_rows_that_differ_are_no_damage_if_other_versions_made_them(stack, verify):
    header = json.loads((stack / "stack.json").read_text())
    header["versions"]["numpy"] = "1.0"
    (stack / "stack.json").write_text(json.dumps(header))
    report = verify(deep=None)
    assert (report.is_sound, report.not_compared) == (True, ())  # pixels are what counts
    forge(stack)
    report = verify(deep=None)
    assert report.is_sound
    (found,) = report.not_compared
    assert found.row == 2
    assert "its picture gives other pixels with what is installed now. Other versions: numpy" in found.reason


def test_pictures_that_changed_say_nothing_about_the_stack(stack, verify, pictures):
    (pictures / "cat" / "1.png").unlink()
    Image.new("RGB", (5, 5)).save(pictures / "dog" / "0.png")
    report = verify(deep=None)
    assert report.is_sound
    assert sorted(failure.reason for failure in report.not_compared) == [
        "the file is no longer there",
        "the file was changed after it was scanned",
    ]


def test_it_can_be_cancelled(stack, engine):
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        engine.verify(str(stack), control)


def test_what_is_no_folder_is_refused_and_what_is_no_stack_is_damaged(engine, tmp_path):
    with pytest.raises(UsageError, match="no folder"):
        engine.verify(str(tmp_path / "nothing"), Control())
    (found,) = engine.verify(str(tmp_path), Control()).damage
    assert "stack.json is missing" in found.what
