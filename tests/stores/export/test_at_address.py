"""An export at an address has the bytes of one on the disk, or is plainly unfinished; it spares all else."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from stackgui import open_stack
from stackgui.core.base.cancellation import UNWATCHED, Unwatched
from stackgui.core.base.errors import Cancelled, DestinationError, StackguiError, StoreError, UsageError
from stackgui.core.run import sharding
from stackgui.core.run.export_target import address_problem
from stackgui.core.run.loading import snippet
from stackgui.core.run.progress import Phase
from stackgui.engine import Control
from stackgui.stores.export import EXPORTERS, at_address
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.ways import Calls
from stackgui.stores.files import object_store, sending
from stackgui.stores.files.claim import CLAIM, Claim, holder_of
from tests.serving import (
    SECRETS,
    busy,
    cut_off,
    dropped,
    now_and_then,
    refused,
    slow_down,
)
from tests.stores.export.naming import named_alike

PLACE = "s3://pictures/made/out"


@pytest.fixture(autouse=True)
def clean(bucket, monkeypatch, tmp_path):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    yield
    bucket.faults.of.clear()
    object_store.clear("s3://pictures/made")
    assert os.listdir(tmp_path / "tmp") == []


def place_of(name: str) -> str:
    return PLACE + EXPORTERS[name].suffix


def there(place: str) -> dict[str, bytes]:
    """Return what is at an address, by its name below it."""
    if names := [name for page in object_store.versions_below(place) for name, _ in page]:
        return {name: object_store.versioned(f"{place}/{name}")[1] for name in names}
    try:
        return {"": object_store.versioned(place)[1]}
    except OSError:
        return {}


def here(made: Path) -> dict[str, bytes]:
    if made.is_file():
        return {"": made.read_bytes()}
    return {str(f.relative_to(made)): f.read_bytes() for f in made.rglob("*") if f.is_file()}


@pytest.fixture
def small(monkeypatch):
    """Let even a small stack have several shards, and its files several parts."""
    monkeypatch.setattr(sharding, "SHARD_BYTES", 2**14)
    monkeypatch.setattr(sharding, "CHUNK_BYTES", 2**12)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", EXPORTERS)
def test_it_has_the_same_bytes_as_on_the_disk(name, everything, exported):
    exporter, place, called = EXPORTERS[name], place_of(name), []
    calls = Calls(lambda: called.append("begins"), lambda: called.append("sends"), called.append)
    size_bytes = export_stack(everything, exporter, place, UNWATCHED, calls)
    made = there(place)
    assert made == here(exported(everything, name))
    assert size_bytes == sum(map(len, made.values()))
    assert called == ["begins", "sends"] if exporter.in_pieces is None else ["begins"]
    assert holder_of(place) is None
    with pytest.raises(DestinationError, match="already something at"):
        export_stack(everything, exporter, place, UNWATCHED)
    assert there(place) == made
    assert holder_of(place) is None


@pytest.mark.parametrize("name", EXPORTERS)
def test_cancelling_leaves_nothing(name, everything):
    class Cancels(Unwatched):
        def reached(self, *_done):
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        export_stack(everything, EXPORTERS[name], place_of(name), Cancels())
    assert not object_store.is_anything_at("s3://pictures/made")


def test_cancelling_while_it_is_sent_leaves_nothing(everything, monkeypatch):
    monkeypatch.setattr(sending, "PART_BYTES", 5 * 2**20)
    monkeypatch.setattr(at_address, "PART_BYTES", 0)
    sends = []

    class Cancels(Unwatched):
        def reached(self, *_done):
            if sends and there(place_of("tiff")):
                raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        export_stack(
            everything, EXPORTERS["tiff"], place_of("tiff"), Cancels(), Calls(sends=lambda: sends.append(1))
        )
    assert not object_store.is_anything_at("s3://pictures/made")


@pytest.mark.parametrize("fault", [busy(5), now_and_then(dropped, cut_off, slow_down, every=4)])
@pytest.mark.parametrize("name", ["zarr", "npz", "tiff"])
@pytest.mark.usefixtures("small")
def test_a_server_with_bad_moments_gets_it_all(name, fault, bucket, everything, exported):
    bucket.faults.of[""] = fault
    export_stack(everything, EXPORTERS[name], place_of(name), UNWATCHED)
    bucket.faults.of.clear()
    assert there(place_of(name)) == here(exported(everything, name))


def forgets(environ, plain):
    """Say that an object was written, and write nothing."""
    if environ["REQUEST_METHOD"] != "PUT":
        return plain()
    return "200 OK", [("Content-Length", "0"), ("ETag", '"0"')], [b""]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("name", "end"),
    [("zarr", "/c/1/0/0/0"), ("zarr", "out.zarr/zarr.json"), ("npz", ".npz"), ("tiff", ".tif")],
)
def test_a_server_that_lies_is_not_believed(name, end, bucket, everything):
    bucket.faults.of[end] = forgets
    with pytest.raises(StoreError, match="cannot be used: there is nothing at this address"):
        export_stack(everything, EXPORTERS[name], place_of(name), UNWATCHED)
    assert not object_store.is_anything_at("s3://pictures/made")


def test_where_nothing_may_be_written_this_is_said_and_no_secret(bucket, everything):
    bucket.faults.of[""] = refused
    with pytest.raises(UsageError, match="allows no access with the credentials") as error:
        export_stack(everything, EXPORTERS["zarr"], place_of("zarr"), UNWATCHED)
    told, shown = error.value, ""
    while told is not None:
        shown, told = shown + repr(told) + str(told), told.__cause__ or told.__context__
    assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://host/out.npz", "can only be read"),
        ("s3://bucket", "names no place in a bucket. Add one, such as s3://bucket/name.npz"),
        ("s3://", "such as s3://bucket/name.npz"),
        ("s3://bucket/out", "does not end in .npz"),
        ("gs://bucket/.npz", "does not end in .npz"),
        ("s3://me:key@bucket/out.npz", "cannot be used: it holds a name or a password"),
        ("az://container/a/out.npz", ""),
    ],
)  # fmt: skip
def test_an_address_tells_whether_it_can_be_written(address, said, everything):
    problem = address_problem(address, ".npz")
    assert said in problem if said else not problem
    assert "key@" not in problem
    if said:
        with pytest.raises(DestinationError):
            export_stack(everything, EXPORTERS["npz"], address, UNWATCHED)


CODE = """
import os, sys, signal
from stackgui import open_stack
from stackgui.core.base.cancellation import Unwatched
from stackgui.stores.export import EXPORTERS
from stackgui.stores.export.exporting import export_stack
from stackgui.stores.export.ways import Calls
stack, name, target = sys.argv[1:]
class Dies(Unwatched):
    sending = not EXPORTERS[name].suffix == ".zarr"
    left = 3
    def reached(self, *_):
        if not self.sending:
            return
    def check(self):
        self.sending = False
