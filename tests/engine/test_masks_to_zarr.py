"""Masks go to a bucket with their pictures: shards of the same rows, as from a folder, after any end."""

import math

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Anchor, Channels, Fit, Layout
from stackgui.core.base.errors import StoreError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import sharding
from stackgui.core.run.loading import snippet
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine import Control
from stackgui.stores.files import object_store
from stackgui.stores.remote.shards import shard_rows
from tests.engine.groups import (
    changed,
    damaged,
    exported,
    killed_and_resumed,
    names_at,
    opened,
    same_groups,
    same_objects,
)
from tests.serving import busy, dropped, now_and_then, refused, slow_down

zarr = pytest.importorskip("zarr")

OPTIONS = Options(size=Size.exact(24, 20), fit=Fit.LETTERBOX, layout=Layout.NCHW, fill=7)
EXACT = Options(size=Size.exact(20, 30), fit=Fit.STRETCH)
"""Without padding, so that masks may be nothing but background."""
ROW_BYTES = 24 * 20 * 3
COUNT = 34
BAD = 13
"""The number of a picture whose mask has another size."""


@pytest.fixture(autouse=True)
def small_shards(bucket, monkeypatch):
    """Four rows of pictures are a shard, and two a chunk."""
    monkeypatch.setattr(sharding, "CHUNK_BYTES", 2 * ROW_BYTES)
    monkeypatch.setattr(sharding, "SHARD_BYTES", 4 * ROW_BYTES)
    yield
    bucket.faults.of.clear()


@pytest.fixture
def many(tmp_path):
    """Pictures with masks, of which one is bad; from the 15th to the 23rd they are only background."""
    folder = tmp_path / "seg"
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    random = np.random.default_rng(1)
    for number in range(COUNT):
        height, width = 20 + number, 30
        name = f"{number:02}.png"
        Image.fromarray(random.integers(0, 256, (height, width, 3), np.uint8)).save(folder / "images" / name)
        mask = random.integers(0, 4, (height - (number == BAD), width)).astype(np.uint8)
        if 15 <= number < 24:
            mask[...] = 0
        Image.fromarray(mask).save(folder / "masks" / name)
    return folder


@pytest.fixture
def plan(many, engine):
    return planned(many, engine)


def planned(many, engine, options=OPTIONS):
    plan = resolve(options, engine.scan([str(many)], Control()))
    assert plan.masks is not None
    return plan


@pytest.mark.parametrize(
    "options",
    [
        OPTIONS,
        Options(buckets=3, channels=Channels.GREY),
        Options(fit=Fit.PAD, anchor=Anchor.TOP_LEFT, ignore_value=300),
        EXACT,
    ],
    ids=["letterbox", "several", "wide", "exact"],
)
def test_it_is_what_an_export_of_the_same_stack_is(engine, many, tmp_path, request, options):
    plan = planned(many, engine, options)
    place = f"s3://pictures/masks-{request.node.callspec.id}.zarr"
    report = engine.convert(plan, RunOptions(place), Control())
    assert [failure.file.rpartition("/")[2] for failure in report.failures] == [f"{BAD}.png"]
    same_groups(opened(place), exported(engine, plan, tmp_path))
    same_objects(place, tmp_path / "stack.zarr")
    assert not {name for name in names_at(place) if "journal" in name}
    group = opened(place)
    for bucket in plan.buckets:
        pictures, masks = (group[spec.file.removesuffix(".npy")] for spec in bucket.arrays)
        assert pictures.shards[0] == masks.shards[0], "a task writes whole shards of both"
        assert masks.chunks[0] % pictures.chunks[0] == 0
        assert masks.dtype == plan.masks.dtype
    assert engine.verify(place, Control(), deep=None).is_sound


def stopped(bucket, engine, plan, place, end, **choices):
    """Let a run end at an object."""
    bucket.faults.of[end] = refused
    with pytest.raises(StoreError, match="allows no access"):
        engine.convert(plan, RunOptions(place, **choices), Control())
    bucket.faults.of.clear()
    assert "zarr.json" not in names_at(place)


@pytest.mark.parametrize("end", ["/masks/c/5/0/0", "/images/c/5/0/0/0"])
def test_no_row_counts_until_its_mask_is_there_too(bucket, plan, engine, tmp_path, end):
    place = f"s3://pictures/stopped{end.replace('/', '-')}.zarr"
    stopped(bucket, engine, plan, place, end)
    left = engine.unfinished(place)
    assert 0 < left.rows_done < plan.rows
    bucket.faults.asked.clear()
    report = engine.resume(place, Control())
    assert report.resumed_rows == left.rows_done
    for name in ("images", "masks"):
        written = sum(method == "PUT" and f"/{name}/c/" in path for method, path in bucket.faults.asked)
        assert written == math.ceil((plan.rows - left.rows_done) / 4)
    same_groups(opened(place), exported(engine, plan, tmp_path))
    same_objects(place, tmp_path / "stack.zarr")


@pytest.mark.parametrize("name", ["images", "masks"])
def test_a_shard_that_was_lost_is_made_again_with_its_other_half(bucket, plan, engine, tmp_path, name):
    place = f"s3://pictures/lost-{name}.zarr"
    stopped(bucket, engine, plan, place, "/masks/c/6/0/0")
    first = min(each for each in names_at(place) if each.startswith(f"{name}/c/"))
    object_store.delete([f"{place}/{first}"])
    before = engine.unfinished(place).rows_done
    again = RunOptions(place, unfinished=IfUnfinished.RESUME)
    assert engine.convert(plan, again, Control()).resumed_rows == before - 4
    same_groups(opened(place), exported(engine, plan, tmp_path))


