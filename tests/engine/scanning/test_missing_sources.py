"""Sources that cannot be reached."""

import os

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import UsageError
from stackgui.core.base.skip_kinds import MISSING_SOURCES
from stackgui.core.catalog.statistics import describe
from stackgui.core.plan.nothing_found import nothing_found


@pytest.fixture
def folders(tmp_path):
    for name in ("first", "last"):
        (tmp_path / name).mkdir()
        Image.fromarray(np.zeros((3, 4), np.uint8)).save(tmp_path / name / "1.png")
    return [tmp_path / "first", tmp_path / "gone", tmp_path / "last"]


def test_the_others_are_searched_where_that_is_wanted(scan, folders):
    catalog = scan(*folders, without_missing=True)
    there = [str(folders[0]), str(folders[2])]
    assert (catalog.sources, catalog.path[0], len(catalog)) == (tuple(there), "1.png", 2)
    assert list(catalog.skipped.path) == [str(folders[1])]
    assert (catalog.skipped.kind[0], catalog.skipped.detail[0]) == (MISSING_SOURCES, "it is not there")
    statistics = describe(catalog)
    assert statistics.per_source == dict.fromkeys(there, 1)
    assert statistics.skipped == {MISSING_SOURCES: 1}


def test_otherwise_it_is_an_error_that_names_it(scan, folders):
    with pytest.raises(UsageError, match=r"There is no file or folder .*gone"):
        scan(*folders)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nobody is refused anything here")
def test_what_may_not_be_read_is_out_of_reach_too(scan, folders):
    folders[0].chmod(0)
    catalog = scan(folders[0], folders[2], without_missing=True)
    assert (len(catalog), catalog.skipped.detail[0]) == (1, "it may not be read")


def test_where_none_is_left_that_is_said(scan, folders):
    catalog = scan(folders[1], without_missing=True)
    assert len(catalog) == 0
    assert "because no source can be reached. 1 source out of reach was left aside" in str(
        nothing_found(catalog)
    )