def dies():
    os.kill(os.getpid(), signal.SIGKILL)
from stackgui.stores.files import object_store, sending
from stackgui.stores.export import at_address, zarr_store
count = 0
def counted(put):
    def act(*arguments):
        global count
        if count >= 2:
            dies()
        done = put(*arguments)
        count += 1
        return done
    return act
zarr_store.put = counted(object_store.put)
at_address.send = counted(sending.send)
with open_stack(stack) as opened:
    export_stack(opened, EXPORTERS[name], target, Unwatched())
"""


@pytest.mark.parametrize("name", ["zarr", "tiff"])
@pytest.mark.usefixtures("small")
def test_what_a_kill_leaves_is_unfinished_and_gone_with_the_next(name, everything, exported, tmp_path):
    place = place_of(name)
    foreign = object_store.put(f"{place}.mine", b"mine")
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    ended = subprocess.run(
        [sys.executable, "-c", CODE, everything.path, name, place], env=environment, check=False
    )
    assert ended.returncode == -9
    left = there(place)
    assert left
    assert "zarr.json" not in left
    assert holder_of(place).begun
    stray = f"{place}/from the first"
    object_store.put(stray, b"")
    told = []
    export_stack(everything, EXPORTERS[name], place, UNWATCHED, Calls(tells=told.append))
    assert told == [f"An export to {place} was interrupted; what it left is deleted."]
    assert there(place) == here(exported(everything, name))
    assert object_store.version(f"{place}.mine") == foreign


def test_a_failure_that_cannot_be_cleaned_is_left_to_the_next(bucket, everything):
    bucket.faults.of["c/0/0/0/0"] = refused
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(object_store, "clear", lost)
        with pytest.raises(StoreError, match="allows no access"):
            export_stack(everything, EXPORTERS["zarr"], place_of("zarr"), UNWATCHED)
    bucket.faults.of.clear()
    assert holder_of(place_of("zarr")).is_free
    told = []
    export_stack(everything, EXPORTERS["zarr"], place_of("zarr"), UNWATCHED, Calls(tells=told.append))
    assert "interrupted" in told[0]


def lost(_place):
    raise StoreError("It cannot be reached.")


def test_another_that_took_over_keeps_what_it_wrote(everything):
    place = place_of("zarr")

    class TakenOver(Unwatched):
        def reached(self, *_done):
            object_store.put(place + CLAIM, b"{}")
            object_store.put(f"{place}/theirs", b"theirs")
            claims[0]._renewed_s = float("-inf")

    claims, take = [], Claim.take
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(at_address.Claim, "take", lambda *given: claims.append(take(*given)) or claims[0])
        with pytest.raises(StackguiError):
            export_stack(everything, EXPORTERS["zarr"], place, TakenOver())
    assert "theirs" in there(place)


def test_large_files_are_sent_in_parts_and_confirmed(bucket, tmp_path, monkeypatch):
    file = tmp_path / "large"
    file.write_bytes(os.urandom(sending.PART_BYTES * 2 + 5))
    sent = []
    sending.send("s3://pictures/made/large", str(file), sent.append)
    assert sum(sent) == file.stat().st_size
    assert object_store.versioned("s3://pictures/made/large")[1] == file.read_bytes()
    asked = bucket.faults.asked["GET", "/pictures/made/large"]
    monkeypatch.setattr(object_store, "_tag", lambda _meta: "encrypted")
    sending.send("s3://pictures/made/large", str(file), sent.append)
    assert bucket.faults.asked["GET", "/pictures/made/large"] == asked + 1, "it is read back"
    bucket.faults.of["/large"] = forgets_the_end
    with pytest.raises(OSError, match="has something else there"):
        sending.send("s3://pictures/made/large", str(file), sent.append)


def forgets_the_end(environ, plain):
    status, headers, body = plain()
    if environ["REQUEST_METHOD"] == "HEAD":
        headers = [
            ("Content-Length", "7") if name.lower() == "content-length" else (name, text)
            for name, text in headers
        ]
    return status, headers, body


@pytest.mark.parametrize("name", ["zarr", "npz", "tiff"])
def test_the_lines_that_open_it_do(name, stacks, engine, tmp_path, monkeypatch):
    control, phases = Control(), []
    monkeypatch.setattr(control, "publish", lambda progress: phases.append(progress.phase))
    report = engine.export(str(stacks("everything")), name, place_of(name), control)
    assert (Phase.SENDING in phases) is (name != "zarr")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    names: dict = {}
    exec(report.loading, names)
    with open_stack(stacks("everything")) as stack:
        named_alike(names, stack, is_all=name != "tiff")
    if name == "zarr":
        told = snippet(engine.loadable(place_of(name)), "numpy")
        assert told == report.loading, "whoever looks at it later is told the same"
    if name == "npz":
        names["stack"].close()
