"""Pictures at addresses become the same rows as in a folder, and servers that misbehave spoil none."""

import gzip
import io
import json
import shutil
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import Cancelled, SourceGoneError, UsageError
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.options.update_options import PLAINLY
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from tests.engine.stopping import StopAt
from tests.serving import (
    SECRETS,
    another_version,
    busy,
    cut_off,
    files_of,
    refused,
    shorter,
)
from tests.serving import served as serving

AS_THEY_ARE = Options()
SMALL = Options(size=Size(SizeKind.EXACT, 32, 32), fit=Fit.STRETCH)
ODD_NAME = "ä b%20#?+&='().png"


@pytest.fixture(autouse=True)
def no_faults(bucket):
    yield
    bucket.faults.of.clear()


@pytest.fixture(scope="module")
def engine(bucket):
    """Workers that were started where the environment names the bucket."""
    with Engine(2) as started:
        started.warm_up()
        yield started


@pytest.fixture
def tree(pictures):
    """The pictures, and what else may lie in folders."""
    shutil.copy(pictures / "dog" / "0.png", pictures / "cat" / ODD_NAME)
    (pictures / "deep" / "er").mkdir(parents=True)
    for index in (1, 2, 10):
        shutil.copy(pictures / "cat" / "1.png", pictures / "deep" / "er" / f"img{index}.png")
    (pictures / ".hidden").mkdir()
    shutil.copy(pictures / "cat" / "1.png", pictures / ".hidden" / "x.png")
    (pictures / "notes.txt").write_text("no picture")
    (pictures / "empty.png").write_bytes(b"")
    pages = [Image.fromarray(np.full((9, 8), each, np.uint8)) for each in (3, 5)]
    pages[0].save(pictures / "pages.tif", save_all=True, append_images=pages[1:])
    np.savez(pictures / "arrays.npz", x=np.arange(12, dtype=np.uint8).reshape(3, 4))
    data = (pictures / "cat" / "1.png").read_bytes()
    with zipfile.ZipFile(pictures / "more.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("cat/inside.png", data)
    with tarfile.open(pictures / "more.tar", "w") as packed:
        info = tarfile.TarInfo("dog/inside.png")
        info.size = len(data)
        packed.addfile(info, io.BytesIO(data))
    (pictures / "more.tar.gz").write_bytes(gzip.compress((pictures / "more.tar").read_bytes(), mtime=0))
    (pictures / "annotations.json").write_text(json.dumps({
        "images": [{"id": 1, "file_name": "cat/1.png", "height": 31, "width": 17}],
        "categories": [{"id": 1, "name": "ear"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}],
    }))  # fmt: skip
    return pictures


def rows_of(stack):
    return {file.name: file.read_bytes() for file in sorted(stack.glob("*.npy"))}


def converted(engine, source, out, options=AS_THEY_ARE, **choices):
    catalog = engine.scan([str(source)], Control(), ScanOptions(**choices))
    report = engine.convert(resolve(options, catalog), RunOptions(str(out)), Control())
    return catalog, report


def alike(catalog, other):
    assert list(catalog.path) == list(other.path)
    assert list(catalog.problem) == list(other.problem)
    assert list(catalog.given_label) == list(other.given_label)
    assert list(catalog.skipped.kind) == list(other.skipped.kind)
    assert catalog.height.tolist() == other.height.tolist()
    assert catalog.file_bytes.tolist() == other.file_bytes.tolist()


def test_a_bucket_becomes_the_stack_of_the_folder_byte_for_byte(tree, tmp_path, bucket, engine):
    address = bucket.put(tree, "same")
    near, _ = converted(engine, tree, tmp_path / "near", frames="all")
    far, report = converted(engine, address, tmp_path / "far", frames="all")
    alike(far, near)
    assert far.sources == (address,)
    assert "annotations.json" not in far.skipped.path
    assert far.annotations.categories == near.annotations.categories == ("ear",)
    assert rows_of(tmp_path / "far") == rows_of(tmp_path / "near")
    checked = engine.verify(str(tmp_path / "far"), Control(), deep=None)
    assert (checked.damage, checked.not_compared) == ((), ())
    assert report.failures
    for file in (tmp_path / "far").iterdir():
        assert not any(secret.encode() in file.read_bytes() for secret in SECRETS), file.name
    again = engine.scan([address], Control(), far.scan_options)
    alike(again, far)


def test_hostile_files_and_photographs_are_alike_too(hostile, photos, tmp_path, bucket, engine):
    mixed = tmp_path / "mixed"
    shutil.copytree(hostile, mixed, symlinks=False, ignore_dangling_symlinks=True, ignore=_special)
    for file in sorted(photos.iterdir())[:12]:
        shutil.copy(file, mixed)
    near, _ = converted(engine, mixed, tmp_path / "near", SMALL)
    far, _ = converted(engine, bucket.put(mixed, "hostile"), tmp_path / "far", SMALL)
    names = list(near.path)
    assert list(far.path) == names
    assert list(far.problem) == list(near.problem)
    assert rows_of(tmp_path / "far") == rows_of(tmp_path / "near")


def _special(folder, names):
    """Leave out what no bucket can hold."""
    from pathlib import Path

    odd = [name for name in names if not name.isprintable() or "\\" in name]
    return [*odd, *(n for n in names if not (Path(folder, n).is_file() or Path(folder, n).is_dir()))]


def test_sizes_come_from_the_first_bytes_alone(tmp_path, bucket, engine):
    pixels = np.random.default_rng(1).integers(0, 256, (500, 500, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "large.jpg", quality=95)
    bucket.write("few/large.jpg", (tmp_path / "large.jpg").read_bytes())
    bucket.faults.sent_bytes.clear()
    engine.scan([f"s3://{bucket.name}/few"], Control())
    assert 0 < bucket.faults.sent_bytes[f"/{bucket.name}/few/large.jpg"] < 20_000


def test_a_run_goes_on_and_is_brought_up_to_date(tree, tmp_path, bucket, engine, monkeypatch):
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 3)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    plan = resolve(Options(), engine.scan([bucket.put(tree, "goes-on")], Control()))
    engine.convert(plan, RunOptions(str(tmp_path / "whole")), Control())
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(tmp_path / "out")), StopAt(6))
    report = engine.resume(engine.unfinished(str(tmp_path / "out")).partial, Control())
    assert report.resumed_rows >= 6
    assert rows_of(tmp_path / "out") == rows_of(tmp_path / "whole")
    bucket.write("goes-on/dog/new.png", (tree / "cat" / "1.png").read_bytes())
    bucket.write("goes-on/dog/broken.png", (tree / "dog" / "2.png").read_bytes())
    updated = engine.update(str(tmp_path / "out"), Control(), how=PLAINLY)
    assert ([len(each) for each in (updated.new, updated.changed)], updated.gone) == ([1, 1], ())


