"""What exports of single rows hold, as the library of each format reads it."""

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
import tifffile
import webdataset
import yaml
from PIL import Image
from pycocotools.coco import COCO

from stackgui import open_stack
from stackgui.core.annotations.annotations import Objects, Tags
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.choices import LabelForm, Layout
from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.imaging.annotations.run_lengths import mask_of
from stackgui.stores.export import EXPORTERS, contents
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.yolo import _outline
from tests.stores.export.making import UNCLOSED, made
from tests.stores.stack.test_stack import write_stack


def rows_last(stack, row):
    """A row with its channels last."""
    return stack[row].transpose(1, 2, 0) if stack.layout is Layout.NCHW else stack[row]


def read_png(data: bytes) -> np.ndarray:
    return imagecodecs.png_decode(data)


def valid_rows(stack):
    return np.flatnonzero(stack.valid).tolist()


def check_objects(stack, row, found):
    objects, of_row = stack.objects, stack.objects.of_row(row)
    np.testing.assert_array_equal(
        np.array([each["box"] for each in found], np.float32).reshape(-1, 4), objects.box[of_row]
    )
    assert [each["class"] for each in found] == [objects.classes[one] for one in objects.category[of_row]]
    assert [each["flags"] for each in found] == objects.flags[of_row].tolist()
    for index, each in zip(range(of_row.start, of_row.stop), found, strict=True):
        np.testing.assert_array_equal(
            np.array(each["polygons"][0], np.float32).reshape(-1, 2), objects.polygons(index)[0]
        )
        np.testing.assert_array_equal(np.array(each["keypoints"], np.float32).reshape(-1, 3),
                                      objects.keypoints[index])  # fmt: skip


# WebDataset


@UNCLOSED
def test_webdataset_reads_every_row(stack, exported):
    target = exported(stack, "webdataset")
    found = {}
    for shard in sorted(target.glob("*.tar")):
        for sample in webdataset.WebDataset(str(shard), shardshuffle=False):
            about = json.loads(sample["json"])
            assert int(sample["__key__"]) == about["row"]
            assert shard.name == f"{about.get('split', 'rows')}-000000.tar"
            found[about["row"]] = sample, about
    assert sorted(found) == valid_rows(stack)
    names = list(contents.file_names(stack))
    for row, (sample, about) in found.items():
        if "png" in sample:
            np.testing.assert_array_equal(read_png(sample["png"]), rows_last(stack, row))
        else:
            np.testing.assert_array_equal(np.load(io.BytesIO(sample["npy"])), stack[row])
            assert stack[row].dtype.kind == "f"
        np.testing.assert_array_equal(read_png(sample["mask.png"]), stack.masks[row])
        assert int(sample["cls"]) == stack.labels[row] == about["label_number"]
        assert about["label"] == stack.classes[stack.labels[row]]
        assert about["file"] == names[row]
        assert list(about["placement"].values()) == stack.placements[row].tolist()
        check_objects(stack, row, about["objects"])


@UNCLOSED
def test_the_index_counts_the_rows_of_each_shard(everything, exported):
    target = exported(everything, "webdataset")
    index = json.loads((target / "index.json").read_text())
    assert index["rows"] == len(valid_rows(everything))
    assert set(index["shards"]) == set(everything.parts)
    assert index["classes"] == everything.classes
    for shard in (shard for part in index["shards"].values() for shard in part):
        assert (target / shard["url"]).stat().st_size == shard["filesize"]
        counted = sum(1 for _ in webdataset.WebDataset(str(target / shard["url"]), shardshuffle=False))
        assert counted == shard["nsamples"]


def test_shards_are_of_limited_size(everything, exported, monkeypatch):
    monkeypatch.setattr("stackgui.stores.export.webdataset._SHARD_ROWS", 2)
    target = exported(everything, "webdataset")
    listed = json.loads((target / "index.json").read_text())["shards"]
    counts = [shard["nsamples"] for part in listed.values() for shard in part]
    assert max(counts) == 2
    assert len(counts) > len(listed)
    assert len(list(target.glob("*.tar"))) == len(counts)


def test_equal_stacks_become_equal_shards(everything, exported, tmp_path):
    first = {file.name: file.read_bytes() for file in exported(everything, "webdataset").iterdir()}
    (tmp_path / "out").rename(tmp_path / "before")
    assert first == {file.name: file.read_bytes() for file in exported(everything, "webdataset").iterdir()}


# TIFF


