"""Stacks that are written straight to a bucket: the same as from a folder, and resumed after any end."""

import shutil
import time
from dataclasses import replace

import pytest
from PIL import Image

from stackgui.core.base.choices import Channels, Fit, Layout
from stackgui.core.base.errors import (
    DestinationError,
    OtherJobError,
    StoreError,
    UnfinishedError,
    UsageError,
)
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import sharding
from stackgui.core.run.loading import snippet
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine import Control
from stackgui.stores.files import object_store, objects
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
from tests.serving import SECRETS, busy, dropped, now_and_then, refused, slow_down

zarr = pytest.importorskip("zarr")

OPTIONS = Options(size=Size.exact(24, 20), fit=Fit.LETTERBOX, layout=Layout.NCHW, fill=7)
ROW_BYTES = 24 * 20 * 3


@pytest.fixture(autouse=True)
def small_shards(bucket, monkeypatch):
    """Four rows are a shard, and two a chunk."""
    monkeypatch.setattr(sharding, "CHUNK_BYTES", 2 * ROW_BYTES)
    monkeypatch.setattr(sharding, "SHARD_BYTES", 4 * ROW_BYTES)
    yield
    bucket.faults.of.clear()


@pytest.fixture
def many(pictures, tmp_path):
    """Some thirty pictures, of which one is broken."""
    folder = tmp_path / "many"
    shutil.copytree(pictures, folder)
    for index in range(30):
        Image.new("RGB", (30 + index, 20), (index, 3 * index, 200)).save(folder / "cat" / f"n{index}.png")
    return folder


@pytest.fixture
def plan(many, engine):
    return resolve(OPTIONS, engine.scan([str(many)], Control()))


def test_it_is_what_an_export_of_the_same_stack_is(engine, plan, tmp_path):
    place = "s3://pictures/same.zarr"
    report = engine.convert(plan, RunOptions(place), Control())
    assert [failure.file.rpartition("/")[2] for failure in report.failures] == ["broken.png"]
    wanted = exported(engine, plan, tmp_path)
    same_groups(opened(place), wanted)
    same_objects(place, tmp_path / "stack.zarr")
    assert not {name for name in names_at(place) if "journal" in name}
    assert not names_at(place + ".claim")