def test_what_changes_after_the_scan_becomes_no_row(tree, tmp_path, bucket, engine):
    plan = resolve(Options(), engine.scan([bucket.put(tree, "changes")], Control()))
    data = (tree / "cat" / "1.png").read_bytes()
    bucket.write("changes/cat/1.png", data[:-1] + bytes([data[-1] ^ 1]))  # of the same length
    report = engine.convert(plan, RunOptions(str(tmp_path / "out")), Control())
    reasons = {each.file: each.reason for each in report.failures}
    assert reasons[f"s3://{bucket.name}/changes/cat/1.png"] == "the file was changed after it was scanned"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (cut_off, "the server sent something else than it promised"),
        (shorter, "the file was changed after it was scanned"),
        (another_version, "the file was changed after it was scanned"),
        (refused, "the server allows no access with the credentials that are in the environment"),
    ],
)
def test_a_server_that_lies_spoils_no_row(fault, reason, tree, tmp_path, bucket, engine):
    plan = resolve(Options(), engine.scan([bucket.put(tree / "cat", "lies")], Control()))
    bucket.faults.of["/lies/1.png"] = fault
    report = engine.convert(plan, RunOptions(str(tmp_path / "out")), Control())
    reasons = {each.file: each.reason for each in report.failures}
    assert reasons == {f"s3://{bucket.name}/lies/1.png": reason}


