"""Numbers as a person reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.units import UNITS, format_bytes, format_count, format_duration, format_share

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
