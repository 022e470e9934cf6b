"""Which numbers can become which."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Reduce
from stackgui.core.plan.numbers import can_convert, promote

INTEGERS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"]
FLOATS = ["float16", "float32", "float64"]


def extremes(dtype: str) -> list[int]:
    """The values of an integer dtype that are hardest to hold."""
    limits = np.iinfo(dtype)
    return [int(limits.min), int(limits.max), int(limits.max) - 1]


@given(st.lists(st.sampled_from(["bool", *INTEGERS, *FLOATS]), min_size=1, max_size=4))
def test_promotion_holds_every_value(dtypes):
    try:
        result = promote(dtypes)
    except ValueError:
        result = None
    if result is None:
        assert {"int64", "uint64"} & set(dtypes)
        return
    for dtype in dtypes:
        if dtype in INTEGERS:
            assert all(int(np.array(value, dtype).astype(result)) == value for value in extremes(dtype))
        elif dtype in FLOATS:
            assert np.finfo(result).bits >= np.finfo(dtype).bits


@pytest.mark.parametrize(
    ("dtypes", "result"),
    [
        (["uint8"], "uint8"),
        (["uint8", "uint16"], "uint16"),
        (["uint8", "float16"], "float16"),
        (["uint16", "float16"], "float32"),
        (["uint8", "int8"], "int16"),
        (["bool"], "uint8"),
        (["bool", "float32"], "float32"),
        (["int64"], "int64"),
    ],
)
def test_promotions(dtypes, result):
    assert promote(dtypes) == np.dtype(result)


@pytest.mark.parametrize("dtypes", [["int64", "uint64"], ["int64", "float32"], []])
def test_promotions_that_are_not_possible(dtypes):
    with pytest.raises(ValueError, match="no "):
        promote(dtypes)


def test_integers_become_integers_without_a_loss_or_are_brought_down_among_the_unsigned():
    for source, target in itertools.product(INTEGERS, INTEGERS):
        limits = np.iinfo(target)
        safe = all(limits.min <= value <= limits.max for value in extremes(source))
        assert can_convert(source, target) == (safe or source[0] == target[0] == "u")


@pytest.mark.parametrize("source", ["bool", *INTEGERS, *FLOATS])
def test_everything_becomes_a_float(source):
    assert all(can_convert(source, target) for target in FLOATS)


@pytest.mark.parametrize(
    ("source", "target"),
    [("float32", "uint8"), ("complex64", "float32"), ("complex64", "uint8"), ("int8", "uint8")],
)
def test_what_needs_a_rule_is_refused(source, target):
    assert not can_convert(source, target)


def test_the_least_and_most_that_occur_lead_from_everything_to_everything():
    kinds = [*INTEGERS, *FLOATS]
    assert all(can_convert(a, b, Reduce.MIN_MAX) for a, b in itertools.product(kinds, kinds))
    assert not can_convert("complex64", "uint8", Reduce.MIN_MAX)


def test_truth_becomes_a_number():
    assert can_convert("bool", "uint8")
