"""Lists of samples, compared with plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.selection import Selection, SizeRange
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.alone import alone
from stackgui.core.plan.listing import (
    Order,
    Standing,
    Wanted,
    is_quick,
    label_of,
    listed,
    reasons,
    table_lines,
)
from stackgui.core.plan.resolve import resolve
from tests.making import make_catalog

PATHS = ["cats/10.jpg", "cats/9.jpg", "dogs/Übung.png", "dogs/b.png", "loose.png"]
SIZES = [(10, 40), (20, 20), (0, 0), (30, 10), (20, 20)]
CATALOG = make_catalog(
    SIZES, path=PATHS, problem=["", "", "it is damaged", "", ""], split=["train", "", "test", "train", ""],
    sources=("/pictures/pets",), file_bytes=np.array([5, 4, 3, 2, 1]),
)  # fmt: skip
LEFT_OUT = SampleSet.of(CATALOG, [3])


def make(**options):
    return resolve(Options(**{"exclude": LEFT_OUT, **options}), CATALOG)


KEYS = {
    Order.WIDTH: lambda sample: SIZES[sample][1],
    Order.HEIGHT: lambda sample: SIZES[sample][0],
    Order.AREA: lambda sample: SIZES[sample][0] * SIZES[sample][1],
    Order.FILE_SIZE: lambda sample: 5 - sample,
    Order.LABEL: lambda sample: ["cats", "cats", "dogs", "dogs", "~"][sample],
    Order.PROBLEM: lambda sample: ["~", "~", "it is damaged", "excluded", "~"][sample],
}


def test_what_stands_side_by_side_stays_so_unless_another_order_is_wanted():
    pairs = Selection("pairs", np.array([4]), side_by_side=np.array([1, 4, 0]))
    for plan in (make(), make(shuffle=True)):
        assert listed(plan, Wanted(), pairs).tolist() == [1, 4, 0]
        assert listed(plan, Wanted(order=Order.WIDTH), pairs).tolist() == [1, 4, 0]
        assert listed(plan, Wanted(order=Order.PATH), pairs).tolist() == [1, 0, 4]
        assert listed(plan, Wanted(text="loose"), pairs).tolist() == [4]


@given(st.sampled_from(sorted(KEYS)), st.sets(st.integers(0, 4)))
def test_a_list_is_sorted_and_stable(order, among):
    samples = np.array(sorted(among), np.int64)
    key = KEYS[order]
    plan = make()
    some = Selection("picked", samples)
    assert listed(plan, Wanted(order=order), some).tolist() == sorted(samples.tolist(), key=key)
    turned = listed(plan, Wanted(order=order, descending=True), some).tolist()
    assert turned == sorted(samples.tolist(), key=key, reverse=True)


@given(st.lists(st.sampled_from(["CATS", "9", "jpg", "pets", "übung", "U\u0308bung", "x", ""]), max_size=3))
def test_all_words_must_be_in_the_name_of_the_source_or_the_path(words):
    names = [f"pets/{path}".casefold() for path in PATHS]
    wanted = [word.casefold().replace("u\u0308", "ü") for word in words]
    expected = [sample for sample, name in enumerate(names) if all(word in name for word in wanted)]
    assert listed(make(), Wanted(text="  ".join(words))).tolist() == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [0, 1, 2, 3, 4]),
        (Wanted(label="cats"), [0, 1]),
        (Wanted(label=""), [4]),
        (Wanted(label="birds"), []),
        (Wanted(standing=Standing.SOUND), [0, 1, 4]),
        (Wanted(standing=Standing.BLANK), [2]),
        (Wanted(standing=Standing.LEFT_OUT), [3]),
        (Wanted(reason="it is damaged"), [2]),
        (Wanted(sizes=SizeRange(1, 20, 1, 30)), [1, 4]),
        (Wanted(order=Order.NAME), [1, 0, 3, 4, 2]),
        (Wanted(text="dogs", label="dogs", standing=Standing.LEFT_OUT), [3]),
    ],
)
def test_what_is_wanted_is_listed(wanted, expected):
    assert listed(make(), wanted).tolist() == expected


def test_without_labels_every_picture_has_none():
    plan = make(labels=Labels(LabelKind.NONE))
    assert listed(plan, Wanted(label="")).tolist() == [0, 1, 2, 3, 4]
    assert listed(plan, Wanted(label="cats")).tolist() == []


def test_parts_are_those_of_the_plan():
    plan = make(split=Split.parse("found"))
    assert listed(plan, Wanted(part="train")).tolist() == [0, 3]
    assert listed(plan, Wanted(order=Order.PART)).tolist() == [2, 0, 3, 1, 4]


def test_rows_come_in_their_order_and_what_is_left_out_last_where_the_order_is_another():
    assert is_quick(make(), Wanted())
    assert listed(make(), Wanted()).tolist() == [0, 1, 2, 3, 4], "left out, but still in its place"
    plan = make(shuffle=True, seed=3)
    assert not is_quick(plan, Wanted())
    assert listed(plan, Wanted()).tolist() == [*plan.samples.tolist(), 3]


@pytest.mark.parametrize("options", [{}, {"shuffle": True, "seed": 3}, {"buckets": 2}])
def test_those_put_first_have_the_first_rows_and_are_listed_first(options):
    first = SampleSet.of(CATALOG, [1, 4, 3])
    without, plan = make(**options), make(first=first, **options)
    for before, bucket in zip(without.buckets, plan.buckets, strict=True):
        rows = before.samples.tolist()
        assert bucket.samples.tolist() == [
            *[sample for sample in rows if sample in {1, 4}],
            *[sample for sample in rows if sample not in {1, 4}],
        ], "each keeps its order, and what is left out stays so"
    assert listed(plan, Wanted()).tolist() == [*plan.samples.tolist(), 3]
    assert plan.fingerprint != without.fingerprint
    assert "first" not in without.options.to_json()


def test_reasons_and_labels_of_samples():
    assert reasons(make()) == {"it is damaged": 1}
    assert [label_of(make(), sample) for sample in (0, 4)] == ["cats", ""]


def test_a_sample_alone_has_its_own_size_even_if_it_is_left_out():
    plan = make(size=Size.exact(5, 5))
    single = alone(plan, 3)
    assert [array.shape for array in single.arrays] == [(1, 30, 10, 3)]
    with pytest.raises(PlanError):
        alone(plan, 2)


def test_a_table_names_what_becomes_of_each_sample():
    lines = b"".join(table_lines(make(split=Split.parse("found")), np.array([3, 0, 2]))).decode().splitlines()
    assert lines == [
        "row,path,label,split,width,height,problem",
        ",/pictures/pets/dogs/b.png,dogs,train,10,30,excluded",
        "0,/pictures/pets/cats/10.jpg,cats,train,40,10,",
        "2,/pictures/pets/dogs/Übung.png,dogs,test,0,0,it is damaged",
    ]
    assert b"".join(table_lines(make(), np.empty(0, np.int64))).count(b"\n") == 1


def test_paths_are_sorted_folder_by_folder():
    assert listed(make(), Wanted(order=Order.PATH)).tolist() == [1, 0, 3, 2, 4]
