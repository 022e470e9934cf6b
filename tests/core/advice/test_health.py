"""What may be wrong with samples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.advice.health import Checks, HealthKind, from_checks, from_headers, said_of, which_of
from stackgui.core.base.columns import Coded
from tests.making import make_catalog


def told(findings):
    return {finding.kind: finding.samples.tolist() for finding in findings}


def test_odd_sizes_and_shapes_are_those_far_from_all_others():
    sizes = [(100 + n, 100) for n in range(20)] + [(900, 900), (10, 9000), (0, 0)]
    catalog = make_catalog(sizes, problem=[""] * 22 + ["damaged"])
    assert told(from_headers(catalog)) == {
        HealthKind.ODD_SIZE: [20, 21],
        HealthKind.ODD_SHAPE: [21],
    }


@pytest.mark.parametrize("count", [1, 2, 30])
def test_what_is_all_alike_is_not_odd(count):
    assert told(from_headers(make_catalog([(7, 9)] * count))) == {}


def test_without_a_spread_whatever_differs_much_is_odd():
    sizes = [(70, 90)] * 30 + [(140, 180), (70, 91), (90, 70)]
    assert told(from_headers(make_catalog(sizes))) == {
        HealthKind.ODD_SIZE: [30],
        HealthKind.ODD_SHAPE: [32],
    }


@given(st.lists(st.tuples(st.sampled_from([1, 2, 4, 8]), st.sampled_from([1, 2, 4, 8])), max_size=60))
def test_shapes_are_as_odd_turned_as_upright(sizes):
    upright, turned = (
        told(from_headers(make_catalog(each))).get(HealthKind.ODD_SHAPE, [])
        for each in (sizes, [(width, height) for height, width in sizes])
    )
    assert upright == turned


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2)), max_size=30))
def test_duplicates_are_all_but_the_first_of_their_kind(pictures):
    size = [(side, 2) for _checksum, side in pictures]
    count = len(pictures)
    checks = Checks(
        np.array([checksum for checksum, _side in pictures], np.uint64),
        np.full(count, 0.5, np.float32),
        np.full(count, 0.5, np.float32),
        Coded.constant("", count),
    )
    repeated = [n for n, picture in enumerate(pictures) if picture[0] and picture in pictures[:n]]
    assert told(from_checks(make_catalog(size), checks)).get(HealthKind.DUPLICATE, []) == repeated


def test_what_cannot_be_read_is_no_finding():
    catalog = make_catalog([(0, 0)] * 2, problem=["damaged", "empty"])
    assert told(from_headers(catalog)) == {}


@pytest.mark.parametrize("kind", HealthKind)
def test_every_finding_is_a_sentence(kind):
    assert said_of(kind, 1).startswith("1 picture ")
    assert said_of(kind, 1200).startswith("1,200 pictures ")
    assert said_of(kind, 1) == f"1 picture {which_of(kind, 1).removeprefix('that ')}."


@given(
    st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=30),
)
def test_what_is_left_of_duplicates_is_what_checking_the_others_alone_would_find(pictures):
    """Each is a checksum, and whether the picture is left out."""
    count, out = len(pictures), np.array([left_out for _, left_out in pictures])
    checksum = np.array([each for each, _ in pictures], np.uint64)
    fine = np.full(count, 0.5, np.float32)
    catalog = make_catalog([(2, 2)] * count)
    found = from_checks(catalog, Checks(checksum, fine, fine, Coded.constant("", count)))
    left = [sample for finding in found for sample in finding.left_of(out).tolist()]
    seen: set[int] = set()
    again = [n for n in range(count) if not out[n] and (checksum[n] in seen or seen.add(checksum[n]))]
    assert left == again


def test_what_decoding_tells():
    checks = Checks(
        checksum=np.array([5, 5, 7, 8, 9, 0, 5], np.uint64),
        brightness=np.array([0.5, 0.5, 0.01, 0.99, 0.0, 0, 0.5], np.float32),
        spread=np.array([0.2, 0.2, 0.02, 0.02, 0.0, 0, 0.2], np.float32),
        problem=Coded.from_values(["", "", "", "", "", "the file ends early", ""]),
    )
    catalog = make_catalog([(4, 4)] * 6 + [(2, 8)])
    assert checks.failed == {5: "the file ends early"}
    assert told(from_checks(catalog, checks)) == {
        HealthKind.DUPLICATE: [1],
        HealthKind.BLANK: [4],
        HealthKind.DARK: [2],
        HealthKind.LIGHT: [3],
    }
