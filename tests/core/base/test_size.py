"""Sizes, and how they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import MAX_SIDE_PX, Size, SizeKind

SIZES = st.one_of(
    st.just(Size()),
    st.builds(Size.exact, st.integers(1, MAX_SIDE_PX), st.integers(1, MAX_SIDE_PX)),
    st.builds(
        lambda p: Size(SizeKind.PERCENTILE, percentile=p),
        st.floats(0, 100, exclude_min=True, allow_nan=False),
    ),
)


@given(SIZES)
def test_a_size_written_is_the_size_read(size):
    assert Size.parse(str(size)) == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("max", Size()),
        ("480x640", Size.exact(480, 640)),
        ("480 × 640", Size.exact(480, 640)),
        ("480X640", Size.exact(480, 640)),
        ("224X224", Size.exact(224, 224)),
        ("224\N{MULTIPLICATION SIGN}224", Size.exact(224, 224)),
        ("224", Size.exact(224, 224)),
        ("224 px", Size.exact(224, 224)),
        ("224,160", Size.exact(224, 160)),
        ("(224, 160)", Size.exact(224, 160)),
        ("[224 160]", Size.exact(224, 160)),
        ("224*160", Size.exact(224, 160)),
        ("MAX", Size()),
        ("p95", Size(SizeKind.PERCENTILE, percentile=95)),
        ("P95", Size(SizeKind.PERCENTILE, percentile=95)),
        ("95%", Size(SizeKind.PERCENTILE, percentile=95)),
        ("95 %", Size(SizeKind.PERCENTILE, percentile=95)),
        ("p99.5", Size(SizeKind.PERCENTILE, percentile=99.5)),
    ],
)
def test_sizes_are_read(text, size):
    assert Size.parse(text) == size


@pytest.mark.parametrize(
    "text", ["", "x", "4x", "x4", "4x4x4", "p", "p-5", "1e3x5", "1.5x2", "2.5", "4/4", "95 pct", "small"]
)
def test_what_is_no_size_is_refused_with_examples(text):
    with pytest.raises(UsageError, match=r"is not a size; write max, .* 480x640, .* p95"):
        Size.parse(text)


@pytest.mark.parametrize("text", ["0x0", "0x5", "5x0", "-1x5", "1000001x5", "999999999x1"])
def test_impossible_sizes_are_refused_with_the_limits(text):
    with pytest.raises(
        UsageError, match=r"are not possible; each side must be between 1 and 1,000,000 pixels"
    ):
        Size.parse(text)


@pytest.mark.parametrize("text", ["p0", "p100.1", "p1000"])
def test_impossible_percentiles_are_refused(text):
    with pytest.raises(UsageError, match="above 0 and at most 100"):
        Size.parse(text)
