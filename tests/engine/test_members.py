"""Files of many samples: each is a row, and is read by itself."""

import json
import os
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
import zarr
from PIL import Image
from zarr.core.sync import cleanup_resources

from stackgui.core.advice.gathered_warnings import scan_warnings
from stackgui.core.base.choices import Channels, Numbers, Scale, TensorLayout
from stackgui.core.base.errors import PlanError
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import Limits, RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.archives.streams import BYTES_PER_S
from stackgui.engine.decoding.rows import reading_s
from tests.imaging.torch_writing import torch_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Arrays of many samples beside pictures that stand alone."""
    made = tmp_path / "arrays"
    made.mkdir()
    random = np.random.default_rng(4)
    np.save(made / "1-alone.npy", random.integers(0, 256, (6, 5, 3), np.uint8))
    np.save(made / "2-many.npy", random.integers(0, 256, (40, 4, 5, 3), np.uint8))
    packed = random.integers(0, 256, (6, 3, 6, 5), np.uint8)
    np.savez_compressed(made / "3-packed.npz", labels=np.arange(6), images=packed)
    one = {"image": random.integers(0, 256, (3, 6, 5), np.uint8)}
    (made / "4-one.pt").write_bytes(torch_file(one))
    (made / "5-not.npz").write_bytes(b"PK\x05\x06" + bytes(18))
    return made


def expected(folder: Path) -> list[np.ndarray]:
    many, packed = np.load(folder / "2-many.npy"), np.load(folder / "3-packed.npz")
    return [
        np.load(folder / "1-alone.npy"),
        *many,
        *np.moveaxis(packed["images"], 1, -1),
    ]


def test_every_sample_is_a_row(engine: Engine, scan, folder, tmp_path):
    catalog = scan(folder)
    usable = catalog.usable
    assert catalog.member[usable].tolist() == [-1, *range(40), *range(6), -1]
    assert [catalog.path[row] for row in np.flatnonzero(~usable)] == ["5-not.npz"]
    out = tmp_path / "stack"
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control())
    assert [failure.file for failure in report.failures] == [str(folder / "5-not.npz")]
    images = np.load(out / "images.npy")
    for row, picture in zip(images, expected(folder), strict=False):
        np.testing.assert_array_equal(row[: picture.shape[0], : picture.shape[1]], picture)
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [line["member"] for line in lines] == [None, *range(40), *range(6), None, None]


def test_a_second_scan_finds_the_same(engine: Engine, scan, folder):
    first, second = scan(folder), scan(folder)
    for name in ("member", "height", "width", "file_bytes"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert list(first.path) == list(second.path)


def test_a_large_array_is_read_by_rows_and_never_whole(engine: Engine, scan, tmp_path):
    """The file claims far more than there is memory for; most of it is a hole."""
    folder = tmp_path / "large"
    folder.mkdir()
    rows, shape = 30_000, (256, 256, 3)
    array = np.lib.format.open_memmap(folder / "large.npy", "w+", np.uint8, (rows, *shape))
    array[1], array[-1] = 7, 9
    del array
    catalog = scan(folder)
    assert len(catalog) == rows
    plan = resolve(Options(channels=Channels.GREY), catalog)
    thumbs = engine.previews(plan, [0, 1, rows - 1], 16, Control())
    assert [int(thumb.pixels.max()) for thumb in thumbs] == [0, 7, 9]


def test_a_file_that_changed_since_the_scan_fails(engine: Engine, scan, folder, tmp_path):
    plan = resolve(Options(), scan(folder))
    np.save(folder / "2-many.npy", np.zeros((40, 9, 5, 3), np.uint8))
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    changed = [failure for failure in report.failures if failure.file.endswith("2-many.npy")]
    assert len(changed) == 40
    assert {failure.reason for failure in changed} == {"the file was changed after it was scanned"}


def test_rows_can_be_made_again_from_the_finished_stack(engine: Engine, scan, folder, tmp_path):
    (folder / "5-not.npz").unlink()
    numbers = {"dtype": Numbers.FLOAT32, "scale": Scale.MEASURED}
    out = tmp_path / "stack"
    engine.convert(resolve(Options(**numbers), scan(folder)), RunOptions(str(out)), Control())
    report = engine.verify(str(out), Control(), deep=None)
    assert (report.damage, report.not_compared, report.decoded) == ((), (), 48)


def test_the_scans_choices_reach_the_pixels(engine: Engine, tmp_path):
    folder = tmp_path / "arrays"
    folder.mkdir()
    array = np.arange(5 * 40 * 3, dtype=np.uint8).reshape(5, 40, 3)
    np.savez(folder / "several.npz", image=array, mask=array[:1])
    refused = engine.scan([str(folder)], Control())
    assert refused.problem[0] == (
        "it holds several arrays, and none was chosen (--array NAME, or --array '*' if each is a picture): "
        "image, mask"
    )
    assert refused.arrays == ("image", "mask")
    options = ScanOptions(tensor_layout=TensorLayout.CHW, array="image")
    catalog = engine.scan([str(folder)], Control(), options)
    assert (catalog.axes[0], catalog.height[0], catalog.width[0], catalog.channels[0]) == ("CHW", 40, 3, 5)
    out = tmp_path / "stack"
    engine.convert(resolve(Options(channels=Channels.AUTO), catalog), RunOptions(str(out)), Control())
    np.testing.assert_array_equal(np.load(out / "images.npy")[0], np.moveaxis(array, 0, -1))
    assert engine.verify(str(out), Control(), deep=None).is_sound


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Files with an array for each picture, in a folder and in an archive."""
    made = tmp_path / "several"
    made.mkdir()
    pictures = [np.random.default_rng(side).integers(0, 256, (side, 9, 3), np.uint8) for side in range(5, 17)]
    np.savez(made / "1.npz", *pictures)
    with h5py.File(made / "2.h5", "w") as file:
        for place, picture in enumerate(pictures):
            file[f"cats/{place}.jpg"] = picture
    with zipfile.ZipFile(made / "3.zip", "w") as archive:
        archive.write(made / "1.npz", "inside.npz")
    return made


