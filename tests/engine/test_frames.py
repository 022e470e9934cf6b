"""Pictures of several frames, from the scan to the stack."""

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from stackgui.cli.show import frames_line
from stackgui.core.base.choices import Decode, Fit
from stackgui.core.base.size import Size
from stackgui.core.catalog.frames import ALL, FIRST, Frames
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.statistics import describe
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.packing import files_in, pack

COUNT = 30


@pytest.fixture
def folder(tmp_path):
    """An animation between two pictures that stand alone, and two pages."""
    made = tmp_path / "frames"
    made.mkdir()
    random = np.random.default_rng(2)
    frames = [Image.fromarray(random.integers(0, 256, (8, 6), np.uint8)) for _ in range(COUNT)]
    frames[0].save(made / "1-alone.png")
    frames[0].save(made / "2-moving.gif", save_all=True, append_images=frames[1:])
    frames[0].save(made / "3-pages.tif", save_all=True, append_images=frames[1:2])
    frames[1].save(made / "4-alone.png")
    return made


def shown(file, index: int) -> np.ndarray:
    with Image.open(file) as picture:
        picture.seek(index)
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize(
    ("frames", "taken", "line"),
    [
        (FIRST, {"2-moving.gif": [0], "3-pages.tif": [0]}, "the first of each is taken"),
        (ALL, {"2-moving.gif": range(COUNT), "3-pages.tif": range(2)}, "all are taken"),
        (Frames(2), {"2-moving.gif": [1], "3-pages.tif": [1]}, "number 2 of each is taken"),
    ],
)
def test_the_chosen_frames_are_rows(frames, taken, line, engine, folder, tmp_path):
    catalog = engine.scan([str(folder)], Control(), ScanOptions(frames=frames))
    expected = [("1-alone.png", -1)]
    expected += [(name, member) for name, members in taken.items() for member in members]
    expected += [("4-alone.png", -1)]
    assert list(zip(catalog.path, catalog.member.tolist(), strict=True)) == expected
    statistics = describe(catalog)
    assert (statistics.several_frames, statistics.frames) == (2, COUNT + 2)
    told = f"2 files with several frames or pages, {COUNT + 2} in all; {line} (--frames)"
    assert frames_line(catalog, statistics) == told
    out = tmp_path / "stack"
    assert engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control()).failures == ()
    rows = [shown(folder / name, max(member, 0)) for name, member in expected]
    np.testing.assert_array_equal(np.load(out / "images.npy"), rows)
    report = engine.verify(str(out), Control(), deep=None)
    assert (report.damage, report.not_compared, report.decoded) == ((), (), len(rows))


def test_what_a_scan_with_another_choice_found_is_not_believed(engine, folder):
    def members(frames: Frames) -> list[int]:
        return engine.scan([str(folder)], Control(), ScanOptions(frames=frames)).member.tolist()

    first = members(FIRST)
    assert len(members(ALL)) > len(first)
    assert members(FIRST) == first
    assert members(Frames(2)) == [-1, 1, 1, -1]


def test_a_number_that_some_files_do_not_have_is_listed(engine, folder):
    catalog = engine.scan([str(folder)], Control(), ScanOptions(frames=Frames(3)))
    assert [(catalog.path[i], catalog.problem[i]) for i in np.flatnonzero(~catalog.usable)] == [
        ("3-pages.tif", "it has 2 frames or pages, so none has the number 3")
    ]


@pytest.mark.parametrize("frames", [FIRST, ALL])
@pytest.mark.parametrize("kind", ["stored.zip", "deflated.zip", "plain.tar.gz"])
def test_frames_in_an_archive_are_as_in_a_folder(kind, frames, engine, folder, tmp_path):
    archive = pack(tmp_path / kind, files_in(folder))
    rows = {}
    for source in (folder, archive):
        catalog = engine.scan([str(source)], Control(), ScanOptions(frames=frames))
        out = tmp_path / f"of {source.name}"
        assert engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control()).failures == ()
        rows[source] = list(catalog.path), catalog.member.tolist(), np.load(out / "images.npy")
    assert rows[archive][:2] == rows[folder][:2]
    np.testing.assert_array_equal(rows[archive][2], rows[folder][2])


@pytest.mark.parametrize("frames", [FIRST, ALL])
def test_a_file_that_could_not_be_read_and_is_animated_now(frames, engine, folder, tmp_path):
    """It was planned as one row: its first frame gets into that, and is told to be one of several."""
    moving = (folder / "2-moving.gif").read_bytes()
    (folder / "1-alone.png").write_bytes(b"")
    catalog = engine.scan([str(folder)], Control(), ScanOptions(frames=frames))
    out = tmp_path / "stack"
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control())
    assert [failure.row for failure in report.failures] == [0]
    before = np.load(out / "images.npy")
    (folder / "1-alone.png").write_bytes(moving)
    report = engine.retry_failed(str(out), Control())
    assert (report.retried, report.repaired) == (1, 1)
    now = np.load(out / "images.npy")
    np.testing.assert_array_equal(now[0], shown(folder / "2-moving.gif", 0))
    np.testing.assert_array_equal(now[1:], before[1:])
    assert engine.verify(str(out), Control(), deep=None).is_sound


@pytest.mark.parametrize("packing", ["", "stored.zip"])
@pytest.mark.parametrize("decode", Decode)
def test_pictures_of_mpo_and_frames_of_jpeg_xl(packing, decode, engine, tmp_path):
    made = tmp_path / "pictures"
    made.mkdir()
    random = np.random.default_rng(4)
    smooth = np.add.outer(np.arange(32), 3 * np.arange(48))[:, :, np.newaxis] + np.array([0, 40, 80])
    pictures = [Image.fromarray(((smooth + shift) % 256).astype(np.uint8)) for shift in (0, 90)]
    pictures[0].save(made / "1.jpg", "MPO", save_all=True, append_images=pictures[1:])
    frames = random.integers(0, 256, (3, 16, 24, 3), np.uint8)
    (made / "2.jxl").write_bytes(imagecodecs.jpegxl_encode(frames, lossless=True))
    source = pack(tmp_path / packing, files_in(made)) if packing else made
    catalog = engine.scan([str(source)], Control(), ScanOptions(frames=ALL))
    assert list(catalog.member) == [0, 1, 0, 1, 2]
    out = tmp_path / "stack"
    plan = resolve(Options(size=Size.exact(16, 24), fit=Fit.STRETCH, decode=decode), catalog)
    assert engine.convert(plan, RunOptions(str(out)), Control()).failures == ()
    rows = np.load(out / "images.npy")
    np.testing.assert_array_equal(rows[2:], frames)
    for index, row in enumerate(rows[:2]):
        exact = Image.fromarray(shown(made / "1.jpg", index)).resize((24, 16), Image.Resampling.BILINEAR)
        assert np.abs(row.astype(int) - np.asarray(exact)).mean() < (1 if decode is Decode.EXACT else 24)
    assert np.abs(rows[0].astype(int) - rows[1]).mean() > 48
    assert engine.verify(str(out), Control(), deep=None).is_sound
