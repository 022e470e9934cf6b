"""A stack in a bucket is seen as the same stack in a folder is: pictures, masks, boxes, labels, names."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.listing import Order, Standing, Wanted
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import sharding
from stackgui.core.run.run_options import RunOptions
from stackgui.core.viewing.opened import Reading
from stackgui.engine import Control
from stackgui.engine.viewing.find import find
from stackgui.engine.viewing.rows import view_rows
from stackgui.engine.viewing.thumbs import large, thumbs
from stackgui.stores.files import object_store
from stackgui.stores.remote import group_arrays
from tests.engine.groups import damaged, names_at
from tests.serving import refused, zarr_store

zarr = pytest.importorskip("zarr")

COUNT, BAD = 22, 5
CLASSES = ("cats", "dogs")


@pytest.fixture(autouse=True)
def small_shards(bucket, monkeypatch):
    """Two rows are a chunk, and four a shard."""
    monkeypatch.setattr(sharding, "CHUNK_BYTES", 2 * 41 * 30 * 3)
    monkeypatch.setattr(sharding, "SHARD_BYTES", 4 * 41 * 30 * 3)
    yield
    bucket.faults.of.clear()


@pytest.fixture
def pictures(tmp_path):
    """Pictures in folders of two classes, with masks and boxes; one of them is no picture."""
    folder, random = tmp_path / "seg", np.random.default_rng(2)
    about: dict = {"images": [], "annotations": [], "categories": [{"id": 7, "name": "ear"}]}
    for number in range(COUNT):
        file = folder / "images" / CLASSES[number % 2] / f"{number:02}.png"
        mask = folder / "masks" / file.relative_to(folder / "images")
        for each in (file, mask):
            each.parent.mkdir(parents=True, exist_ok=True)
        size = 20 + number, 30
        Image.fromarray(random.integers(0, 256, (*size, 3), np.uint8)).save(file)
        Image.fromarray(random.integers(0, 3, size).astype(np.uint8)).save(mask)
        if number == BAD:
            file.write_bytes(file.read_bytes()[:200])
        name = f"{file.parent.name}/{file.name}"
        about["images"].append({"id": number, "file_name": name, "width": 30, "height": size[0]})
        about["annotations"] += [
            {"id": 2 * number + at, "image_id": number, "category_id": 7, "bbox": [at, 2, 9, 8], "iscrowd": 0,
             "area": 72, "segmentation": [[at, 2, at + 9, 2, at + 9, 10]]}
            for at in range(number % 3)
        ]  # fmt: skip
    (folder / "images" / "annotations.json").write_text(json.dumps(about))
    return folder


@pytest.fixture(params=[Options(), Options(layout=Layout.NCHW, buckets=3)], ids=["one", "several"])
def pair(request, engine, pictures, tmp_path):
    """The same stack in a folder and in a bucket, both open."""
    masked = ScanOptions(masks=str(pictures / "masks"))
    plan = resolve(request.param, engine.scan([str(pictures / "images")], Control(), masked))
    assert plan.masks is not None
    place = f"s3://pictures/{request.node.name}.zarr".replace("[", "-").replace("]", "")
    for each in (str(tmp_path / "stack"), place):
        engine.convert(plan, RunOptions(each), Control())
    both = [engine.view(each, Reading(), Control()) for each in (str(tmp_path / "stack"), place)]
    yield both
    for each in both:
        each.close()


def test_everything_is_seen_that_is_seen_in_a_folder(pair):
    here, there = pair
    assert (there.opened.rows, there.opened.failed) == (COUNT, 1)
    for own, seen in zip(here.opened.arrays, there.opened.arrays, strict=True):
        assert own == replace(seen, file=f"{seen.file}.npy")
    for name in ("channels", "sizes", "classes", "parts", "has_boxes", "mask_classes"):
        assert getattr(there.opened, name) == getattr(here.opened, name), name
    assert there.opened.classes == CLASSES
    for row in range(COUNT):
        own, seen = large(here, row), large(there, row)
        np.testing.assert_array_equal(seen.pixels, own.pixels)
        np.testing.assert_array_equal(seen.mask, own.mask)
        for name in ("row", "index", "size", "placement", "file", "name", "label", "part", "boxes"):
            assert getattr(seen.facts, name) == getattr(own.facts, name), name
        assert own.facts.array == f"{seen.facts.array}.npy"
        assert bool(seen.facts.reason) is bool(own.facts.reason)
        for name in ("box", "category", "classes", "ring_starts", "keypoints", "more"):
            np.testing.assert_array_equal(getattr(seen.marks, name), getattr(own.marks, name), err_msg=name)
        np.testing.assert_array_equal(seen.marks.rings.values, own.marks.rings.values)
    for own, seen in zip(*(thumbs(each, range(COUNT), 16, Control()) for each in pair), strict=True):
        np.testing.assert_array_equal(seen.thumb.pixels, own.thumb.pixels)


def test_the_same_rows_are_found(pair):
    for wanted in (
        Wanted(text="1 png"),
        Wanted(label="dogs", order=Order.HEIGHT, descending=True),
        Wanted(standing=Standing.BLANK),
        Wanted(standing=Standing.LEFT_OUT),
        Wanted(standing=Standing.GONE),
        Wanted(order=Order.NAME, descending=True),
        Wanted(order=Order.LABEL),
    ):
        own, seen = (find(each, wanted, Control()) for each in pair)
        assert [seen.row(at) for at in range(seen.count)] == [own.row(at) for at in range(own.count)], wanted


def test_a_part_is_asked_for_once_while_it_is_kept(pair, bucket, monkeypatch):
    monkeypatch.setattr(group_arrays, "KEPT_BYTES", 0)
    _here, there = pair

    def requests(row):
        before = bucket.faults.asked.total()
        there.pixels(row, (0, 0, *there.size(row)))
        return bucket.faults.asked.total() - before

    first = requests(0)
    assert first > 0
    assert requests(0) == 0
    assert requests(COUNT - 1) > 0
    assert requests(0) == first, "there was room for one"


def test_what_the_server_refuses_is_said_and_may_be_asked_again(pair, bucket):
    _here, there = pair
    bucket.faults.of["/c/0/0/0/0"] = refused
    with pytest.raises(StackguiError, match="cannot be used: the server allows no access"):
        large(there, 0)
    with pytest.raises(StackguiError, match="allows no access"):
        thumbs(there, [0], 16, Control())  # as nothing is wrong with that row
    bucket.faults.of.clear()
    assert large(there, 0).pixels.any()


def test_what_is_damaged_is_said(pair):
    _here, there = pair
    place = there.opened.path
    (name, *_) = sorted(name for name in names_at(place) if name.startswith("images") and "/c/0/" in name)
    damaged(place, name, b"something else")
    with pytest.raises(StackguiError, match=r"\.zarr is damaged\."):
        large(there, 0)
    (told,) = thumbs(there, [0], 16, Control())
    assert "is damaged" in told.thumb.reason


def test_where_no_stack_is_that_is_said(bucket):
    with pytest.raises(StackguiError, match="there is nothing at this address"):
        view_rows("s3://pictures/nothing.zarr", Reading(), Control())
    with pytest.raises(StackguiError, match="there is no such bucket"):
        view_rows("s3://nobody/nothing.zarr", Reading(), Control())
    bucket.write("other.zarr/zarr.json", b'{"zarr_format": 3, "node_type": "group", "attributes": {}}')
    with pytest.raises(StackguiError, match="is damaged"):
        view_rows("s3://pictures/other.zarr", Reading(), Control())


def rows_of_shards(seen, kind):
    """The rows that each shard of pictures or masks holds, by the name of its object."""
    place, facts = seen.opened.path, seen.facts(range(COUNT))
    group = zarr.open_group(zarr_store(place), mode="r")
    for name in sorted(each for each in names_at(place) if each.startswith(kind) and "/c/" in each):
        array, _c, number, *_zeros = name.split("/")
        place_in = array.replace("masks", "images"), int(number)
        size = group[array].shards[0]
        yield name, [each for each in facts if (each.array, each.index // size) == place_in]


@pytest.mark.parametrize("kind", ["images", "masks"])
def test_rows_of_a_shard_that_is_lost_say_so_instead_of_looking_black(pair, engine, kind):
    _here, there = pair
    place = there.opened.path
    name, held = max(rows_of_shards(there, kind), key=lambda shard: len(shard[1]))
    readable = {each.row for each in held if each.placement[2]}
    assert readable
    object_store.delete([f"{place}/{name}"])
    said = (
        f"Rows {held[0].row} to {held[-1].row} are missing in the bucket: {place}/{name} is no longer there. "
        "Put it back, or make the stack again."
    )
    told = thumbs(there, range(COUNT), 16, Control())
    assert {each.facts.row for each in told if each.thumb.reason == said} == readable
    with pytest.raises(StackguiError, match="are missing in the bucket"):
        large(there, min(readable))
    report = engine.verify(place, Control())
    assert {each.row for each in report.damage if each.row is not None} >= readable


def test_black_pictures_and_masks_of_background_are_no_objects_and_are_shown(engine, tmp_path):
    for number in range(6):
        for kind, shape in (("images", (41, 30, 3)), ("masks", (41, 30))):
            (tmp_path / "night" / kind).mkdir(parents=True, exist_ok=True)
            drawn = np.full(shape, number == 5, np.uint8)
            Image.fromarray(drawn).save(tmp_path / "night" / kind / f"{number}.png")
    masked = ScanOptions(masks=str(tmp_path / "night" / "masks"))
    plan = resolve(Options(), engine.scan([str(tmp_path / "night" / "images")], Control(), masked))
    place = "s3://pictures/night.zarr"
    engine.convert(plan, RunOptions(place), Control())
    shards = {name for name in names_at(place) if name.startswith(("images/c", "masks/c"))}
    assert shards == {"images/c/1/0/0/0", "masks/c/1/0/0"}
    seen = engine.view(place, Reading(), Control())
    assert not any(each.thumb.reason for each in thumbs(seen, range(6), 16, Control()))
    assert not large(seen, 0).pixels.any()
    object_store.delete([f"{place}/{name}" for name in shards])
    seen = engine.view(place, Reading(), Control())
    told = thumbs(seen, range(6), 16, Control())
    assert ["are missing" in each.thumb.reason for each in told] == [*[False] * 5, True]


@pytest.mark.parametrize("name", ["labels/c/0", "placements/c/0/0", "files/c/0", "box_classes/c/0"])
def test_a_lost_part_of_a_table_is_said(pair, engine, name):
    _here, there = pair
    place = there.opened.path
    object_store.delete([f"{place}/{name}"])
    seen = engine.view(place, Reading(), Control())
    with pytest.raises(StackguiError, match=f"{name} is missing in the bucket"):
        large(seen, 1)
    report = engine.verify(place, Control())
    assert (name, "it is missing") in {(each.file, each.what) for each in report.damage}


def test_an_export_without_a_plan_tells_of_a_lost_table_too(pair, engine):
    here, _there = pair
    place = "s3://pictures/exported.zarr"
    object_store.clear(place)
    engine.export(here.opened.path, "zarr", place, Control())
    assert engine.verify(place, Control()).is_sound
    object_store.delete([f"{place}/box_classes/c/0"])
    report = engine.verify(place, Control())
    assert [(each.file, each.what) for each in report.damage] == [("box_classes/c/0", "it is missing")]