def test_imagej_gets_one_big_endian_stack_of_each_array(stack, exported):
    target = exported(stack, "tiff")
    arrays = [*zip(stack.specs, stack.arrays, strict=True)]
    arrays += zip(stack.all_specs[len(arrays) :], stack.masks.arrays, strict=True)
    first, names = 0, list(contents.file_names(stack))
    for spec, array in arrays:
        with tifffile.TiffFile(target / f"{Path(spec.file).stem}.tif") as file:
            assert (file.byteorder, file.is_bigtiff, len(file.pages)) == (">", False, 1)
            assert file.is_imagej
            assert file.imagej_metadata["slices"] == spec.rows
            labels = file.imagej_metadata["Labels"]
            pixels = file.asarray()
        expected = array if spec.is_mask or stack.layout is Layout.NCHW else np.moveaxis(array, -1, 1)
        if spec.is_mask or spec.dtype != "uint8":
            np.testing.assert_array_equal(pixels.reshape(expected.shape), expected)
        else:
            np.testing.assert_array_equal(pixels, array)
        per_row = len(labels) // spec.rows
        assert labels[::per_row] == names[first % len(stack) : first % len(stack) + spec.rows]
        first += spec.rows
    assert (target / "rows.csv").read_bytes() == Path(stack.path, "manifest.csv").read_bytes()


@pytest.mark.slow
def test_a_tiff_beyond_4_gb_is_still_a_plain_tiff_that_imagej_opens(tmp_path, exported):
    side, rows = 4096, 90
    made(tmp_path / "stack", [(side, side)] * rows)
    images = np.load(tmp_path / "stack" / "images.npy", mmap_mode="r+")
    for row in range(rows):
        images[row, row, row] = (row, row + 1, row + 2)
    images.flush()
    with open_stack(tmp_path / "stack") as stack:
        target = exported(stack, "tiff") / "images.tif"
    assert target.stat().st_size > 2**32
    with tifffile.TiffFile(target) as file:
        assert (file.byteorder, file.is_bigtiff, len(file.pages)) == (">", False, 1)
        begin, description = file.pages[0].dataoffsets[0], file.pages[0].description
    assert f"images={rows}\n" in description
    # As ImageJ does it: picture after picture from the first one's offset, whatever the size.
    with target.open("rb") as file:
        for row in range(rows):
            file.seek(begin + 3 * side * side * row + 3 * (row * side + row))
            assert list(file.read(3)) == [row, row + 1, row + 2]
    assert (tifffile.memmap(target, mode="r")[rows - 1] != 0).sum() == 3
    target.unlink()


# Parquet