def test_masks_of_background_are_no_objects_and_are_not_made_again(bucket, many, engine, tmp_path):
    plan, place = planned(many, engine, EXACT), "s3://pictures/background.zarr"
    assert shard_rows(plan) == [3]
    stopped(bucket, engine, plan, place, "/images/c/10/0/0/0")
    names = names_at(place)
    assert {f"images/c/{number}/0/0/0" for number in (5, 6, 7)} <= names
    assert not {f"masks/c/{number}/0/0" for number in (5, 6, 7)} & names
    left = engine.unfinished(place).rows_done
    assert left >= 24
    object_store.delete([f"{place}/images/c/6/0/0/0"])
    assert engine.resume(place, Control()).resumed_rows == left - 3, "the other two are as they were"
    same_groups(opened(place), exported(engine, plan, tmp_path))
    same_objects(place, tmp_path / "stack.zarr")


def test_a_server_that_fails_now_and_then_costs_time_only(bucket, plan, engine, tmp_path):
    place = "s3://pictures/masks-now.zarr"
    bucket.faults.of[""] = now_and_then(busy(10**9), slow_down, dropped)
    engine.convert(plan, RunOptions(place), Control())
    bucket.faults.of.clear()
    same_groups(opened(place), exported(engine, plan, tmp_path))


def test_masks_that_changed_are_made_again_with_their_shards(bucket, many, plan, engine, tmp_path):
    place = "s3://pictures/masks-changed.zarr"
    stopped(bucket, engine, plan, place, "/masks/c/6/0/0")
    before = engine.unfinished(place).rows_done
    mask = many / "masks" / "00.png"
    drawn = np.asarray(Image.open(mask)).copy()
    drawn[...] = 3 - drawn
    Image.fromarray(drawn).save(mask)
    assert engine.resume(place, Control(), redo_changed=True).resumed_rows == before - 4
    same_groups(opened(place), exported(engine, planned(many, engine), tmp_path))


def test_the_lines_that_open_it_have_the_masks(engine, plan, monkeypatch):
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")  # it is no server of the world
    place = "s3://pictures/masks-lines.zarr"
    engine.convert(plan, RunOptions(place), Control())
    names: dict = {}
    exec(snippet(engine.loadable(place), "numpy"), names)
    assert names["masks"].shape == plan.buckets[0].mask.shape
    assert names["masks"].dtype == np.uint8


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whoever_writes_is_killed_and_the_terminal_resumes(bucket, many, engine, tmp_path):
    """Its masks of one shard wait for ever, when their pictures are there already."""
    place, end = "s3://pictures/masks-killed.zarr", "/masks/c/2/0/0"
    left = killed_and_resumed(bucket, many, engine, place, end, folder=tmp_path, limit_s=240)
    assert 0 < left < COUNT
    same_objects(place, tmp_path / "stack.zarr")


@pytest.fixture
def place(engine, plan, request):
    """A finished stack in a bucket."""
    place = f"s3://pictures/masks-{request.node.callspec.id}.zarr"
    engine.convert(plan, RunOptions(place), Control())
    return place


@pytest.mark.parametrize(
    ("name", "row", "value", "found"),
    [
        ("masks", (9, 12, 10), 3, ("images", "its pixels or those of its mask are not those that were")),
        ("images", (9, 0, 12, 10), 3, ("images", "its pixels or those of its mask are not those that were")),
        ("masks", (9, 23, 0), 3, ("masks", "its padding is not the fill value")),
        ("checksums", 9, 3, ("images", "its pixels or those of its mask are not those that were")),
    ],
)
def test_what_was_changed_is_found(engine, place, name, row, value, found):
    assert changed(place, name, row, value) != value
    [damage] = engine.verify(place, Control()).damage
    assert (damage.file, damage.row) == (found[0], 9)
    assert damage.what.startswith(found[1])


@pytest.mark.parametrize(
    ("name", "data", "file"),
    [
        ("masks/c/2/0/0", None, "images"),
        ("masks/c/2/0/0", b"no shard", "masks/c/2/0/0"),
        ("masks/zarr.json", None, "masks"),
        ("mask_numbers/c/0", b"", "mask_numbers"),
    ],
)
def test_what_is_damaged_or_gone_is_found(engine, place, name, data, file):
    damaged(place, name, data)
    assert file in {each.file for each in engine.verify(place, Control()).damage}


def test_an_export_that_cut_its_masks_otherwise_is_verified_too(engine, plan, tmp_path, monkeypatch):
    """As older versions did, whose shards of masks held more rows."""
    wanted = exported(engine, plan, tmp_path)
    place = "s3://pictures/masks-older.zarr"
    apart = sharding.grids

    def each_alone(arrays):
        return [apart([spec])[0] for spec in arrays]

    monkeypatch.setattr("stackgui.stores.export.zarr_pieces.grids", each_alone)
    engine.export(str(tmp_path / "stack"), "zarr", place, Control())
    monkeypatch.undo()
    older = opened(place)
    assert older["masks"].shards != wanted["masks"].shards
    np.testing.assert_array_equal(older["masks"][...], wanted["masks"][...])
    assert engine.verify(place, Control()).is_sound
    at = (9, 12, 10)
    changed(place, "masks", at, 3 - older["masks"][at])
    assert [each.row for each in engine.verify(place, Control()).damage] == [9]
