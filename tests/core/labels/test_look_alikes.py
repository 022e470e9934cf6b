"""Look-alikes are exactly those that comparing all pairs finds, however many are alike."""

from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.errors import Cancelled
from stackgui.core.labels import look_alikes
from stackgui.core.labels.grouping import NO_KEY, joined_groups
from stackgui.core.labels.look_alikes import MAX_COARSE, MAX_DIFFERENCE, Sketches, first_alike

BITS = 128


def sketches_near(rng: np.random.Generator, count: int, kinds: int, most_flipped: int) -> Sketches:
    """Return sketches that differ in a few bits from one of some kinds; some of them were not made."""
    kind = rng.integers(0, 2, (kinds, BITS), np.uint8)
    bits = kind[rng.integers(0, kinds, count)]
    for sketch in bits:
        sketch[rng.integers(0, BITS, rng.integers(0, most_flipped + 1))] ^= 1
    bits[rng.random(count) < 0.05] = 0
    halves = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
    return Sketches(halves[:, 0].copy(), halves[:, 1].copy())


def by_all_pairs(sketches: Sketches) -> list[int]:
    """Return what `first_alike` should."""
    count = len(sketches.coarse)
    first = list(range(count))
    made = [bool(coarse | fine) for coarse, fine in zip(sketches.coarse, sketches.fine, strict=True)]
    found = [NO_KEY] * count
    for one in range(count):
        for other in range(one):
            coarse, fine = (
                int(half[one] ^ half[other]).bit_count() for half in (sketches.coarse, sketches.fine)
            )
            if made[one] and made[other] and coarse <= MAX_COARSE and coarse + fine <= MAX_DIFFERENCE:
                least, most = sorted((first[one], first[other]))
                first = [least if each == most else each for each in first]
                found[one] = found[other] = 0
    return [NO_KEY if each == NO_KEY else first[place] for place, each in enumerate(found)]


@settings(max_examples=12)  # the tables of bands take a tenth of a second
@given(
    st.integers(0, 2**32),
    st.integers(30, 60),
    st.integers(1, 20),
    st.integers(0, 30),
    st.booleans(),
    st.booleans(),
)
def test_they_are_those_that_comparing_all_pairs_finds(seed, count, kinds, most_flipped, in_bands, thins_out):
    sketches = sketches_near(np.random.default_rng(seed), count, kinds, most_flipped)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(look_alikes, "FEW", 0 if in_bands else 100)
        patch.setattr(look_alikes, "_PAIRS_AT_ONCE", 7)
        patch.setattr(look_alikes, "_JOINED_AT_ONCE", 3)
        if thins_out:
            for name, number in (("LARGE", 1), ("PIVOTS", 2), ("_MANY_PAIRS", 0)):
                patch.setattr(look_alikes, name, number)
        assert first_alike(sketches).tolist() == by_all_pairs(sketches)


def test_bands_hold_each_bit_once_and_are_near_wherever_halves_are():
    assert [bit for first, width in look_alikes.BANDS for bit in range(first, first + width)] == list(
        range(64)
    )
    assert len(look_alikes.BANDS) * (look_alikes.MAX_FLIPPED + 1) > MAX_COARSE


def test_many_thousands_that_are_equal_take_little_time_and_memory():
    count = 300_000  # all pairs of which would be 45 thousand million
    sketches = Sketches(np.full(count, 5, np.uint64), np.full(count, 6, np.uint64))
    sketches.coarse[1] = 0xFFFF_FFFF
    found = first_alike(sketches)
    assert np.flatnonzero(found).tolist() == [1]
    assert found[1] == NO_KEY


def test_thousands_that_are_nearly_equal_are_one_group():
    flipped = np.arange(3000, dtype=np.uint64)
    # Numbers below 4096 differ in at most 12 bits, and in one from some other.
    found = first_alike(Sketches(flipped + np.uint64(1 << 40), flipped))
    assert set(found.tolist()) == {0}


def test_frames_that_are_all_alike_are_compared_a_few_times_each(monkeypatch):
    count, rng, compared, alike = 6000, np.random.default_rng(3), [], Sketches.alike
    halves = np.array([np.uint64(0x0123_4567_89AB_CDEF), np.uint64(0xFEDC_BA98_7654_3210)])
    coarse, fine = (np.full(count, half) for half in halves)
    for half, flips in ((coarse, 4), (fine, 6)):
        for _ in range(flips):
            np.bitwise_xor(half, np.uint64(1) << rng.integers(0, 64, count).astype(np.uint64), out=half)

    def counted(sketches, one, other):
        compared.append(len(one))
        return alike(sketches, one, other)

    monkeypatch.setattr(Sketches, "alike", counted)
    assert len(set(first_alike(Sketches(coarse, fine)).tolist())) <= 2
    assert sum(compared) < count**2 / 8, "all pairs would be half the square"


def test_what_was_not_sketched_is_like_nothing():
    nothing = np.zeros(3, np.uint64)
    assert first_alike(Sketches(nothing, nothing)).tolist() == [NO_KEY] * 3
    assert first_alike(Sketches(nothing[:0], nothing[:0])).tolist() == []


def test_they_can_be_joined_with_other_groups():
    sketches = Sketches(np.array([9, 0, 9, 7 << 50], np.uint64), np.array([1, 0, 1, 8], np.uint64))
    patient = np.array([NO_KEY, 4, 4, 4])
    assert joined_groups([first_alike(sketches), patient]).tolist() == [0, 0, 0, 0]


def test_it_can_be_cancelled():
    sketches = sketches_near(np.random.default_rng(0), 6000, 6000, 0)
    with pytest.raises(Cancelled):
        first_alike(sketches, Mock(check=Mock(side_effect=[None] * 5 + [Cancelled()])))