def test_a_busy_server_is_asked_again(tree, tmp_path, bucket, engine):
    address = bucket.put(tree / "cat", "busy")
    bucket.faults.of["/busy/1.png"] = busy(2)
    bucket.faults.of[f"/{bucket.name}"] = busy(1)
    catalog, report = converted(engine, address, tmp_path / "out")
    assert catalog.usable.all()
    assert not report.failures


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://no-such-bucket/x", "there is no such bucket"),
        ("s3://pictures/nothing", "there is nothing at this address"),
        ("s3://pictures/nothing.zip", "there is nothing at this address"),
        ("http://127.0.0.1:9/list.csv", "the server cannot be reached, or does not answer"),
        ("s3://me:key@pictures/x", "it holds a name or a password"),
        ("https://127.0.0.1:9/x.png?sig=key", "what follows its question mark is often a key"),
    ],
)
def test_addresses_that_cannot_be_used_are_explained(address, said, engine):
    with pytest.raises(UsageError, match=said) as refusal:
        engine.scan([address], Control())
    assert "key@" not in str(refusal.value)
    assert "sig=key" not in str(refusal.value)


def test_a_bucket_without_permission_is_explained(bucket, engine):
    bucket.faults.of[f"/{bucket.name}"] = refused
    with pytest.raises(UsageError, match="the server allows no access"):
        engine.scan([f"s3://{bucket.name}/lies"], Control())


def test_two_addresses_may_not_hold_each_other(tree, bucket, engine):
    address = bucket.put(tree / "cat", "outer/inner")
    with pytest.raises(UsageError, match="lies in"):
        engine.scan([address.rpartition("/")[0], address], Control())


def test_a_list_of_addresses_on_the_web_is_a_source(tree, tmp_path, engine):
    with serving(files_of(tree)) as (web, faults):
        (tmp_path / "list.csv").write_text(
            f"url,label\n{web}/cat/1.png,feline\n{web}/dog/turned.jpg,canine\n{web}/dog/none.png,canine\n"
            f"{web}/cat/3.png?Signature={SECRETS[0]},feline\n"
        )
        catalog, report = converted(engine, tmp_path / "list.csv", tmp_path / "out", path_column="url")
        host = web.removeprefix("http://")
        assert [path.removeprefix(f"{host}/") for path in catalog.path] == [
            "cat/1.png", "dog/turned.jpg", "dog/none.png", "cat/3.png?…",
        ]  # fmt: skip
        assert list(catalog.given_label) == ["feline", "canine", "canine", "feline"]
        assert list(catalog.problem) == [
            "", "", "there is nothing at this address", "its address holds what may be a key",
        ]  # fmt: skip
        assert len(report.failures) <= 2
        for file in (tmp_path / "out").iterdir():
            assert SECRETS[0].encode() not in file.read_bytes(), file.name
        assert not any("Signature" in path for _method, path in faults.asked)


def test_a_list_on_the_web_names_files_beside_it(tree, engine):
    (tree / "names.csv").write_text("file,label\ncat/1.png,x\ndog/0.png,y\n")
    with serving(files_of(tree)) as (web, _faults):
        catalog = engine.scan([f"{web}/names.csv"], Control())
        assert list(catalog.path) == ["cat/1.png", "dog/0.png"]
        assert catalog.usable.all()
        single = engine.scan([f"{web}/dog/turned.jpg", f"{web}/more.zip"], Control())
        assert list(single.path) == ["turned.jpg", "cat/inside.png"]


def test_a_server_that_sends_whole_files_only_will_do(tree, engine):
    plain = files_of(tree)

    def without_parts(environ, start_response):
        return plain({key: value for key, value in environ.items() if key != "HTTP_RANGE"}, start_response)

    with serving(without_parts) as (web, _faults):
        assert engine.scan([f"{web}/dog/turned.jpg"], Control()).usable.all()


def test_a_source_that_vanishes_is_no_failure_of_pictures(tree, bucket, engine):
    address = bucket.put(tree / "cat", "gone")
    bucket.faults.of["/gone/1.png"] = refused
    calls = []

    def gone_after_the_first(_environ, plain):
        calls.append(1)
        return plain() if len(calls) < 4 else refused(None, None)

    bucket.faults.of[f"/{bucket.name}"] = gone_after_the_first
    with pytest.raises(SourceGoneError):
        engine.scan([address], Control())