def test_several_sizes_are_several_arrays_and_blank_shards_are_left_out(many, engine, tmp_path):
    for index in range(12):
        Image.new("L", (31, 21), 0).save(many / "dog" / f"black{index:02}.png")
    chosen = Options(buckets=3, channels=Channels.GREY)
    plan = resolve(chosen, engine.scan([str(many)], Control()))
    assert len(plan.buckets) == 3
    place = "s3://pictures/several.zarr"
    engine.convert(plan, RunOptions(place), Control())
    same_groups(opened(place), exported(engine, plan, tmp_path))
    shards = [name for name in names_at(place) if name.startswith("images") and "/c/" in name]
    sizes = [-(-each.array.rows // size) for each, size in zip(plan.buckets, shard_rows(plan), strict=True)]
    assert 0 < len(shards) < sum(sizes)


def stopped_at(bucket, engine, plan, place, **choices):
    """Let a run end at the sixth shard, and return how often each object was written till then."""
    bucket.faults.of["/c/5/0/0/0"] = refused
    bucket.faults.asked.clear()
    with pytest.raises(StoreError, match="allows no access"):
        engine.convert(plan, RunOptions(place, **choices), Control())
    bucket.faults.of.clear()
    return {path for (method, path) in bucket.faults.asked if method == "PUT" and "/c/" in path}


def test_a_run_that_was_stopped_is_resumed_from_its_address_alone(bucket, plan, engine, tmp_path):
    place = "s3://pictures/stopped.zarr"
    stopped_at(bucket, engine, plan, place)
    with pytest.raises(zarr.errors.GroupNotFoundError):
        opened(place)
    left = engine.unfinished(place)
    assert left.partial == place
    assert 0 < left.rows_done < plan.rows
    assert left.rows_done % 4 in {0, plan.rows % 4}
    with pytest.raises(UnfinishedError, match="An unfinished conversion"):
        engine.convert(plan, RunOptions(place), Control())
    bucket.faults.asked.clear()
    report = engine.resume(place, Control())
    assert report.resumed_rows == left.rows_done
    written = sum(method == "PUT" and "/images/c/" in path for method, path in bucket.faults.asked)
    assert written == -(-(plan.rows - left.rows_done) // 4)
    same_groups(opened(place), exported(engine, plan, tmp_path))
    assert engine.unfinished(place) is None
    with pytest.raises(DestinationError, match="nothing that can be resumed"):
        engine.resume(place, Control())


def test_a_shard_that_was_lost_is_made_again(bucket, plan, engine, tmp_path):
    place = "s3://pictures/lost.zarr"
    stopped_at(bucket, engine, plan, place)
    first = min(name for name in names_at(place) if "/c/" in name)
    object_store.delete([f"{place}/{first}"])
    before = engine.unfinished(place).rows_done
    assert (
        engine.convert(plan, RunOptions(place, unfinished=IfUnfinished.RESUME), Control()).resumed_rows
        == before - 4
    )
    same_groups(opened(place), exported(engine, plan, tmp_path))


def test_a_restart_keeps_nothing(bucket, plan, engine, tmp_path):
    place = "s3://pictures/anew.zarr"
    stopped_at(bucket, engine, plan, place)
    again = resolve(replace(OPTIONS, layout=Layout.NHWC), plan.catalog)
    with pytest.raises(OtherJobError):
        engine.convert(again, RunOptions(place, unfinished=IfUnfinished.RESUME), Control())
    assert engine.unfinished(place) is not None, "the other job leaves it as it is"
    report = engine.convert(again, RunOptions(place, unfinished=IfUnfinished.RESTART), Control())
    assert report.resumed_rows == 0
    same_groups(opened(place), exported(engine, again, tmp_path))


def test_pictures_that_changed_are_made_again_with_their_shards(bucket, many, plan, engine, tmp_path):
    place = "s3://pictures/changed.zarr"
    stopped_at(bucket, engine, plan, place)
    before = engine.unfinished(place).rows_done
    done = many / plan.catalog.path[int(plan.samples[0])]
    Image.new("RGB", (33, 44), "red").save(done)
    with pytest.raises(OtherJobError):
        engine.resume(place, Control())
    assert engine.resume(place, Control(), redo_changed=True).resumed_rows == before - 4
    plan = resolve(OPTIONS, engine.scan([str(many)], Control()))
    same_groups(opened(place), exported(engine, plan, tmp_path))


def test_of_a_run_without_rows_nothing_stays(bucket, plan, engine):
    place = "s3://pictures/nothing.zarr"
    bucket.faults.of["/0/0/0"] = refused
    with pytest.raises(StoreError):
        engine.convert(plan, RunOptions(place), Control())
    assert not names_at(place)
    assert not names_at(place + ".claim")


def test_a_server_that_fails_now_and_then_costs_time_only(bucket, plan, engine, tmp_path):
    place = "s3://pictures/now.zarr"
    bucket.faults.of[""] = now_and_then(busy(10**9), slow_down, dropped)
    engine.convert(plan, RunOptions(place), Control())
    bucket.faults.of.clear()
    same_groups(opened(place), exported(engine, plan, tmp_path))


def forgets(environ, plain):
    """Say that something was written, and keep nothing."""
    if environ["REQUEST_METHOD"] != "PUT":
        return plain()
    return "200 OK", [("Content-Length", "0"), ("ETag", '"0"')], [b""]


@pytest.mark.parametrize("end", ["/c/3/0/0/0", "/valid/c/0", "/images/zarr.json", ".stackgui/plan.json"])
def test_a_server_that_lies_stops_the_run_which_can_be_resumed(bucket, plan, engine, tmp_path, end):
    place = f"s3://pictures/lies{end.replace('/', '-')}.zarr"
    bucket.faults.of[end] = forgets
    with pytest.raises(StoreError, match=r"there is nothing at this address|has something else there"):
        engine.convert(plan, RunOptions(place), Control())
    bucket.faults.of.clear()
    with pytest.raises(zarr.errors.GroupNotFoundError):
        opened(place)
    engine.convert(plan, RunOptions(place, unfinished=IfUnfinished.RESUME), Control())
    same_groups(opened(place), exported(engine, plan, tmp_path))


def test_no_secret_is_kept(bucket, plan, engine):
    place = "s3://pictures/secrets.zarr"
    stopped_at(bucket, engine, plan, place)
    found = [objects.whole(f"{place}/{name}")[1] for name in names_at(place)]
    found.append(objects.whole(place + ".claim")[1])
    engine.resume(place, Control())
    found += [objects.whole(f"{place}/{name}")[1] for name in names_at(place)]
    for secret in SECRETS:
        assert not any(secret.encode() in data for data in found)


@pytest.mark.parametrize(
    ("place", "choices", "said"),
    [
        ("s3://pictures", {}, "names no place in a bucket. Add one, such as s3://pictures/name"),
        ("https://pictures.org/a.zarr", {}, "can only be read. Choose a place in a bucket"),
        ("s3://pictures/taken", {}, "There is already something at s3://pictures/taken"),
        ("s3://pictures/a.zarr", {"replace": True}, "is not replaced"),
        ("s3://pictures/a.zarr", {"report": True}, "has no page"),
        ("s3://no-such-bucket/a.zarr", {}, "there is no such bucket"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(bucket, plan, engine, place, choices, said):
    bucket.write("taken/by others", b"not ours")
    with pytest.raises(DestinationError, match=said):
        engine.check_destination(plan.catalog.sources, RunOptions(place, **choices))
    with pytest.raises(DestinationError, match=said):
        engine.convert(plan, RunOptions(place, **choices), Control())
    assert bucket.client.get_object(Bucket="pictures", Key="taken/by others")["Body"].read() == b"not ours"


def test_a_place_within_a_source_is_refused(bucket, many, engine):
    address = bucket.put(many, "within")
    with pytest.raises(DestinationError, match="lies in s3://pictures/within"):
        engine.check_destination([address], RunOptions(address + "/a.zarr"))


def test_a_finished_stack_is_never_touched_again(bucket, plan, engine):
    place = "s3://pictures/finished.zarr"
    engine.convert(plan, RunOptions(place), Control())
    before = {name: object_store.version(f"{place}/{name}") for name in names_at(place)}
    for unfinished in IfUnfinished:
        with pytest.raises(DestinationError, match="already something"):
            engine.convert(plan, RunOptions(place, unfinished=unfinished), Control())
    assert {name: object_store.version(f"{place}/{name}") for name in names_at(place)} == before


def test_an_address_with_a_key_is_refused_without_saying_it(engine, many):
    with pytest.raises(DestinationError, match=r"s3://…@pictures/a.zarr cannot be used") as found:
        engine.check_destination([str(many)], RunOptions("s3://key:secret@pictures/a.zarr"))
    assert "secret" not in str(found.value)


def test_when_it_was_saved_last_is_told(bucket, plan, engine):
    before = time.time()
    stopped_at(bucket, engine, plan, "s3://pictures/when.zarr")
    assert before - 1 <= engine.unfinished("s3://pictures/when.zarr").when_s <= time.time()


def test_the_lines_that_open_it_do(engine, plan, monkeypatch):
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")  # it is no server of the world
    place = "s3://pictures/lines.zarr"
    engine.convert(plan, RunOptions(place), Control())
    names: dict = {}
    exec(snippet(engine.loadable(place), "numpy"), names)
    assert names["images"].shape == plan.arrays[0].shape
    assert names["valid"].sum() == plan.rows - 1
    assert len(names["classes"]) == len(set(names["labels"].tolist()) - {-1})
    assert len(names["files"]) == plan.rows
    with pytest.raises(StoreError, match="there is nothing at this address"):
        engine.loadable("s3://pictures/nowhere.zarr")


def test_whoever_writes_is_killed_and_the_terminal_resumes(bucket, many, engine, tmp_path):
    """Of five shards, the fourth waits for ever, and the journal knows of others."""
    place, end = "s3://pictures/killed.zarr", "/c/3/0/0/0"
    killed_and_resumed(bucket, many, engine, place, end, folder=tmp_path, limit_s=60)


@pytest.fixture
def place(engine, plan, request):
    """A finished stack in a bucket."""
    place = f"s3://pictures/{request.node.callspec.id if hasattr(request.node, 'callspec') else 'sound'}.zarr"
    engine.convert(plan, RunOptions(place), Control())
    yield place
    object_store.delete([f"{place}/{name}" for name in names_at(place)])


def test_a_sound_stack_in_a_bucket_is_sound(engine, plan, place):
    report = engine.verify(place, Control(), deep=None)
    assert report.damage == report.not_compared == ()
    assert (report.rows, report.decoded, report.stack) == (plan.rows, plan.rows - 1, place)


@pytest.mark.parametrize(
    ("name", "row", "value", "found"),
    [
        ("images", 9, 3, ("images", 9, "its pixels are not those that were written")),
        ("checksums", 9, 3, ("images", 9, "its pixels are not those that were written")),
        ("placements", (9, 0), 99, ("placements", 9, "lies outside its row")),
        ("valid", 9, False, ("valid", None, "it is not what the plan of the stack gives")),
        ("labels", 9, 77, ("labels", None, "it is not what the plan of the stack gives")),
        ("files", 9, "another.png", ("files", None, "it is not what the plan of the stack gives")),
    ],
)
def test_what_was_changed_is_found(engine, place, name, row, value, found):
    changed(place, name, row, value)
    damage = engine.verify(place, Control()).damage
    assert found in [(each.file, each.row, each.what) for each in damage]
    if name != "placements":
        assert {each.row for each in damage} <= {9, None}


@pytest.mark.parametrize(
    ("name", "data", "file"),
    [
        ("images/c/2/0/0/0", None, "images"),
        ("images/c/2/0/0/0", b"no shard", "images/c/2/0/0/0"),
        ("images/zarr.json", None, "images"),
        ("valid/c/0", b"", "valid"),
        ("placements/zarr.json", b"{}", "placements"),
        ("zarr.json", b'{"zarr_format": 3, "node_type": "group"}', "zarr.json"),
        (".stackgui/plan.json", b"{}", ".stackgui/plan.json"),
    ],
)
def test_what_is_damaged_or_gone_is_found(engine, place, name, data, file):
    damaged(place, name, data)
    assert file in {each.file for each in engine.verify(place, Control()).damage}


def test_pictures_that_changed_are_told_by_a_deep_look(engine, many, plan, place):
    file = many / plan.catalog.path[int(plan.samples[3])]
    Image.new("RGB", (33, 44), "red").save(file)
    report = engine.verify(place, Control(), deep=None)
    assert [failure.row for failure in report.not_compared] == [3]


def test_a_bucket_that_cannot_be_asked_is_no_damage(bucket, engine, place):
    with pytest.raises(UsageError, match="There is no complete stack at s3://pictures/nowhere"):
        engine.verify("s3://pictures/nowhere", Control())
    bucket.faults.of["/images/c/2/0/0/0"] = refused
    with pytest.raises(StoreError, match="allows no access"):
        engine.verify(place, Control())
    bucket.faults.of.clear()
    object_store.delete([f"{place}/{name}" for name in names_at(place) if name.startswith(".stackgui/")])
    assert engine.verify(place, Control()).is_sound, "as an export is"
    with pytest.raises(UsageError, match="has no plan"):
        engine.verify(place, Control(), deep=None)
