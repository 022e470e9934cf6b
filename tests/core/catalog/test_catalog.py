"""The catalog and its JSON form."""

import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.skipped import Skipped
from tests.making import make_catalog

NAMES = st.lists(
    st.binary(min_size=1, max_size=12).filter(lambda name: name[:1] != b"/" and b".." not in name),
    min_size=1,
    max_size=5,
)


@given(NAMES)
def test_catalog_survives_json(names):
    count = len(names)
    skipped = Skipped(
        Paths.from_names(names), Coded.constant("hidden files", count), Coded.constant("", count)
    )
    catalog = make_catalog([(3, 4)] * count, path=names, skipped=skipped, sources=("/a\udcff",))
    again = Catalog.from_json(json.loads(json.dumps(catalog.to_json())))
    assert again.to_json() == catalog.to_json()
    assert list(again.path) == list(map(os.fsdecode, names))
    assert list(again.skipped.path) == list(again.path)
    for name in ("height", "orientation", "mtime_ns"):
        assert getattr(again, name).dtype == getattr(catalog, name).dtype


def test_files_are_found_in_their_source():
    catalog = make_catalog([(1, 1)] * 2, sources=("/a", "/b"), source=[1, 0], path=["x/1.png", "2.png"])
    assert [catalog.file(0), catalog.file(1)] == [os.path.join("/b", "x/1.png"), os.path.join("/a", "2.png")]


def test_samples_with_a_problem_are_not_usable():
    catalog = make_catalog([(1, 1)] * 3, problem=["", "damaged", ""])
    assert catalog.usable.tolist() == [True, False, True]
    assert make_catalog([]).usable.tolist() == []


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="height, width"):
        make_catalog([(1, 1)] * 2, height=np.ones(3, np.int32), width=np.ones(1, np.int32))


@pytest.mark.parametrize(
    "change",
    [
        {"source": [0, 5]},
        {"source": [0, -1]},
        {"height": [3, -3]},
        {"width": [0, 3]},
        {"channels": [0, 3]},
        {"height": [2**40, 3]},
        {"dtype": {"names": ["uint8"], "codes": [0, 1]}},
        {"format": {"names": [], "codes": [0, 0]}},
        {"problem": {"names": [""], "codes": [-1, 0]}},
    ],
)
def test_catalog_that_no_scan_makes_is_refused(change):
    value = make_catalog([(3, 4)] * 2).to_json() | change
    with pytest.raises((ValueError, OverflowError, IndexError)):
        Catalog.from_json(value)


@pytest.mark.parametrize("name", ["/etc/passwd", "..", "../x.png", "a/../../x.png"])
def test_catalog_that_leads_out_of_its_sources_is_refused(name):
    saved = make_catalog([(1, 1)], path=[name]).to_json()
    with pytest.raises(ValueError, match="outside the sources"):
        Catalog.from_json(saved)


def test_how_the_sources_were_searched_is_kept():
    chosen = ScanOptions(follow_links=True)
    saved = make_catalog([(1, 1)], scan_options=chosen).to_json()
    assert Catalog.from_json(saved).scan_options == chosen
