import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.addresses import (
    absolute,
    is_address,
    normal,
    path_below,
    places_of_addresses,
    redacted,
    secret_in,
)
from stackgui.core.base.errors import UsageError

LETTERS = st.text("abcXYZ019-_.~", min_size=1, max_size=8)
NAMES = st.lists(LETTERS.filter(lambda name: set(name) != {"."}), min_size=1, max_size=4).map("/".join)
KEYS = st.text("abcdefXYZ0189+/=", min_size=8, max_size=24).map(lambda key: f"K{key}K")
BUCKETS = st.sampled_from(["s3", "gs", "az"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("s3://bucket/place/", "s3://bucket/place"),
        ("S3://bucket", "s3://bucket"),
        ("s3:/bucket/place", "s3://bucket/place"),
        ("https://host:8080/a/../list.csv", "https://host:8080/list.csv"),
        ("az://container/a//b", "az://container/a/b"),
    ],
)
def test_addresses_are_tidied(typed, kept):
    assert is_address(typed)
    assert absolute(typed) == kept


@pytest.mark.parametrize("name", ["pictures", "/s3", "C:/pictures", "ftp://host/x", "s3"])
def test_other_names_are_no_addresses(name):
    assert not is_address(name)


@given(BUCKETS, LETTERS, KEYS, NAMES)
def test_names_and_passwords_are_refused_and_not_repeated(scheme, user, key, place):
    user = f"AKIA{user}X"
    address = f"{scheme}://{user}:{key}@{place}"
    with pytest.raises(UsageError) as refused:
        absolute(address)
    assert user not in str(refused.value)
    assert key not in str(refused.value)


@given(NAMES, KEYS, NAMES)
def test_queries_and_passwords_get_lost_in_texts(place, key, other):
    text = f"file,label\nhttps://{place}.jpg?X-Amz-Signature={key}\nhttp://me:{key}@{other}\n"
    made = redacted(text)
    assert key not in made
    assert made.startswith(f"file,label\nhttps://{place}.jpg?…\n")
    assert all(secret_in(line) for line in made.splitlines()[1:])


@given(BUCKETS, NAMES, NAMES)
def test_what_lies_below_a_place_is_named_relative_to_it(scheme, place, name):
    folder = f"{scheme}://{place}"
    assert path_below(folder, f"{folder}/{name}") == name
    assert path_below(folder, name) == name
    assert path_below(f"{scheme}://", f"{folder}/{name}") == f"{place}/{name}"
    assert path_below(folder, f"{folder}-{name}") is None
    assert path_below(folder, f"{folder}/" + "../" * 9 + f"_{name}") is None
    assert normal(normal(folder)) == normal(folder)


def test_what_lies_elsewhere_has_no_relative_name():
    assert path_below("https://", "s3://bucket/cat.jpg") is None
    assert path_below("/pictures", "s3://bucket/cat.jpg") is None


@given(
    st.lists(
        st.sampled_from([b"s3://a/b.png", b"https://a/b.png", b"/a/b.png", b"/a://b.png", b"s3:/a", b""])
    )
)
def test_addresses_among_names_are_told_as_one_by_one(names):
    expected = [place for place, name in enumerate(names) if is_address(name)]
    assert places_of_addresses(names) == expected
