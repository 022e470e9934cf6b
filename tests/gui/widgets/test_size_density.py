import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.statistics import SizeCounts
from stackgui.gui.widgets.size_density import Window, along, bar_lengths, density, nearest, shades

ENTRY = st.tuples(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 10**5))


def make(entries):
    table = np.array(entries, np.int64).reshape(-1, 3)
    return SizeCounts(
        table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2], np.arange(len(table))
    )


entries = st.lists(ENTRY, min_size=1, max_size=30, unique_by=lambda entry: entry[:2])


@given(entries, st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_every_sample_is_counted_once_when_all_are_in_view(entries, bins):
    sizes = make(entries)
    window = Window.around(sizes, None)
    found = density(sizes, window, bins)
    assert found.shape == bins
    assert found.sum() == sizes.count.sum()
    across = along(sizes.width, sizes.count, window.left, window.right, bins[1])
    assert np.array_equal(across, found.sum(axis=0))


@given(entries, st.integers(1, 5000), st.integers(1, 5000))
def test_only_what_is_in_view_is_counted(entries, height, width):
    sizes = make(entries)
    inside = (sizes.height < height) & (sizes.width < width)
    found = density(sizes, Window(0, width, 0, height), (7, 9))
    assert found.sum() == sizes.count[inside].sum()


@given(entries, st.none() | st.tuples(st.integers(1, 9000), st.integers(1, 9000)))
def test_the_window_holds_everything_and_the_target(entries, target):
    sizes = make(entries)
    window = Window.around(sizes, target)
    assert window.right > max(sizes.width.max(), target[1] if target else 0)
    assert window.top > max(sizes.height.max(), target[0] if target else 0)


def test_rows_go_up_with_the_height():
    found = density(make([(10, 10, 1), (90, 10, 5)]), Window(0, 100, 0, 100), (2, 2))
    assert found.tolist() == [[1, 0], [5, 0]]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_shades_keep_order_and_make_single_pictures_visible(counts):
    given_counts = np.array(counts, np.float32)
    found = shades(given_counts)
    assert (found[given_counts == 0] == 0).all()
    assert (found[given_counts > 0] >= 0.25).all()
    assert (np.diff(found[np.argsort(given_counts)]) >= 0).all()
    assert found.max() <= 1


@given(st.lists(st.integers(0, 10**7), max_size=20))
def test_bars_are_in_proportion_but_a_single_picture_can_be_seen(counts):
    found = bar_lengths(np.array(counts, np.float64))
    most = max(counts, default=0)
    for count, length in zip(counts, found, strict=True):
        assert length == 0 if count == 0 else length >= 0.04
        assert count * 25 < most or length == count / max(most, 1)


@given(entries)
def test_the_nearest_to_a_size_is_itself(entries):
    sizes = make(entries)
    for index in range(len(entries)):
        assert nearest(sizes, sizes.height[index], sizes.width[index], (3, 3)) == index


def test_nothing_is_near_beyond_reach():
    assert nearest(make([(100, 100, 1)]), 100, 111, (10, 10)) is None
    assert nearest(make([(100, 100, 1)]), 100, 109, (10, 10)) == 0
    assert nearest(make([]), 1, 1, (10, 10)) is None
