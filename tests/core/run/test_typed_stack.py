"""What somebody types to open a stack in a bucket."""

import pytest

from stackgui.core.base.extras import Extra
from stackgui.core.run.typed_stack import NO_STACK, typed_stack

KEY = "nobodySeesThis"


@pytest.fixture(autouse=True)
def remote(monkeypatch):
    monkeypatch.setattr(Extra, "is_there", True)


@pytest.mark.parametrize(
    "text",
    [
        "s3://bucket/pets.zarr",
        "  'S3://bucket/pets.zarr/' ",
        "s3://bucket/pets.zarr/zarr.json",
        "s3:/bucket/pets.zarr",
    ],
)
def test_an_address_is_tidied_and_where_its_key_comes_from_is_said(text):
    found = typed_stack(text)
    assert (found.addresses, found.is_ready) == (("s3://bucket/pets.zarr",), True)
    assert found.line == "Press Return to open s3://bucket/pets.zarr."
    assert "AWS_ACCESS_KEY_ID" in found.about


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", NO_STACK),
        ("s", NO_STACK),
        ("pets.zarr", NO_STACK),
        ("s3://", "s3:// names no place in a bucket. Add one, such as s3://bucket/name."),
        ("s3:///pets", "names no bucket. Type its name behind the two slashes: s3://bucket/pets."),
        ("s3://bucket", "s3://bucket names no place in a bucket. Add one, such as s3://bucket/name."),
        ("s3a://bucket/x", "Write s3:// instead of s3a://."),
        ("ftp://host/x", "Addresses with ftp:// cannot be used."),
        ("https://host/x.zarr", "https://host/x.zarr is on the web, but stacks are opened in buckets."),
        ("/data/pets", "/data/pets is on this computer: use Open stack…."),
        ("file:///data/pets", "file:///data/pets is on this computer: use Open stack…."),
        ("s3://a/x.zarr s3://b/y.zarr", "Open one stack after the other."),
        (f"s3://me:{KEY}@bucket/x", "cannot be used: it holds a name or a password"),
    ],
)
def test_what_is_none_says_so(text, said):
    found = typed_stack(text)
    assert said in found.line
    assert KEY not in found.line
    assert (found.addresses, found.is_ready) == ((), False)


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(Extra, "is_there", False)
    assert "pip install 'stackgui[remote]'" in typed_stack("s3://bucket/pets.zarr").line
