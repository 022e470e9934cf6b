"""Parts of the data, and the order of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split, SplitKind, shuffled, split_as_found
from stackgui.core.options.options import Options
from stackgui.core.plan.split_table import split_table
from tests.making import make_catalog, make_plan


@given(st.integers(0, 300), st.integers(0, 2**63 - 1))
def test_shuffling_is_an_order(count, seed):
    assert sorted(shuffled(count, seed).tolist()) == list(range(count))
    assert shuffled(count, seed).tolist() == shuffled(count, seed).tolist()


def test_shuffling_is_the_same_for_ever():
    assert shuffled(10, 1).tolist() == [5, 1, 2, 8, 9, 0, 6, 7, 4, 3]
    assert shuffled(1000, 1).tolist() != shuffled(1000, 2).tolist()


def test_shuffling_leaves_no_pattern():
    order = shuffled(10_000, 3)
    assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.05
    assert abs(np.corrcoef(order[1:], order[:-1])[0, 1]) < 0.05


@pytest.mark.parametrize(
    ("text", "kind", "percent"),
    [
        ("none", SplitKind.NONE, ()),
        ("found", SplitKind.FOUND, ()),
        ("80/10/10", SplitKind.SHARES, (80, 10, 10)),
        ("75/25", SplitKind.SHARES, (75, 25, 0)),
        ("rows:75/25", SplitKind.SHARES, (75, 25, 0)),
    ],
)
def test_splits_are_read(text, kind, percent):
    split = Split.parse(text)
    assert (split.kind, split.percent) == (kind, percent)
    assert split.each_row is text.startswith("rows:")
    assert Split.parse(str(split)) == split


@pytest.mark.parametrize(
    "text", ["", "half", "80/10", "80/10/11", "100", "-10/100/10", "25/25/25/25", "rows:"]
)
def test_what_is_no_split_is_told(text):
    with pytest.raises(UsageError, match="80/10/10"):
        Split.parse(text)


def test_names_of_parts_are_known_under_several():
    found = split_as_found(Coded.from_values(["Train", "val", "", "fold 1", "dev", "testing"]))
    assert list(found) == ["train", "validation", "", "fold 1", "validation", "test"]


def planned(paths, options=None, **columns):
    return make_plan([(2, 2)] * len(paths), options, path=paths, **columns)


def test_a_column_of_the_source_is_taken():
    plan = planned(["1.png", "2.png", "3.png"], split=["training", "", "fold 1"])
    assert plan.parts == ("train", "fold 1")
    assert plan.part_of(plan.samples).tolist() == [0, -1, 1]


def test_folders_called_after_parts_are_taken():
    assert planned(["train/1.png", "val/2.png"]).parts == ("train", "validation")
    assert list(planned(["train/1.png", "val/2.png", "3.png"]).split) == ["train", "validation", ""]
    assert planned(["test/1.png", "test/2.png"]).parts == ()
    two = planned(["a/1.png", "a/1.png"], sources=("/x/train", "/x/test"), source=[0, 1])
    assert list(two.split) == ["train", "test"]
    none = Options(split=Split.parse("none"))
    assert planned(["train/1.png", "val/2.png"], none).parts == ()


def test_rows_are_shuffled_and_their_samples_known():
    plan = planned([f"{n}.png" for n in range(20)], Options(shuffle=True, seed=4))
    assert plan.samples.tolist() == shuffled(20, 4).tolist()
    catalog = make_catalog([(2, 2)] * 20)
    left = make_plan([(2, 2)] * 20, Options(shuffle=True, exclude=SampleSet.of(catalog, [3, 5])))
    assert sorted(left.samples.tolist()) == [n for n in range(20) if n not in {3, 5}]


def test_the_table_counts_labels_and_parts():
    paths = ["cat/1.png", "cat/2.png", "dog/3.png", "4.png"]
    split = ["train", "test", "train", ""]
    options = Options(labels=Labels.FOLDERS)
    table = split_table(planned(paths, options, split=split))
    assert table.labels == ("cat", "dog", "no label")
    assert table.parts == ("train", "test", "no part")
    assert table.rows.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert split_table(planned(["1.png"])) is None
    assert split_table(planned(["1.png"], split=["train"])).labels == ("all",)
