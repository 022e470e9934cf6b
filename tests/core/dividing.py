"""Small cases of dividing sizes among buckets, and the best division of each, by trying all.

``python -m tests.core.dividing CASES`` compares what is found with that, for so many cases of each kind;
``python -m tests.core.dividing time`` takes the time for 150,000 samples of 20,000 sizes.
"""

import sys
import time

import numpy as np

from stackgui.core.buckets.buckets import divide, rounded_up

MAX_TRIED = 5

MANY_SAMPLES, MANY_SIZES = 150_000, 20_000


def least_pixels(height, width, count, multiple=1, smallest=1):
    """What 1 to `MAX_TRIED` buckets take at least, by trying all."""
    height, width = rounded_up(height, multiple, smallest), rounded_up(width, multiple, smallest)
    boxes = [(h, w) for h in np.unique(height) for w in np.unique(width)]
    one = np.array([np.where((height <= h) & (width <= w), float(h * w), np.inf) for h, w in boxes])
    two = np.unique(np.minimum(one[:, None], one).reshape(-1, len(height)), axis=0)
    least = [_least(one, np.inf, count), _least(one, one, count), _least(one, two, count)]
    four = _least(two, two, count)
    return [*least, four, min(_least(np.minimum(two, box), two, count) for box in one)]


def _least(some, others, count):
    return min(float((np.minimum(offer, others) @ count).min()) for offer in some)


def _even(random, n):
    return random.integers(1, 200, (2, n))


def _log_normal(random, n):
    return np.exp(random.normal(4, 0.8, (2, n)))


def _two_clusters(random, n):
    return np.where(random.random(n) < 0.5, 40, 160) * random.uniform(0.7, 1.3, (2, n))


def _few_shapes(random, n):
    side, shape = np.exp(random.normal(5, 0.5, n)), np.sqrt(random.choice([0.75, 1, 4 / 3, 16 / 9], n))
    return np.stack([side / shape, side * shape])


def _ties(random, n):
    return 10 * random.integers(1, 5, (2, n))


def _outliers(random, n):
    return 30 + 20 * random.pareto(1.0, (2, n))


def _chain(random, n):
    return np.cumsum(random.integers(0, 40, (2, n)), axis=1) + 1


def _anti_chain(random, n):
    height, width = _chain(random, n)
    return np.stack([height, width[::-1]])


KINDS = {
    "even": _even,
    "log-normal": _log_normal,
    "two clusters": _two_clusters,
    "few shapes": _few_shapes,
    "ties": _ties,
    "outliers": _outliers,
    "chain": _chain,
    "anti-chain": _anti_chain,
}


def random_case(kind, random):
    """Heights, widths and counts of up to seven sizes, a multiple and a smallest side."""
    sides = np.clip(KINDS[kind](random, random.integers(3, 8)), 1, 5000).astype(np.int64)
    count = random.integers(1, 1 + random.choice([1, 5, 100]), sides.shape[1])
    return *sides, count, int(random.choice([1, 1, 8, 32])), int(random.choice([1, 1, 24, 60]))


def compared(kind, cases, seed):
    """How many times as much as the best is found, shape (cases, MAX_TRIED - 1)."""
    random = np.random.default_rng(seed)
    ratios = []
    for _ in range(cases):
        height, width, count, multiple, smallest = random_case(kind, random)
        best = np.array(least_pixels(height, width, count, multiple, smallest))
        samples = np.repeat(height, count), np.repeat(width, count), multiple, smallest
        found = np.array([division.pixels for division in divide(*samples)[:MAX_TRIED]])
        ratios.append(found / best)
    return np.array(ratios)[:, 1:]


def timed():
    """Divide many log-normal sizes; print the seconds."""
    random = np.random.default_rng(0)
    side, shape = np.exp(random.normal(6.5, 0.5, 22_000)), np.exp(random.normal(0, 0.3, 22_000))
    sizes = np.unique(np.stack([side * shape, side / shape]).astype(np.int64), axis=1)
    height, width = sizes[:, np.resize(random.permutation(sizes.shape[1])[:MANY_SIZES], MANY_SAMPLES)]
    begin = time.perf_counter()
    divide(height, width)
    sys.stdout.write(f"{time.perf_counter() - begin:.2f} s\n")


def compare(cases):
    """Print what is found for so many cases of each kind."""
    for kind in KINDS:
        found = compared(kind, cases, 0)
        sys.stdout.write(
            f"{kind:12} {found.size:5} divisions, {np.mean(found == 1):.2%} the best, the worst "
            f"{found.max() - 1:.2%} above\n"
        )


if __name__ == "__main__":
    timed() if sys.argv[1] == "time" else compare(int(sys.argv[1]))
