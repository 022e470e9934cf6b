"""Parts by shares: each picture's own name decides."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Paths
from stackgui.core.labels.folder_names import PARTS
from stackgui.core.labels.shares import split_by_shares
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from tests.making import make_catalog, make_plan

SHARES = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(
    lambda cuts: (min(cuts), max(cuts) - min(cuts), 100 - max(cuts))
)
NAMES = st.lists(st.binary(min_size=1, max_size=8).filter(lambda name: b"\0" not in name), unique=True)
SEEDS = st.integers(0, 2**63 - 1)


def parts(paths, text="80/10/10", seed=0, **columns) -> list[str]:
    catalog = make_catalog([(1, 1)] * len(paths), path=Paths.from_names(paths), **columns)
    return list(split_by_shares(catalog, np.arange(len(paths)), Split.parse(text), seed))


@given(NAMES, NAMES, SEEDS)
def test_files_that_are_added_move_no_other(before, added, seed):
    names = sorted({*before, *added})
    of_name = dict(zip(names, parts(names, seed=seed), strict=True))
    assert parts(before, seed=seed) == [of_name[name] for name in before]


@given(NAMES, SEEDS)
def test_rows_of_one_file_stay_together(names, seed):
    rows = [name for name in names for _ in range(3)]
    columns = {"member": [0, 1, 2] * len(names), "frames": [3] * len(rows)}
    assert parts(rows, seed=seed, **columns) == np.repeat(parts(names, seed=seed), 3).tolist()


@given(st.integers(0, 10**9), SHARES)
def test_shares_are_kept_as_nearly_as_chance_does(start, percent):
    count = 2000
    names = [f"cat/{start + number}.png" for number in range(count)]
    found = parts(names, "/".join(map(str, percent)), seed=start)
    for part, share in zip(PARTS, percent, strict=True):
        expected = count * share / 100
        # Six standard deviations: not once in the life of these tests.
        assert abs(found.count(part) - expected) <= 6 * math.sqrt(expected * (1 - share / 100))


@given(NAMES.filter(bool), SEEDS, SEEDS)
def test_the_seed_alone_chooses(names, seed, other):
    assert parts(names, seed=seed) == parts(names, seed=seed)
    many = [f"{number}.png" for number in range(200)]
    assert (parts(many, "34/33/33", seed) == parts(many, "34/33/33", other)) == (seed == other)


@given(NAMES, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_number_of_sources_matters(names, random):
    shuffled = random.sample(names, len(names))
    found = parts(shuffled, sources=("/a", "/b"), source=[random.randrange(2) for _ in shuffled])
    of_name = dict(zip(shuffled, found, strict=True))
    assert parts(names) == [of_name[name] for name in names]


@given(st.integers(0, 20))
def test_a_larger_share_to_train_with_takes_nothing_from_it(seed):
    names = [f"{number}.png" for number in range(300)]
    smaller, larger = parts(names, "70/20/10", seed), parts(names, "80/10/10", seed)
    assert [part for part, was in zip(larger, smaller, strict=True) if was != "validation"] == [
        was for was in smaller if was != "validation"
    ]


def test_a_split_is_the_same_for_ever():
    names = [f"cat/{number}.png" for number in range(12)]
    assert " ".join(parts(names, "40/30/30", 7)) == (
        "test train test train train train test train train validation train train"
    )


def test_accents_are_the_same_in_both_forms():
    names = ["é" * number + ".png" for number in range(1, 50)]
    apart = [name.replace("é", "e\N{COMBINING ACUTE ACCENT}") for name in names]
    assert parts(names, "34/33/33") == parts(apart, "34/33/33")


def test_rows_of_an_array_are_divided_where_that_is_said():
    columns = {"member": list(range(1000))}
    assert len(set(parts(["x.npy"] * 1000, **columns))) == 1
    found = parts(["x.npy"] * 1000, "rows:80/10/10", **columns)
    assert 730 < found.count("train") < 870
    alone = [f"{number}.png" for number in range(100)]
    assert parts(alone, "rows:80/10/10") == parts(alone)


def test_samples_without_a_row_have_no_part():
    catalog = make_catalog([(1, 1)] * 3)
    split = split_by_shares(catalog, np.array([0, 2]), Split.parse("100/0/0"), 0)
    assert list(split) == ["train", "", "train"]


def test_one_more_picture_moves_nobody():
    """As the issue tells it: of 100 pictures 36 went elsewhere when one was added."""
    options = Options(split=Split.parse("80/10/10"))
    paths = [f"{number:03}.png" for number in range(101)]
    more = make_plan([(2, 2)] * 101, options, path=paths)
    for left in (0, 50, 100):
        fewer = make_plan([(2, 2)] * 100, options, path=paths[:left] + paths[left + 1 :])
        assert [each for sample, each in enumerate(more.split) if sample != left] == list(fewer.split)
