"""Objects are written whole, only as far as they may be, and a server that loses them is noticed."""

import pytest

from stackgui.core.base.errors import StoreError
from stackgui.stores.files import object_store, objects
from stackgui.stores.files.failures import explained
from stackgui.stores.files.objects import AddressError
from tests.serving import SECRETS, busy, zarr_store

PLACE = "s3://pictures/out"


@pytest.fixture(autouse=True)
def no_faults(bucket):
    yield
    bucket.faults.of.clear()


def test_what_was_written_is_listed_with_its_version_until_it_is_deleted(bucket):
    made = {name: object_store.put(f"{PLACE}/{name}", name.encode() * 5) for name in ("a", "b/c", "b/d")}
    assert dict(each for page in object_store.versions_below(PLACE) for each in page) == made
    assert object_store.version(f"{PLACE}/a") == made["a"]
    object_store.delete([f"{PLACE}/{name}" for name in (*made, "never there")])
    assert not list(object_store.versions_below(PLACE))


def test_of_two_who_write_the_same_only_one_does(bucket):
    name = f"{PLACE}/lock"
    first = object_store.put_if(name, b"first", None)
    assert object_store.put_if(name, b"second", None) is None
    assert object_store.put_if(name, b"first", None) == first, "a second attempt meets the first"
    renewed = object_store.put_if(name, b"first again", first)
    assert object_store.put_if(name, b"second", first) is None
    assert objects.whole(name)[1] == b"first again"
    assert object_store.version(name) == renewed


def test_a_busy_server_is_asked_again(bucket):
    bucket.faults.of["/busy"] = busy(2)
    object_store.put(f"{PLACE}/busy", b"written")
    assert objects.whole(f"{PLACE}/busy")[1] == b"written"


def _forgets(environ, plain):
    """Say that something was written, and keep what was there."""
    if environ["REQUEST_METHOD"] != "PUT":
        return plain()
    return "200 OK", [("Content-Length", "0"), ("ETag", '"0"')], [b""]


def _mixes_up(environ, plain):
    """Write something else of the same length."""
    if environ["REQUEST_METHOD"] == "PUT":
        import io

        length = int(environ["CONTENT_LENGTH"])
        environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(bytes(length))
        for name in [name for name in environ if name.startswith("HTTP_X_AMZ_CONTENT")]:
            del environ[name]
    return plain()


@pytest.mark.parametrize(
    ("fault", "said"),
    [(_forgets, "there is nothing at this address"), (_mixes_up, "has something else there")],
)
def test_a_server_that_lies_about_what_it_wrote_is_noticed(fault, said, bucket):
    bucket.faults.of["/lies"] = fault
    with pytest.raises(StoreError, match=said) as error, explained(f"{PLACE}/lies"):
        object_store.put(f"{PLACE}/lies", b"of eleven b")
    assert not any(secret in str(error.value) for secret in SECRETS)


def test_a_tag_that_is_no_checksum_is_made_up_for_by_reading(bucket, monkeypatch):
    monkeypatch.setattr(object_store, "_tag", lambda _meta: "encrypted")
    object_store.put(f"{PLACE}/sealed", b"x" * 3_000_000)
    assert bucket.faults.asked["GET", "/pictures/out/sealed"] == 1


def test_zarr_reads_and_writes_below_a_place(bucket):
    zarr = pytest.importorskip("zarr")
    group = zarr.create_group(zarr_store(f"{PLACE}.zarr", read_only=False))
    group.create_array("x", shape=(5,), dtype="u1")[...] = 7
    with pytest.raises(ValueError, match="read-only"):
        zarr.create_group(zarr_store(f"{PLACE}.zarr"))
    again = zarr.open_group(zarr_store(f"{PLACE}.zarr"), mode="r")
    assert again["x"][:].tolist() == [7] * 5


def test_a_key_in_an_address_is_refused(bucket):
    with pytest.raises(AddressError, match="what may be a key"):
        object_store.put("s3://me:key@pictures/x", b"")
