"""Fingerprints stay what they were: stacks and unfinished runs of earlier versions are known by them."""

import numpy as np
import pytest

from stackgui.core.base.columns import Coded
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.fingerprint import fingerprint
from tests.making import make_catalog

SUMMARY = {"options": {"size": "max", "fill": 0}, "channels": 3}

ALL = {
    "sources": ("/a", "/b"), "source": [0, 1, 0], "path": ["é.png", "x/2.tif", "3.npy"],
    "member": [-1, 2, 0], "frames": [1, 5, 1], "height": [3, 40, 7], "width": [4, 50, 0],
    "channels": [3, 1, 4], "dtype": ["uint8", "uint16", "float32"], "format": ["png", "tiff", "npy"],
    "axes": ["", "", "HWC?"], "orientation": [1, 6, 1], "bits": [0, 12, 0],
    "profile": ["", "Adobe RGB", ""], "file_bytes": [10, 2**40, 30], "mtime_ns": [-5, 2**60, 0],
    "given_label": ["cat", "", "dog"], "split": ["", "train", "test"],
}  # fmt: skip

LATER = {"meaning": ["", "palette", ""], "member_name": ["", "", "arr_0"]}

DOUBTS = {"doubts": [str(Doubt.STRAY_BYTES), "", ""]}

PACKED = {
    "archives": (Archive(0, "a.zip", 99, 5),),
    "inside": ArchiveLocation.of_rows([[0, 64, 10, 1, 2**32 - 1], None, [0, 200, 30, 0, -1]]),
}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, "4dc2d0f3f90d3b2d03daab275a0829a6"),
        (ALL, "cc51f8283109656d0e50da1307e0dc8e"),
        (ALL | DOUBTS, "cc51f8283109656d0e50da1307e0dc8e"),
        (ALL | {"meaning": LATER["meaning"]}, "d18f6d4991868d753ef9d5a9e897bb05"),
        (ALL | {"member_name": LATER["member_name"]}, "4f31d12b277526859028dfb9920bc977"),
        (ALL | LATER | PACKED, "ae73b23365d5990711f0a54bd50031d2"),
    ],
    ids=["plain", "all", "doubts", "meaning", "member_name", "everything"],
)
def test_a_fingerprint_is_that_of_earlier_versions(columns, expected):
    catalog = make_catalog([(3, 4)] * 3, **columns)
    problem = Coded.from_values(["", "damaged", ""])
    assert fingerprint(SUMMARY, catalog, np.array([2, 0, 1]), problem) == expected
