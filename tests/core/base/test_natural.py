"""Names in the order in which a person would list them, however many digits they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base import natural
from stackgui.core.base.natural import natural_key, natural_keys

LONG = 6000


@pytest.fixture(autouse=True)
def all_at_once(monkeypatch):
    """Have few names taken apart as many are."""
    monkeypatch.setattr(natural, "_FEW", 0)


def test_two_comes_before_ten():
    assert sorted(["10.png", "2.png", "1.png"], key=natural_key) == ["1.png", "2.png", "10.png"]


@given(st.integers(1, LONG), st.integers(1, LONG), st.sampled_from("19"), st.sampled_from(["", "é", "a"]))
def test_long_numbers_are_in_the_order_of_their_lengths(one, other, digit, before):
    names = [f"{before}{digit * length}" for length in (one, other)]
    if one != other:
        assert (natural_key(names[0]) < natural_key(names[1])) == (one < other)


@given(st.integers(0, 9), st.integers(0, 9))
def test_zeros_before_a_long_number_say_nothing(first, second):
    one, other = (f"{'0' * LONG}{digit}" for digit in (first, second))
    assert (natural_key(one) < natural_key(other)) == (first < second)
    assert natural_key("0" * LONG) == natural_key("0")


@given(st.lists(st.text("ab/01é 0123456789\0.\n") | st.integers(1, 60).map("1".__mul__)))
def test_keys_of_many_names_sort_them_alike(names):
    keys = natural_keys(names)
    assert len(keys) == len(names)
    for one, its_key in zip(names, keys, strict=True):
        for other, key in zip(names, keys, strict=True):
            assert (its_key < key) == (natural_key(one) < natural_key(other))


ALIKE = st.tuples(st.sampled_from(["", "a", "a1b", "0x"]), st.sampled_from(["", ".jpg", "b2", "-"]))


@given(
    ALIKE, st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 5)), min_size=1), st.text("a1", max_size=3)
)
def test_keys_of_names_that_differ_in_a_number_sort_them_alike(around, numbers, odd):
    before, after = around
    names = [f"{before}{number:0{width}}{after}" for number, width in numbers]
    for given_names in (names, [*names, odd], [f"{name}-{name}" for name in names]):
        keys = natural_keys(given_names)
        places = range(len(given_names))
        assert sorted(places, key=keys.__getitem__) == sorted(
            places, key=lambda place: natural_key(given_names[place])
        )


def test_names_that_are_alike_get_short_keys():
    assert natural_keys(["a_9.jpg", "a_10.jpg"]) == [9, 10]
    assert natural_keys(["01-2.jpg", "01-1.jpg"]) == ["01-2.jpg", "01-1.jpg"]


def test_few_names_are_taken_apart_one_by_one(monkeypatch):
    monkeypatch.setattr(natural, "_FEW", 3)
    names = ["a_9.jpg", "a_10.jpg"]
    assert natural_keys(names) == list(map(natural_key, names))
    assert natural_keys([*names, "a_11.jpg"]) == [9, 10, 11]
