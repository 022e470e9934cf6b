"""What is typed as addresses: taken apart, tidied, or refused in words without what may be a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base import extras
from stackgui.core.base.extras import CLUSTER, REMOTE, Extra
from stackgui.core.base.typed_addresses import FROM_ENVIRONMENT, WHERE_FROM, obstacle, typed

PLACES = st.lists(
    st.from_regex(r"(s3|gs|az)://[a-z]{3}(/[a-z]{1,4}( [a-z]{1,4})?){0,2}", fullmatch=True),
    min_size=1,
    max_size=4,
    unique=True,
)
BETWEEN = st.sampled_from(["\n", "\r\n", " ", ", ", "; ", "\n\n  "])
KEYS = st.from_regex(r"[A-Z]{8}[/+][a-z]{8}", fullmatch=True)


@pytest.fixture(autouse=True, scope="module")
def remote():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Extra, "is_there", True)
        yield patch


@given(places=PLACES, between=BETWEEN)
def test_several_are_told_apart_however_they_are_copied(places, between):
    found = typed(between.join(places))
    assert found.addresses == tuple(places)
    assert found.is_ready


@given(key=KEYS, scheme=st.sampled_from(["s3", "gs", "https"]))
def test_no_sentence_shows_a_key(key, scheme):
    found = typed(f"{scheme}://me:{key}@bucket/pets\ns3://bucket/cats")
    assert not found.is_ready
    assert "it holds a name or a password" in found.line
    assert key not in found.line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pets", "An address begins with s3://"),
        ("s3:pets", "An address begins with s3://"),
        ("s3://", "s3:// names no bucket."),
        ("gcs://bucket/pets", "Write gs:// instead of gcs://."),
        ("abfss://bucket/pets", "Write az:// instead of abfss://."),
        ("ftp://host/pets", "Addresses with ftp:// cannot be used. An address begins"),
        ("/pictures/pets", "/pictures/pets is on this computer: use Add folder…"),
        ("file:///pictures/pets", "is on this computer"),
        ("https://host", "https://host names no file. Nobody can ask"),
        ("https://host/pets/", "https://host/pets/ names no file."),
        ("https://host/list.txt?sig=nobodySeesThis", "what follows its question mark is often a key"),
        ("s3://bucket/pets/", "s3://bucket/pets/ is already in the list."),
    ],
)
def test_what_cannot_be_a_source_is_told(text, told):
    found = typed(text, ("s3://bucket/pets",))
    assert told in found.line
    assert found.addresses == ()
    assert "nobodySeesThis" not in found.line


def test_what_will_be_added_and_where_keys_come_from_are_told():
    assert typed("").about == FROM_ENVIRONMENT
    assert typed(" S3://bucket/pets/ ").line == "s3://bucket/pets will be searched, with everything below it."
    assert typed("https://host/list.txt").line == "https://host/list.txt will be added."
    both = typed('"gs://a/b" s3://c/d')
    assert both.line == "2 addresses will be added, the first of which is gs://a/b."
    assert both.about == f"{WHERE_FROM['s3']} {WHERE_FROM['gs']}"


def test_what_is_not_installed_is_told_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(Extra, "is_there", False)
    assert typed("").line == typed("s3://bucket").line == obstacle("s3://bucket") == REMOTE.how
    assert "pip install 'stackgui[remote]'" in REMOTE.lacking
    monkeypatch.setattr(extras.sys, "frozen", True, raising=False)
    for extra in (REMOTE, CLUSTER):
        assert "downloaded as one program" in extra.lacking