def test_an_array_for_each_picture_is_a_row_for_each(engine: Engine, scan, several, tmp_path):
    catalog = scan(several)
    assert catalog.member.tolist() == [*range(12)] * 3
    (warning,) = scan_warnings(catalog)
    assert (warning.code, warning.count) == ("arrays-as-samples", 3)
    assert warning.examples == ("1.npz", "2.h5", "3.zip/inside.npz")
    assert "3 files hold 36 arrays that look like pictures (arr_0, arr_1, …)" in warning.text
    assert "--array NAME" in warning.text
    out = tmp_path / "stack"
    report = engine.convert(resolve(Options(shuffle=True), catalog), RunOptions(str(out)), Control())
    assert report.failures == ()
    assert [found.code for found in report.warnings] == ["arrays-as-samples"]
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    images, pictures = np.load(out / "images.npy"), np.load(several / "1.npz")
    for row in rows:
        number = int("".join(filter(str.isdigit, row["member_name"])))
        assert row["member"] == number
        picture = pictures[f"arr_{number}"]
        np.testing.assert_array_equal(images[row["row"]][: len(picture)], picture)
    assert engine.verify(str(out), Control(), deep=None).is_sound


def test_a_damaged_array_loses_its_row_only_and_can_be_repaired(engine: Engine, scan, several, tmp_path):
    whole = (several / "1.npz").read_bytes()
    for name in ("2.h5", "3.zip"):
        (several / name).unlink()
    with zipfile.ZipFile(several / "1.npz") as archive:
        entry = archive.getinfo("arr_3.npy")
    damaged = bytearray(whole)
    damaged[entry.header_offset + entry.compress_size - 5] ^= 1
    (several / "1.npz").write_bytes(damaged)
    out = tmp_path / "stack"
    report = engine.convert(resolve(Options(), scan(several)), RunOptions(str(out)), Control())
    assert [failure.row for failure in report.failures] == [3]
    (several / "1.npz").write_bytes(whole)
    assert engine.retry_failed(str(out), Control()).repaired == 1
    images, pictures = np.load(out / "images.npy"), np.load(several / "1.npz")
    np.testing.assert_array_equal(images[3][:8], pictures["arr_3"])
    assert engine.verify(str(out), Control(), deep=None).is_sound