@pytest.fixture
def load_dataset(tmp_path, monkeypatch):
    """Load a folder as people do, without the network."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    import datasets

    datasets.disable_progress_bars()
    return lambda folder: datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))


def test_datasets_reads_every_row_with_its_features(stack, exported, load_dataset):
    import datasets

    found = load_dataset(exported(stack, "parquet"))
    assert set(found) == set(stack.parts or ["train"])
    kinds = next(iter(found.values())).features
    assert kinds["label"].names == stack.classes
    assert kinds["objects"]["category"].feature.names == stack.objects.classes
    assert isinstance(kinds["mask"], datasets.Image)
    rows, names = [], list(contents.file_names(stack))
    for part, table in found.items():
        for about in table:
            row = about["row"]
            rows.append(row)
            assert stack.splits is None or stack.parts[stack.splits[row]] == part
            assert (about["file"], about["label"]) == (names[row], stack.labels[row])
            assert about["placement"] == stack.placements[row].tolist()
            check_picture(stack, row, about["image"])
            np.testing.assert_array_equal(np.asarray(about["mask"]), stack.masks[row])
            check_columns(stack, row, about["objects"])
    assert sorted(rows) == valid_rows(stack)


def check_picture(stack, row, found):
    if stack.specs[0].dtype == "uint8":
        np.testing.assert_array_equal(np.asarray(found), rows_last(stack, row))
    else:  # pictures that the usual reader of PNG would cut to 8 bits
        np.testing.assert_array_equal(np.load(io.BytesIO(found["bytes"])), stack[row])


def check_columns(stack, row, found):
    objects, of_row = stack.objects, stack.objects.of_row(row)
    corner_and_extent = np.array(found["bbox"], np.float32).reshape(-1, 4)
    box = objects.box[of_row]
    np.testing.assert_array_equal(corner_and_extent[:, :2], box[:, :2])
    np.testing.assert_array_equal(corner_and_extent[:, 2:], box[:, 2:] - box[:, :2])
    assert found["category"] == objects.category[of_row].tolist()
    np.testing.assert_array_equal(np.array(found["area"], np.float32), objects.area[of_row])
    points = np.array(found["keypoints"], np.float32).reshape(-1, 2, 3)
    np.testing.assert_array_equal(points, objects.keypoints[of_row])
    for index, rings in zip(range(of_row.start, of_row.stop), found["polygons"], strict=True):
        np.testing.assert_array_equal(
            np.array(rings[0], np.float32).reshape(-1, 2), objects.polygons(index)[0]
        )


def test_tables_are_of_limited_size_and_named_by_their_number(
    everything, exported, load_dataset, monkeypatch
):
    monkeypatch.setattr("stackgui.stores.export.parquet._GROUP_ROWS", 1)
    monkeypatch.setattr("stackgui.stores.export.parquet._SHARD_BYTES", 1)
    target = exported(everything, "parquet")
    names = sorted(file.name for file in (target / "data").iterdir())
    train = [name for name in names if name.startswith("train")]
    assert train == [f"train-{number:05d}-of-{len(train):05d}.parquet" for number in range(len(train))]
    assert len(names) == len(valid_rows(everything)) == sum(map(len, load_dataset(target).values()))


# COCO and YOLO


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # of pycocotools
@pytest.mark.parametrize("kind", ["everything", "channels first"])
def test_pycocotools_reads_every_object(stacks, exported, kind):
    with open_stack(stacks(kind)) as stack:
        target, rows = exported(stack, "coco"), []
        files = sorted((target / "annotations").iterdir())
        parts = {file.stem.removeprefix("instances").removeprefix("_") or "images": file for file in files}
        assert set(parts) == set(stack.parts or ["images"])
        for part, file in parts.items():
            coco = COCO(str(file))
            assert {each["name"] for each in coco.cats.values()} == {"head", "tail"}
            for about in coco.imgs.values():
                check_coco(stack, coco, about, target, part)
                rows.append(about["row"])
        assert sorted(rows) == valid_rows(stack)
        assert len(list(target.rglob("*.png"))) == 2 * len(rows), "pictures, and their masks"


def check_coco(stack, coco, about, target, part):
    row, objects = about["row"], stack.objects
    pixels = rows_last(stack, row)
    np.testing.assert_array_equal(read_png((target / part / about["file_name"]).read_bytes()), pixels)
    mask = read_png((target / "masks" / part / about["file_name"]).read_bytes())
    np.testing.assert_array_equal(mask, stack.masks[row])
    assert (about["height"], about["width"]) == pixels.shape[:2]
    assert about["label"] == stack.classes[stack.labels[row]]
    found = coco.loadAnns(coco.getAnnIds(about["id"]))
    of_row = objects.of_row(row)
    for index, each in zip(range(of_row.start, of_row.stop), found, strict=True):
        left, top, width, height = each["bbox"]
        np.testing.assert_array_equal([left, top, left + width, top + height], objects.box[index])
        assert coco.cats[each["category_id"]]["name"] == objects.classes[objects.category[index]]
        assert each["area"] == pytest.approx(float(objects.area[index]), rel=1e-6)
        ring = np.array(each["segmentation"][0], np.float32).reshape(-1, 2)
        np.testing.assert_array_equal(ring, objects.polygons(index)[0])
        points = np.array(each["keypoints"], np.float32).reshape(-1, 3)
        np.testing.assert_array_equal(points[:, :2] + 0.5, objects.keypoints[index][:, :2])
        assert coco.annToMask(each).sum() == pytest.approx(each["area"], rel=0.2)


def test_own_reader_finds_the_same_boxes_in_what_was_handed_over(everything, exported, engine, tmp_path):
    for name in ("coco", "yolo"):
        target = exported(everything, name)
        if name == "coco":
            (target / "masks").rename(tmp_path / "masks")
        catalog = engine.scan([str(target)], Control(), ScanOptions(), cache=False)
        engine.convert(resolve(Options(buckets=2), catalog), RunOptions(str(tmp_path / name)), Control())
        with open_stack(tmp_path / name) as again:
            assert len(again) == len(valid_rows(everything))
            for row, file in enumerate(again.files):
                before = int(Path(file).stem)
                np.testing.assert_allclose(again.boxes(row), everything.boxes(before), atol=1e-3)
                np.testing.assert_array_equal(again[row], everything[before])
                names = [
                    again.objects.classes[one] for one in again.objects.category[again.objects.of_row(row)]
                ]
                assert names == [
                    everything.objects.classes[one]
                    for one in everything.objects.category[everything.objects.of_row(before)]
                ]
        target.rename(tmp_path / f"{name} read")


def test_yolo_names_its_parts_and_classes(everything, exported):
    target = exported(everything, "yolo")
    about = yaml.safe_load((target / "data.yaml").read_text(encoding="utf-8"))
    assert about["names"] == {0: "head", 1: "tail"}
    assert about["kpt_shape"] == [2, 3]
    assert [about[key] for key in ("train", "val", "test")] == ["images/train", "images/val", "images/test"]
    pictures = {file.relative_to(target / "images").with_suffix("") for file in target.glob("images/*/*.png")}
    labels = {file.relative_to(target / "labels").with_suffix("") for file in target.glob("labels/*/*.txt")}
    assert pictures == labels
    assert len(pictures) == len(valid_rows(everything))


@pytest.mark.parametrize("name", ["coco", "yolo"])
def test_what_has_no_boxes_or_no_pictures_is_refused(stacks, tmp_path, name):
    write_stack(tmp_path / "plain")
    with open_stack(tmp_path / "plain") as plain, open_stack(stacks("floats")) as floats:
        assert "this stack has none" in EXPORTERS[name].problem(plain)
        assert "float32" in EXPORTERS[name].problem(floats)
        with pytest.raises(UsageError, match="has none"):
            export_stack(plain, EXPORTERS[name], str(tmp_path / "out"), UNWATCHED)


OUTER, HOLE = [[2, 2], [12, 2], [12, 12], [2, 12]], [[5, 5], [9, 5], [9, 9], [5, 9]]


def test_a_hole_becomes_run_lengths_in_coco(tmp_path, exported):
    boxes = Objects.of_boxes(np.zeros(1, np.int32), np.zeros(1, np.int32), np.array([[2.0, 2, 12, 12]]))
    rings = Ragged.of_lengths(np.array([*OUTER, *HOLE], float), np.array([4, 4]))
    one = replace(boxes, rings=rings, ring_starts=np.array([0, 2]), is_hole=np.array([False, True]))
    columns = SampleAnnotations(("x",), one, Tags.none(), np.ones(1, np.bool_))
    made(tmp_path / "stack", [(16, 16)], annotations=columns)
    with open_stack(tmp_path / "stack") as stack:
        target = exported(stack, "coco")
    found = json.loads((target / "annotations" / "instances.json").read_text())["annotations"][0]
    expected = np.zeros((16, 16), np.uint8)
    expected[2:12, 2:12], expected[5:9, 5:9] = 1, 0
    assert found["segmentation"]["size"] == [16, 16]
    np.testing.assert_array_equal(mask_of(found["segmentation"]["counts"].encode(), 16, 16), expected)
    assert found["area"] == 84


def test_a_hole_becomes_a_part_of_the_outline_in_yolo():
    drawn = np.zeros((16, 16), np.uint8)
    joined = _outline([np.array(OUTER, np.float32), np.array(HOLE, np.float32)])
    cv2.fillPoly(drawn, [joined.astype(np.int32)], 1)
    assert [drawn[at, at] for at in (3, 7, 14)] == [1, 0, 0]


# Several labels, numbers to learn, and columns of lists

LIST = "file,label,age,site\na.png,cat|dog,3.5,Ulm\nb.png,dog,,Köln\n"


@pytest.fixture
def listed(engine, tmp_path):
    """A stack whose rows have several labels, targets and a kept column."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in "ab":
        Image.fromarray(np.full((4, 4), ord(name), np.uint8)).save(folder / f"{name}.png")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    wanted = ScanOptions(targets=("age",), keep_columns=("site",))
    catalog = engine.scan([str(folder / "list.csv")], Control(), wanted, cache=False)
    engine.convert(
        resolve(Options(label_form=LabelForm.MANY), catalog), RunOptions(str(tmp_path / "stack")), Control()
    )
    with open_stack(tmp_path / "stack") as opened:
        assert opened.labels.ndim == 2
        yield opened


def test_what_lists_say_goes_with_the_rows(listed, exported, load_dataset, tmp_path):
    target = exported(listed, "webdataset")
    with tarfile.open(target / "rows-000000.tar") as shard:
        found = [json.load(shard.extractfile(each)) for each in shard if each.name.endswith(".json")]
    assert [each["label"] for each in found] == [["cat", "dog"], ["dog"]]
    assert [each["label_number"] for each in found] == listed.labels.tolist()
    assert [each["targets"] for each in found] == [{"age": 3.5}, {"age": None}]
    assert [each["columns"] for each in found] == [{"site": "Ulm"}, {"site": "Köln"}]
    target.rename(tmp_path / "shards")
    table = load_dataset(exported(listed, "parquet"))["train"]
    assert table["label"][:] == [[0, 1], [1]]
    assert table.features["label"].feature.names == ["cat", "dog"]
    assert [each["age"] for each in table["targets"]] == [3.5, None]
    assert [each["site"] for each in table["columns"]] == ["Ulm", "Köln"]
