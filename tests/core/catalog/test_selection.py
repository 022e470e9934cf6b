import csv
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.catalog.selection import SizeRange, list_lines
from tests.making import make_catalog

SIDE = st.integers(1, 6)
SIZES = st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=12)


@given(SIZES, SIDE, SIDE, SIDE, SIDE)
def test_a_range_holds_the_usable_samples_whose_sizes_lie_in_it(sizes, top, bottom, left, right):
    catalog = make_catalog(sizes, problem=["the file is empty"] + [""] * (len(sizes) - 1))
    asked = SizeRange(top, bottom, left, right)
    selection = asked.selection(catalog)
    expected = [
        sample
        for sample, (height, width) in enumerate(sizes)
        if sample and top <= height <= bottom and left <= width <= right
    ]
    assert selection.samples.tolist() == expected
    assert len(selection) == len(expected)
    assert selection.sizes is asked


def test_a_range_says_which_sizes_it_holds():
    assert str(SizeRange(480, 480, 640, 640)) == "640 pixels wide and 480 high"
    assert str(SizeRange(1, 1200, 64, 64)) == "64 pixels wide and 1 to 1,200 high"


def test_the_list_names_the_files_whatever_their_names_are():
    catalog = make_catalog([(3, 4), (5, 6)], path=["a, b\n.png", "\udcff.png"], problem=["", "it is torn"])
    written = b"".join(list_lines(catalog, np.array([0, 1])))
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8", "surrogateescape"), newline="")))
    assert [row["path"] for row in rows] == [catalog.file(0), catalog.file(1)]
    assert [(row["height"], row["width"]) for row in rows] == [("3", "4"), ("5", "6")]
    assert [row["problem"] for row in rows] == ["", "it is torn"]


def test_one_writer_writes_the_whole_list(monkeypatch):
    made = []
    writer = csv.writer
    monkeypatch.setattr(csv, "writer", lambda lines: made.append(writer(lines)) or made[-1])
    monkeypatch.setattr("stackgui.core.catalog.selection._BATCH", 2)
    catalog = make_catalog([(1, 2), (3, 4), (5, 6)])
    text = b"".join(list_lines(catalog, np.arange(3))).decode()
    assert [line.split(",")[1:3] for line in text.splitlines()[1:]] == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert len(made) == 1
    assert list(list_lines(catalog, np.arange(0))) == [b"path,height,width,problem\r\n"]
