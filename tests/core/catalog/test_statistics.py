"""A catalog in figures, against the plainest way to count."""

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.skipped import Skipped
from stackgui.core.catalog.statistics import describe
from tests.making import make_catalog

SAMPLE = st.tuples(
    st.integers(1, 6),
    st.integers(1, 6),
    st.sampled_from([1, 3]),
    st.sampled_from(["png", "jpeg"]),
    st.sampled_from(["", "", "", "damaged"]),
    st.integers(1, 8),
    st.integers(0, 1),
)


@given(st.lists(SAMPLE, max_size=25))
def test_figures_are_those_of_counting(samples):
    columns = list(zip(*samples, strict=True)) or [()] * 7
    height, width, channels, formats, problems, orientation, source = map(list, columns)
    catalog = make_catalog(
        list(zip(height, width, strict=True)),
        sources=("/a", "/b"),
        source=source,
        channels=channels,
        format=formats,
        problem=problems,
        orientation=orientation,
    )
    found = describe(catalog)
    usable = [sample for sample in samples if not sample[4]]
    assert (found.samples, found.usable) == (len(samples), len(usable))
    assert found.pixels == sum(sample[0] * sample[1] for sample in usable)
    assert found.file_bytes == sum(1000 + index for index in range(len(samples)))
    assert found.formats == Counter(sample[3] for sample in usable)
    assert found.channels == Counter(sample[2] for sample in usable)
    assert found.problems == Counter(problem for problem in problems if problem)
    assert found.turned == sum(sample[5] > 1 for sample in usable)
    assert tuple(found.per_source.values()) == (source.count(0), source.count(1))
    if usable:
        sizes_bytes = [1000 + index for index, sample in enumerate(samples) if not sample[4]]
        assert (found.file_size.smallest, found.file_size.largest) == (min(sizes_bytes), max(sizes_bytes))
        wide, high = sum(s[1] > s[0] for s in usable), sum(s[1] < s[0] for s in usable)
        assert (found.shapes.wide, found.shapes.high) == (wide, high)
        assert found.shapes.square == len(usable) - wide - high
        ratios = [width / height for height, width in (s[:2] for s in usable)]
        assert found.shapes.widest[1] / found.shapes.widest[0] == max(ratios)
        assert found.shapes.highest[1] / found.shapes.highest[0] == min(ratios)
    else:
        assert found.shapes is None
    sizes = found.sizes
    counted = dict(
        zip(zip(sizes.height.tolist(), sizes.width.tolist(), strict=True), sizes.count, strict=True)
    )
    assert counted == Counter(sample[:2] for sample in usable)
    for size, example in zip(counted, sizes.example.tolist(), strict=True):
        first = next(index for index, s in enumerate(samples) if s[:2] == size and not s[4])
        assert example == first


@given(st.lists(st.integers(1, 50), min_size=1, max_size=200))
def test_spread_is_of_values_that_occur(heights):
    found = describe(make_catalog([(height, 1) for height in heights])).height
    ordered = sorted(heights)

    def at(share):
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    assert (found.smallest, found.largest) == (ordered[0], ordered[-1])
    assert (found.quarter, found.median, found.three_quarters) == (at(0.25), at(0.5), at(0.75))
    assert found.percentile_99 == at(0.99)


def test_nothing_found_is_described_too():
    found = describe(make_catalog([]))
    assert (found.samples, found.pixels, found.height, found.formats) == (0, 0, None, {})
    assert len(found.sizes.count) == 0


def test_skipped_files_are_counted_by_kind():
    skipped = Skipped(
        Paths.from_names(["a", "b", "c"]),
        Coded.from_values(["hidden files", "not pictures", "not pictures"]),
        Coded.constant("", 3),
    )
    assert describe(make_catalog([(1, 1)], skipped=skipped)).skipped == {"not pictures": 2, "hidden files": 1}
