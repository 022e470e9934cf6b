"""Parts by shares for groups that stay together."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.labels import exchange
from stackgui.core.labels.exchange import Aim
from stackgui.core.labels.grouping import NO_KEY
from stackgui.core.labels.label_sets import LabelSets
from stackgui.core.labels.placing import NOT_FIXED, place_groups
from stackgui.core.labels.profiles import Strata

SHARES = st.sampled_from([(0.8, 0.1, 0.1), (0.7, 0.15, 0.15), (0.5, 0.5, 0.0), (0.34, 0.33, 0.33)])


@st.composite
def made(draw, most=40, groups=12, classes=3):
    """Return keys and labels of some samples."""
    count = draw(st.integers(1, most))
    key = draw(st.lists(st.integers(NO_KEY, groups - 1), min_size=count, max_size=count))
    label = draw(st.lists(st.integers(-1, classes - 1), min_size=count, max_size=count))
    return np.array(key, np.int64), np.array(label, np.int32)


def identity(count, seed=0):
    return np.random.default_rng(seed).permutation(count).astype(np.uint64)


def placed(key, label, shares=(0.8, 0.1, 0.1), ident=None, fixed=None, classes=3):
    ident = identity(len(key)) if ident is None else ident
    return place_groups(key, Strata.of(label, classes), shares, ident, fixed)


def cost(part, label, shares, classes=3):
    """Return how many parts are empty in a placement, and how far it is off, counted plainly."""
    share = [each for each in shares if each]
    empty = len(share) - len(set(part.tolist()))
    strata = [np.ones(len(part), np.bool_), *(label == number for number in range(classes))]
    total = np.array([np.count_nonzero(stratum) for stratum in strata], float)
    has = np.array(
        [[np.count_nonzero(part[stratum] == number) for number in range(len(share))] for stratum in strata]
    )
    aim = Aim.of(np.array(share), total, has)
    return empty, round(float(np.sum(np.square(aim.missing) * aim.weight[:, None] / aim.share)), 4)


@given(made(), SHARES)
def test_no_group_is_in_two_parts(samples, shares):
    key, label = samples
    part = placed(key, label, shares)
    for number in set(key.tolist()) - {NO_KEY}:
        assert len(set(part[key == number].tolist())) == 1
    assert all(shares[each] for each in part.tolist())


@given(made(), SHARES, st.randoms(use_true_random=False))
def test_the_order_of_samples_has_no_influence(samples, shares, random):
    key, label = samples
    ident = identity(len(key))
    order = np.array(random.sample(range(len(key)), len(key)))
    renamed = np.array([NO_KEY, *random.sample(range(100), 12)])[key[order] + 1]
    found = placed(key, label, shares, ident)
    assert placed(renamed, label[order], shares, ident[order]).tolist() == found[order].tolist()


@given(made(groups=6), SHARES)
def test_few_groups_are_placed_as_well_as_can_be(samples, shares):
    key, label = samples
    key = np.abs(key)
    names, group = np.unique(key, return_inverse=True)
    parts = [number for number, share in enumerate(shares) if share]
    tried = product(range(len(parts)), repeat=len(names))
    least = min(cost(np.array(each)[group], label, shares) for each in tried)
    assert cost(placed(key, label, shares), label, shares) == pytest.approx(least, abs=1e-3)


@given(made(most=60, groups=7), SHARES)
def test_many_groups_are_placed_nearly_as_well(samples, shares):
    """What is found step by step is compared with the best."""
    key, label = samples
    key = np.abs(key)
    empty, best = cost(placed(key, label, shares), label, shares)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "MAX_TRIED", 0)
        empty_now, found = cost(placed(key, label, shares), label, shares)
    assert empty == empty_now
    assert best <= found + 1e-3
    largest = np.bincount(key).max()
    assert found <= best + 4 * largest**2 / len(key) / min(filter(None, shares))


def off(part, label, shares):
    """Return how many samples each part has too many, and how many of each class, shape (parts,)."""
    share, strata = np.array(shares), [label >= 0, *(label == number for number in range(3))]
    return np.array([np.bincount(part[each], minlength=3) - share * each.sum() for each in strata])


@given(st.integers(0, 1000), SHARES)
def test_pictures_without_groups_are_divided_exactly(count, shares):
    label = np.arange(count, dtype=np.int32) % 3
    missed = np.abs(off(placed(np.full(count, NO_KEY), label, shares), label, shares))
    assert missed[0].max() < 2
    assert missed[1:].max() < 1.5


@given(st.integers(0, 2**32 - 1))
def test_patients_of_all_sizes_come_near_to_the_shares(seed):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 60, 120)
    key = np.repeat(np.arange(120), sizes)
    sick = np.repeat(rng.random(120) < 0.3, sizes).astype(np.int32)
    missed = np.abs(off(placed(key, sick), sick, (0.8, 0.1, 0.1)))
    # Patients have up to 59 pictures. Nearly always it is below 2, but it is no search for the best.
    assert missed[0].max() <= 5
    assert missed[1:].max() <= 10


@given(made(), SHARES, st.data())
def test_what_has_a_part_keeps_it_and_its_group_follows(samples, shares, data):
    key, label = samples
    before = placed(key, label, shares)
    is_old = np.array(data.draw(st.lists(st.booleans(), min_size=len(key), max_size=len(key))))
    fixed = np.where(is_old, before, NOT_FIXED).astype(np.int32)
    found = placed(key, label, shares, fixed=fixed)
    assert found[is_old].tolist() == before[is_old].tolist()
    for number in set(key[is_old].tolist()) - {NO_KEY}:
        assert set(found[key == number].tolist()) == set(before[(key == number) & is_old].tolist())


def test_a_group_that_was_in_two_parts_is_followed_to_where_most_of_it_is():
    key, fixed = np.array([7, 7, 7, 7]), np.array([0, 2, 2, NOT_FIXED], np.int32)
    found = placed(key, np.zeros(4, np.int32), fixed=fixed)
    assert found.tolist() == [0, 2, 2, 2]


@pytest.mark.parametrize(
    ("patients", "wanted"), [(2, [1, 1, 0]), (3, [1, 1, 1]), (4, [2, 1, 1]), (60, [48, 6, 6])]
)
def test_no_part_stays_empty_if_there_are_groups_enough(patients, wanted):
    key = np.repeat(np.arange(patients), 50)
    part = placed(key, np.zeros(len(key), np.int32))
    assert (np.bincount(part, minlength=3) // 50).tolist() == wanted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "MAX_TRIED", 0)
        assert np.bincount(placed(key, np.zeros(len(key), np.int32)), minlength=3).tolist()[0] >= 50


def test_another_seed_places_other_groups():
    key, label = np.repeat(np.arange(50), 4), np.repeat(np.arange(50, dtype=np.int32) % 3, 4)
    idents = [np.repeat(np.random.default_rng(seed).permutation(50), 4).astype(np.uint64) for seed in (1, 2)]
    one, other = (placed(key, label, ident=ident) for ident in idents)
    assert one.tolist() != other.tolist()
    assert np.bincount(one).tolist() == np.bincount(other).tolist()


def test_several_classes_of_a_sample_all_count():
    sets = LabelSets.of([(0,), (0, 1), (1, 2)], 3)
    strata = Strata.of(np.array([1, -1, 0, 2], np.int32), 3, sets)
    assert list(zip(strata.sample.tolist(), strata.number.tolist(), strict=True)) == [
        (0, 0), (0, 1), (2, 0), (3, 1), (3, 2)
    ]  # fmt: skip
    assert len(Strata.of(None, 3).sample) == 0
