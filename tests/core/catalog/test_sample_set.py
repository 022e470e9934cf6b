"""Samples by name, and lists of them."""

import csv
import io
import json
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.sample_set import NOTHING, SampleSet, of_names
from stackgui.core.catalog.selection import list_lines
from stackgui.core.lists.sample_list import read_list
from tests.damaging import NO_ENDS
from tests.making import make_catalog
from tests.stores.format.test_manifest import table_of

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


@pytest.mark.parametrize("mark", NO_ENDS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "lines",
    [
        ["a{}b.png", "c.png"],
        ["height,path", "3,a{}b.png", "4,c.png"],
        ['{{"path": "a{}b.png"}}', '{{"path": "c.png"}}'],
    ],
    ids=["lines", "table", "json"],
)
def test_only_ends_of_lines_end_lines(mark, end, lines):
    name = f"a{mark}b.png"
    text = end.join(lines).format(
        mark if "{{" not in lines[0] else json.dumps(mark, ensure_ascii=False)[1:-1]
    )
    chosen, unknown = read_list(text.encode(), catalog_of(["a", name, "c.png"]))
    assert unknown == ()
    assert chosen.mask(catalog_of(["a", name, "c.png"])).tolist() == [False, True, True]


def test_a_file_of_several_samples_stands_for_all():
    catalog = catalog_of(["m.npz", "m.npz", "n.npz"], member=[0, 1, 0])
    assert read_list(b"m.npz", catalog)[0].mask(catalog).tolist() == [True, True, False]


HOSTILE = st.binary(min_size=1, max_size=12).map(
    lambda name: os.fsdecode(name.replace(b"\0", b"0").replace(b"/", b"_"))
).filter(lambda name: name not in {".", ".."})  # fmt: skip
RISKY = st.text("=+-@;'\t\r\n\\x4e\", \uff1d", min_size=1, max_size=6)


@given(st.lists(st.one_of(HOSTILE, RISKY), min_size=1, max_size=6, unique=True), st.data())
def test_names_of_a_manifest_are_found_again_whatever_they_are(names, data):
    catalog = catalog_of(names)
    wanted = data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1))
    lines = b"".join(part for part, _exact in table_of(names).parts()).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(lines, newline=""))
    sheet = io.StringIO()
    csv.writer(sheet).writerows([head, *(rows[place] for place in wanted)])
    expected = [place in wanted for place in range(len(names))]
    shown = [row[head.index("file")] for row in rows]
    if any(shown.count(shown[place]) > 1 for place in wanted):
        with pytest.raises(UsageError, match=r"may be any of these files.*manifest\.jsonl"):
            read_list(sheet.getvalue().encode(), catalog)
    else:
        chosen, unknown = read_list(sheet.getvalue().encode(), catalog)
        assert (chosen.mask(catalog).tolist(), unknown) == (expected, ())


@given(st.lists(st.one_of(HOSTILE, RISKY), min_size=1, max_size=6, unique=True), st.data())
def test_names_of_an_exact_manifest_are_those_files(names, data):
    catalog = catalog_of(names)
    wanted = data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1))
    lines = b"".join(exact for _sheet, exact in table_of(names).parts()).splitlines(keepends=True)
    chosen, unknown = read_list(b"".join(lines[place] for place in sorted(wanted)), catalog)
    assert chosen.mask(catalog).tolist() == [place in wanted for place in range(len(names))]
    assert unknown == ()


@given(st.lists(st.one_of(HOSTILE, RISKY), min_size=1, max_size=6, unique=True), st.data())
def test_names_of_a_list_from_the_window_are_those_files(names, data):
    catalog = catalog_of(names)
    wanted = sorted(data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1)))
    chosen, unknown = read_list(b"".join(list_lines(catalog, np.array(wanted))), catalog)
    assert chosen.mask(catalog).tolist() == [place in wanted for place in range(len(names))]
    assert unknown == ()


def test_a_manifest_tells_files_of_one_name_in_two_folders_apart():
    catalog = catalog_of(["1.png", "1.png"], sources=("/=x", "/y"), source=[0, 1])
    text = b"row,source,file\r\n0,/=x,1.png\r\n"
    assert read_list(text, catalog)[0].mask(catalog).tolist() == [True, False]
    elsewhere = b"row,source,file\r\n0,/gone,1.png\r\n"
    assert read_list(elsewhere, catalog)[0].mask(catalog).tolist() == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        b"Path;height\r\n=a.png;3\r\n",
        b"file\theight\n'=a.png\t3\n",
        "path\n'=a.png\n".encode("utf-16"),
        b"'=a.png\n",
        b"=a.png",
        b" =a.png \r\n",
        b'{"source": "/pictures", "file": "=a.png"}\n',
        b'{"path": "/pictures/=a.png"}\n',
    ],
)
def test_lists_come_in_many_forms(text):
    catalog = catalog_of(["=a.png", "b.png"])
    chosen, unknown = read_list(text, catalog)
    assert (chosen.mask(catalog).tolist(), unknown) == ([True, False], ())


def test_a_line_means_the_file_of_just_that_name_first():
    catalog = catalog_of(["=a.png", "'=a.png", "{b}.png"])
    assert read_list(b"'=a.png\n{b}.png", catalog)[0].mask(catalog).tolist() == [False, True, True]


def test_a_damaged_list_is_a_sentence():
    with pytest.raises(UsageError, match="The list is damaged"):
        read_list(b'{"path": "a"}\n{"path":\n', catalog_of(["a"]))