@pytest.mark.parametrize("shape", [(40, 50, 60), (5, 30, 30)])
def test_a_shape_of_several_readings_is_warned_of_before_the_run(engine: Engine, scan, tmp_path, shape):
    np.save(tmp_path / "a.npy", np.zeros(shape, np.uint8))
    (warning,) = scan_warnings(scan(tmp_path))
    assert (warning.code, warning.count, warning.examples) == ("ambiguous-axes", 1, ("a.npy",))
    assert str(shape) in warning.text
    for layout in ("hwc", "chw", "nhw"):
        chosen = engine.scan([str(tmp_path)], Control(), ScanOptions(tensor_layout=TensorLayout(layout)))
        assert scan_warnings(chosen) == ()


def test_what_was_remembered_under_another_choice_is_not_believed(engine: Engine, tmp_path):
    folder = tmp_path / "arrays"
    folder.mkdir()
    np.save(folder / "one.npy", np.zeros((5, 40, 3), np.uint8))
    os.utime(folder / "one.npy", (10**9, 10**9))
    for layout, height in ((TensorLayout.HWC, 5), (TensorLayout.CHW, 40), (TensorLayout.HWC, 5)):
        catalog = engine.scan([str(folder)], Control(), ScanOptions(tensor_layout=layout))
        engine._rememberer.close()
        assert catalog.height.tolist() == [height]
    assert len(engine.scan([str(folder)], Control(), ScanOptions(tensor_layout=TensorLayout.NHW))) == 5


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """Stores that are folders, and one that is a file, beside a plain array."""
    made = tmp_path / "stores"
    random = np.random.default_rng(6)
    for name in ("1-images.zarr", "deeper/2-images.zarr"):
        array = random.integers(0, 256, (9, 5, 6, 3), np.uint8)
        zarr.create_array(made / name, data=array, chunks=(4, 5, 6, 3))
    with h5py.File(made / "3.h5", "w") as file:
        file.create_dataset(
            "images", data=random.integers(0, 256, (6, 5, 6, 3), np.uint8), chunks=(4, 5, 6, 3)
        )
    np.save(made / "4.npy", random.integers(0, 256, (5, 6, 3), np.uint8))
    yield made
    cleanup_resources()


def test_stores_of_chunks_give_their_rows(engine: Engine, scan, stores, tmp_path):
    catalog = scan(stores)
    assert catalog.usable.all()
    assert catalog.format.counts() == {"zarr": 18, "hdf5": 6, "npy": 1}
    out = tmp_path / "stack"
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control())
    assert report.failures == ()
    images = np.load(out / "images.npy")
    with h5py.File(stores / "3.h5") as file:
        np.testing.assert_array_equal(images[9:15], file["images"][:])
    np.testing.assert_array_equal(images[15], np.load(stores / "4.npy"))
    for name, rows in (("1-images.zarr", images[:9]), ("deeper/2-images.zarr", images[16:])):
        np.testing.assert_array_equal(rows, zarr.open_array(stores / name, mode="r")[:])
    assert engine.verify(str(out), Control(), deep=None).is_sound


def test_a_store_can_be_a_source_itself(scan, stores):
    assert len(scan(stores / "1-images.zarr")) == 9


@pytest.mark.parametrize("is_picked", [True, False])
def test_a_store_in_a_zip_file_is_no_archive(scan, tmp_path, is_picked):
    folder = tmp_path / "zipped"
    folder.mkdir()
    store = zarr.storage.ZipStore(folder / "images.zarr.zip", mode="w")
    zarr.create_array(store, data=np.ones((4, 5, 6, 3), np.uint8))
    store.close()
    cleanup_resources()
    catalog = scan(folder / "images.zarr.zip" if is_picked else folder)
    assert catalog.format.counts() == {"zarr-zip": 4}
    assert set(catalog.path) == {"images.zarr.zip"}


def test_a_store_that_changed_since_the_scan_fails(engine: Engine, scan, stores, tmp_path):
    plan = resolve(Options(), scan(stores))
    chunk = stores / "1-images.zarr" / "c" / "1" / "0" / "0" / "0"
    chunk.write_bytes(chunk.read_bytes() + b"more")
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    assert len(report.failures) == 9
    assert {failure.reason for failure in report.failures} == {"the file was changed after it was scanned"}


