import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.statistics import SizeCounts
from stackgui.gui.widgets.size_density import (
    Places,
    Scale,
    Window,
    along,
    bar_lengths,
    density,
    nearest,
    shades,
)

ENTRY = st.tuples(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 10**5))


def make(entries):
    table = np.array(sorted(entries), np.int64).reshape(-1, 3)
    return SizeCounts(
        table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2], np.arange(len(table))
    )


SCALES = st.sampled_from([Scale(), Scale(logarithmic=True)])
entries = st.lists(ENTRY, min_size=1, max_size=30, unique_by=lambda entry: entry[:2])


@given(entries, SCALES, st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_every_sample_is_counted_once_when_all_are_in_view(entries, scale, bins):
    sizes = make(entries)
    window, places = Window.around(sizes, None, scale), Places.of(sizes, scale)
    found = density(places, window, bins)
    assert found.shape == bins
    assert found.sum() == sizes.count.sum()
    across = along(places.across, sizes.count, window.left, window.right, bins[1])
    assert np.array_equal(across, found.sum(axis=0))


@given(entries, SCALES, st.integers(1, 5000), st.integers(1, 5000))
def test_only_what_is_in_view_is_counted(entries, scale, height, width):
    sizes = make(entries)
    inside = (sizes.height < height) & (sizes.width < width)
    window = Window(-1, scale.place(width), -1, scale.place(height))
    found = density(Places.of(sizes, scale), window, (7, 9))
    assert found.sum() == sizes.count[inside].sum()


@given(entries, SCALES, st.none() | st.tuples(st.integers(1, 9000), st.integers(1, 9000)))
def test_the_window_holds_everything_and_the_target(entries, scale, target):
    sizes = make(entries)
    window = Window.around(sizes, target, scale)
    assert window.right > scale.place(float(max(sizes.width.max(), target[1] if target else 0)))
    assert window.top > scale.place(float(max(sizes.height.max(), target[0] if target else 0)))
    assert window.left < scale.place(float(sizes.width.min()))
    assert window.bottom < scale.place(float(sizes.height.min()))


@given(SCALES, st.integers(1, 10**6))
def test_a_place_on_an_axis_is_one_side(scale, side_px):
    assert round(scale.side_px(scale.place(side_px))) == side_px


def test_rows_go_up_with_the_height():
    places = Places.of(make([(10, 10, 1), (90, 10, 5)]), Scale())
    assert density(places, Window(0, 100, 0, 100), (2, 2)).tolist() == [[1, 0], [5, 0]]


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


@given(entries, SCALES)
def test_the_nearest_to_a_size_is_itself(entries, scale):
    places = Places.of(make(entries), scale)
    for index in range(len(entries)):
        assert nearest(places, places.down[index], places.across[index], (1e-4, 1e-4)) == index


@given(
    entries,
    st.tuples(st.integers(0, 5000), st.integers(0, 5000)),
    st.tuples(st.integers(1, 900), st.integers(1, 900)),
)
def test_nothing_is_nearer_than_the_nearest(entries, point, reach):
    places = Places.of(make(entries), Scale())
    far = ((places.down - point[0]) / reach[0]) ** 2 + ((places.across - point[1]) / reach[1]) ** 2
    found = nearest(places, *point, reach)
    assert (found is None) == (far.min() > 1)
    assert found is None or far[found] == far.min()


def test_nothing_is_near_beyond_reach():
    one, none = Places.of(make([(100, 100, 1)]), Scale()), Places.of(make([]), Scale())
    assert nearest(one, 100, 111, (10, 10)) is None
    assert nearest(one, 100, 109, (10, 10)) == 0
    assert nearest(none, 1, 1, (10, 10)) is None
