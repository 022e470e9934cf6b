"""Samples by name, and lists of them."""

import json
import os

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.columns import Paths
from stackgui.core.sample_list import read_list
from stackgui.core.sample_set import NOTHING, SampleSet, of_names
from tests.making import make_catalog

NAMES = st.lists(st.text("ab/\xff.", min_size=1, max_size=4).map(os.fsencode), unique=True, max_size=12)


def catalog_of(paths, **columns):
    return make_catalog([(2, 3)] * len(paths), path=paths, **columns)


@given(NAMES, NAMES)
def test_names_are_found_wherever_they_stand(names, wanted):
    expected = [place for place, name in enumerate(names) if name in wanted]
    assert of_names(Paths.from_names(names), wanted) == expected


@given(st.data())
def test_a_set_holds_the_samples_it_was_made_of(data):
    paths = ["a.png", "b/a.png", os.fsdecode(b"\xff.png"), "many.npz", "many.npz", "a.png"]
    catalog = catalog_of(
        paths, sources=("/x", "/y"), source=[0, 0, 0, 0, 0, 1], member=[-1, -1, -1, 0, 1, -1]
    )
    samples = data.draw(st.sets(st.integers(0, 5)))
    chosen = SampleSet.of(catalog, samples)
    assert np.flatnonzero(chosen.mask(catalog)).tolist() == sorted(samples)
    assert SampleSet.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen
    order = np.array(data.draw(st.permutations(range(6))))
    assert np.flatnonzero(chosen.mask(catalog.take(order))).tolist() == [
        place for place, sample in enumerate(order.tolist()) if sample in samples
    ]


def test_sets_are_joined_and_taken_apart():
    catalog = catalog_of(["a", "b", "c"])
    first, last = SampleSet.of(catalog, [0, 1]), SampleSet.of(catalog, [1, 2])
    assert len(first | last) == 3
    assert (first - last).mask(catalog).tolist() == [True, False, False]
    assert not NOTHING.mask(catalog).any()


def test_a_list_has_a_file_on_each_line():
    catalog = catalog_of(["cat/a b.png", "2.png", "2.png"], sources=("/x", "/y"), source=[0, 0, 1])
    chosen, unknown = read_list(b"cat/a b.png\n\n/y/2.png\r\n/y/cat/a b.png\ngone.png\n", catalog)
    assert chosen.mask(catalog).tolist() == [True, False, True]
    assert unknown == ("/y/cat/a b.png", "gone.png")
    assert read_list(b"./2.png", catalog)[0].mask(catalog).tolist() == [False, True, True]


def test_a_list_may_be_a_table():
    catalog = catalog_of(["a,b.png", os.fsdecode(b"\xff.png"), "c.png"])
    text = b'\xef\xbb\xbfheight,path\r\n3,"a,b.png"\r\n4,/pictures/\xff.png\r\n5,\r\n'
    chosen, unknown = read_list(text, catalog)
    assert chosen.mask(catalog).tolist() == [True, True, False]
    assert unknown == ()


def test_a_file_of_several_samples_stands_for_all():
    catalog = catalog_of(["m.npz", "m.npz", "n.npz"], member=[0, 1, 0])
    assert read_list(b"m.npz", catalog)[0].mask(catalog).tolist() == [True, True, False]