def test_a_file_larger_than_a_workers_memory_is_mapped(tmp_path):
    """Addresses are no memory: the limit on what a sample takes does not count what is mapped."""
    folder = tmp_path / "large"
    folder.mkdir()
    rows = 40_000
    array = np.lib.format.open_memmap(folder / "large.npy", "w+", np.uint8, (rows, 256, 256, 3))
    array[-1] = 9
    del array
    with Engine(1, Limits(sample_bytes=2**27)) as engine:
        catalog = engine.scan([str(folder)], Control())
        thumbs = engine.previews(resolve(Options(), catalog), [rows - 1], 16, Control())
    assert [int(thumb.pixels.max()) for thumb in thumbs] == [9]


def test_pictures_and_tensors_of_all_kinds_of_numbers_share_an_array(engine: Engine, scan, tmp_path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    whole = {
        "1.npy": np.full((4, 5, 3), 200, np.uint8),
        "2.npy": np.full((4, 5, 3), -300, np.int16),
        "3.npy": np.ones((3, 4, 5), np.bool_),
    }
    for name, array in whole.items():
        np.save(folder / name, array)
    Image.new("RGB", (5, 4), (7, 8, 9)).save(folder / "4.png")
    out = tmp_path / "whole"
    engine.convert(resolve(Options(), scan(folder)), RunOptions(str(out)), Control())
    images = np.load(out / "images.npy")
    assert images.dtype == np.int16
    assert images[:, 0, 0].tolist() == [[200] * 3, [-300] * 3, [1] * 3, [7, 8, 9]]
    floats = np.full((4, 5, 3), 0.5, np.float32)
    floats[0, 0, 0] = np.nan
    np.save(folder / "5.npy", floats)
    plan = resolve(Options(scale=Scale.NONE), scan(folder))
    report = engine.convert(plan, RunOptions(str(tmp_path / "floats")), Control())
    images = np.load(tmp_path / "floats" / "images.npy")
    assert images.dtype == np.float32
    assert (report.non_finite.rows, report.non_finite.values) == (1, 1)
    np.testing.assert_array_equal(images[4], floats)
    assert images[1, 0, 0].tolist() == [-300.0] * 3


def test_numbers_that_no_kind_holds_together_are_refused_by_name(scan, tmp_path):
    np.save(tmp_path / "1.npy", np.ones((4, 5, 3), np.int64))
    np.save(tmp_path / "2.npy", np.ones((4, 5, 3), np.uint64))
    with pytest.raises(PlanError, match="int64"):
        resolve(Options(), scan(tmp_path))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Two files, each with one checksum for more bytes than are held in memory."""
    folder = tmp_path / "large"
    folder.mkdir()
    array = np.zeros((90, 512, 512, 3), np.uint8)
    array[:, 0, 0, 0] = np.arange(90)
    np.savez_compressed(folder / "packed.npz", array)
    np.savez(folder / "stored.npz", array[::-1])
    return folder


@pytest.mark.parametrize("name", ["packed.npz", "stored.npz"])
def test_damage_at_the_end_of_a_large_file_fails_all_of_its_samples(large, engine, scan, tmp_path, name):
    whole = bytearray((large / name).read_bytes())
    with zipfile.ZipFile(large / name) as archive:
        (entry,) = archive.infolist()
    whole[entry.header_offset + entry.compress_size - 100] ^= 1
    (large / name).write_bytes(whole)
    out = tmp_path / "stack"
    plan = resolve(Options(shuffle=True, channels=Channels.GREY), scan(large))
    report = engine.convert(plan, RunOptions(str(out)), Control())
    assert len(report.failures) == 90
    assert {failure.file for failure in report.failures} == {str(large / name)}
    assert {failure.reason for failure in report.failures} == {
        "the picture is damaged (its checksum is wrong)"
    }


def test_reading_through_a_file_has_its_time(large, scan):
    plan = resolve(Options(), scan(large))
    sizes = [(large / name).stat().st_size for name in ("packed.npz", "stored.npz")]
    for samples, read_bytes in ((range(90), sizes[0]), (range(180), sum(sizes)), ((3, 179), sum(sizes))):
        assert reading_s(plan, np.array(samples)) == read_bytes / BYTES_PER_S
