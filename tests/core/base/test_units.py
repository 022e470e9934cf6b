"""Numbers as a person reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base import skip_kinds
from stackgui.core.base.units import (
    UNITS,
    agree_part,
    enumerated,
    format_bytes,
    format_count,
    format_done,
    format_duration,
    format_part,
    format_rate,
    format_seconds,
    format_shape,
    format_share,
    format_size,
    format_times,
)

FACTORS = {"byte": 1} | {unit: 1000**power for power, unit in enumerate(UNITS)}


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.00 kB"),
        (9_994, "9.99 kB"),
        (9_996, "10.0 kB"),
        (99_949, "99.9 kB"),
        (99_960, "100 kB"),
        (999_499, "999 kB"),
        (999_500, "1.00 MB"),
        (95_400_000_000, "95.4 GB"),
        (5_000 * 10**18, "5,000 EB"),
        (-1500, "-1.50 kB"),
    ],
)
def test_bytes(count, text):
    assert format_bytes(count) == text


@given(st.integers(0, 999 * 10**18))
def test_bytes_are_right_to_three_digits(count):
    number, unit = format_bytes(count).split()
    assert float(number) * FACTORS[unit] == pytest.approx(count, rel=0.005)
    assert len(re.sub(r"\D", "", number)) <= 3


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_size_names_the_width_first(height, width):
    wide, high = format_size(height, width).split(" × ")
    assert (int(high.replace(",", "")), int(wide.replace(",", ""))) == (height, width)


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_a_shape_is_as_numpy_writes_it(sides):
    assert format_shape(sides) == str(tuple(sides))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "a few seconds"),
        (9.9, "a few seconds"),
        (10, "about 10 seconds"),
        (44, "about 40 seconds"),
        (89, "about 90 seconds"),
        (120, "about 2 minutes"),
        (5399, "about 90 minutes"),
        (2 * 3600, "about 2 hours"),
        (3 * 86_400, "about 3 days"),
    ],
)
def test_durations(seconds, text):
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (1e-9, "< 1 %"), (0.25, "25 %"), (0.994, "99.4 %"), (1 - 1e-9, "99.9 %"), (1, "100 %")],
)
def test_shares(share, text):
    assert format_share(share) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 pictures"), (1, "1 picture"), (8110, "8,110 pictures")])
def test_counts(count, text):
    assert format_count(count, "picture") == text
    assert format_count(2, "child", "children") == "2 children"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 1, "no picture is"),
        (1, 1, "the picture is"),
        (0, 2, "no picture is"),
        (1, 2, "1 of 2 pictures is"),
        (2, 2, "both pictures are"),
        (2, 3, "2 of 3 pictures are"),
        (3, 3, "all 3 pictures are"),
        (1_000, 2_000, "1,000 of 2,000 pictures are"),
    ],
)
def test_parts_of_a_whole(part, whole, text):
    assert f"{format_part(part, whole, 'picture')} {agree_part(part, 'is', 'are')}" == text


@pytest.mark.parametrize(
    ("per_s", "text"),
    [
        (0.0, "0 pictures a second"),
        (0.5, "0.5 pictures a second"),
        (1.0, "1 picture a second"),
        (1.04, "1 picture a second"),
        (2.0, "2 pictures a second"),
        (9.96, "10 pictures a second"),
        (1234.5, "1,234 pictures a second"),
    ],
)
def test_rates(per_s, text):
    assert format_rate(per_s, "picture") == text


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0 seconds"), (1.0, "1 second"), (2.5, "2.5 seconds")])
def test_measured_seconds(seconds, text):
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1.04, "1.0"), (3.25, "3.2"), (12.4, "12"), (123.4, "120"), (19_991_203.0, "20,000,000")],
)
def test_times_as_large_have_no_digits_that_tell_nothing(ratio, text):
    assert format_times(ratio) == text


@pytest.mark.parametrize("kind", [value for name, value in vars(skip_kinds).items() if name.isupper()])
def test_each_kind_of_skipped_files_has_a_singular_and_a_plural(kind):
    if isinstance(kind, str):
        one, several = skip_kinds.format_skipped({kind: 1}), skip_kinds.format_skipped({kind: 2})
        assert one.startswith("1 ")
        assert several.startswith("2 ")
        assert one.removeprefix("1") != several.removeprefix("2")
        assert one.fields["part0"].many, "it is translated as a whole"


def test_what_was_left_aside_reads_well():
    told = {"not pictures": 1, "links to other places": 1, "hidden files": 2}
    assert (
        skip_kinds.format_skipped(told)
        == "1 file that is not a picture, 1 link to another place and 2 hidden files"
    )
    assert skip_kinds.format_skipped({"of a later version": 1}) == "1 of a later version"


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_are_listed_as_one_says_them(parts, text):
    assert enumerated(parts) == text


@pytest.mark.parametrize(
    ("done", "whole", "text"),
    [(0, 1, "0 of 1 picture"), (1, 1, "1 of 1 picture"), (5, 250, "5 of 250 pictures")],
)
def test_how_far_a_count_has_come_agrees_with_the_whole(done, whole, text):
    assert format_done(done, whole, "picture") == text
