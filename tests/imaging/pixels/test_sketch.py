"""Sketches of pictures that were saved, scaled or lit anew stay alike, and those of others do not."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from stackgui.core.labels.look_alikes import MAX_COARSE, MAX_DIFFERENCE
from stackgui.imaging import SKETCH_PX, sketch_of
from tests.benchmarks.alike import VARIANTS, ways

MADE = 16


def scene(seed: int) -> Image.Image:
    """Return a made picture that has as much of slow and fast waves as photographs have."""
    # A copy: saving leaves settings of the encoder on a picture, which another kind of file refuses.
    return _scene(seed).copy()


@cache
def _scene(seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    pixels = np.zeros((180, 240, 3))
    for octave in range(6):
        noise = rng.integers(0, 256, (3 << octave, 4 << octave, 3), np.uint8)
        pixels += (
            np.asarray(Image.fromarray(noise).resize((240, 180), Image.Resampling.BICUBIC)) * 0.5**octave
        )
    return Image.fromarray((pixels / 2).clip(0, 255).astype(np.uint8))


def grey_of(picture: Image.Image) -> np.ndarray:
    small = picture.convert("L").resize((SKETCH_PX, SKETCH_PX), Image.Resampling.BOX)
    return np.asarray(small, np.float64)


def sketched(picture: Image.Image) -> tuple[int, int]:
    return sketch_of(grey_of(picture), white=255)


def are_alike(one: tuple[int, int], other: tuple[int, int]) -> bool:
    coarse, fine = (((a ^ b) & (2**64 - 1)).bit_count() for a, b in zip(one, other, strict=True))
    return coarse <= MAX_COARSE and coarse + fine <= MAX_DIFFERENCE


@pytest.mark.parametrize("way", ways(sure=True))
def test_a_picture_that_was_saved_or_scaled_or_lit_anew_stays_alike(way):
    pictures = [scene(seed) for seed in range(MADE)]
    assert all(are_alike(sketched(each), sketched(VARIANTS[way](each))) for each in pictures)


def test_other_pictures_are_not_alike():
    sketches = [sketched(scene(seed)) for seed in range(2 * MADE)]
    assert not any(are_alike(*pair) for pair in combinations(sketches, 2))


def test_pictures_of_one_colour_have_no_sketch():
    noise = np.random.default_rng(0).normal(scale=1, size=(SKETCH_PX, SKETCH_PX))
    for flat in (np.zeros_like(noise), np.full_like(noise, 200), 200 + noise, np.clip(noise, 0, None)):
        assert sketch_of(flat, white=255) == (0, 0)


def test_what_has_no_range_or_holds_no_numbers_has_no_sketch():
    grey = grey_of(scene(0))
    assert sketch_of(np.zeros_like(grey), white=0) == (0, 0)
    grey[3, 4] = np.nan
    assert sketch_of(grey, white=255) == (0, 0)


def test_the_range_of_numbers_does_not_matter():
    grey = grey_of(scene(0))
    assert sketch_of(grey * 257, white=65535) == sketch_of(grey / 255, white=1) == sketch_of(grey, white=255)


def test_each_half_is_a_signed_number_of_64_bits_and_both_are_rich():
    halves = np.array([sketched(scene(seed)) for seed in range(MADE)], np.int64)
    assert len(np.unique(halves)) == halves.size
    bits = np.unpackbits(halves.view(np.uint8), axis=1)
    assert (bits.mean(axis=0) > 0.05).all()
    assert (bits.mean(axis=0) < 0.95).all()
