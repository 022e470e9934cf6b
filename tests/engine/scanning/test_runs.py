"""The cache holds runs of files, which the next scan comes upon again."""

import os
from itertools import pairwise
from os.path import commonprefix

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.base.columns import Paths
from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.engine import Control, Engine
from stackgui.engine.scanning import probing, runs, scan, scan_cache
from stackgui.engine.scanning.file_batches import MAX_RUN_FILES, FileBatch, Waiting
from stackgui.engine.scanning.probed import Probe
from stackgui.engine.scanning.probing import probe_files
from stackgui.engine.scanning.runs import Run, Span, run_starts
from stackgui.engine.sources.walk import Found, Plain

LONG_AGO_NS = 10**18
NAMES = st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=40)


def begins(name):
    """Whether a run begins with a name that is not the first."""
    return len(run_starts(Paths.from_names([b"first", name]))) > 1


@pytest.fixture(autouse=True)
def short_runs(monkeypatch):
    monkeypatch.setattr(runs, "_RUN_FILES", 4)


@given(NAMES)
def test_where_a_run_begins_is_told_by_the_name_alone(names):
    starts = run_starts(Paths.from_names(names)).tolist()
    assert starts == [place for place, name in enumerate(names) if place == 0 or begins(name)]
    assert [begins(b"/some/folder/" + name) for name in names] == list(map(begins, names))


@pytest.fixture
def folder(tmp_path):
    for index in range(40):
        file = tmp_path / "pictures" / f"{index}.png"
        file.parent.mkdir(exist_ok=True)
        Image.new("RGB", (7, 5 + index % 3)).save(file)
        os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return tmp_path / "pictures"


@pytest.fixture
def cache(tmp_path):
    return str(tmp_path / "caches" / "scans-0.sqlite")


def scanned(folder, cache):
    """The files of a folder as a scan finds them, after which they are in the cache."""
    names = sorted(map(os.fsencode, folder.iterdir()))
    found = probe_files(names, cache, DEFAULT)
    scan_cache.remember(cache, {scan_cache.RUNS: found.news})
    return found


@pytest.fixture
def opened(monkeypatch):
    """The names of the files that are opened."""
    found, open_file = [], probing.open_file

    def opening(name):
        found.append(os.path.basename(os.fsdecode(name)))
        return open_file(name)

    monkeypatch.setattr(probing, "open_file", opening)
    return found


def test_what_is_remembered_of_all_is_what_was_read(folder, cache, opened):
    first = scanned(folder, cache)
    assert len(first.news) > 3
    assert len(opened) == 40
    second = scanned(folder, cache)
    assert len(opened) == 40
    assert second.news == ()
    assert all(map(np.array_equal, second.numbers, first.numbers))
    assert list(map(list, second.texts)) == list(map(list, first.texts))


def test_only_what_changed_is_opened_again(folder, cache, opened):
    scanned(folder, cache)
    (folder / "7.png").unlink()
    Image.new("RGB", (9, 9)).save(folder / "13.png")
    Image.new("RGB", (9, 9)).save(folder / "between.png")
    for name in ("13.png", "between.png"):
        os.utime(folder / name, ns=(LONG_AGO_NS, LONG_AGO_NS + 1))
    opened.clear()
    found = scanned(folder, cache)
    # The run that began with a file that is gone has another name now.
    assert {"13.png", "between.png"} <= set(opened)
    assert len(opened) < 20
    assert sorted(found.number("height").tolist())[-2:] == [9, 9]
    opened.clear()
    again = scanned(folder, cache)
    assert opened == []
    assert again.number("height").tolist() == found.number("height").tolist()


def test_what_changed_just_now_keeps_nothing_else_from_being_remembered(folder, cache, opened):
    os.utime(folder / "13.png")
    scanned(folder, cache)
    opened.clear()
    scanned(folder, cache)
    assert opened == ["13.png"]


def files_of(batches):
    return [
        (int(source), path) for each in batches for source, path in zip(each.source, each.path, strict=True)
    ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=6), st.integers(1, 8))
def test_batches_hold_all_files_in_order_and_end_where_runs_do(blocks, limit):
    waiting, batches, expected, place, source = Waiting(), [], [], 0, 0
    for more, count in blocks:
        source += more
        names = [f"{source} {place + index}" for index in range(count)]
        if count == 1:
            batches += waiting.add(place, Found(source, names[0].encode(), label="x"), lambda: limit)
        elif count:
            batches += waiting.add(place, Plain(source, Paths.from_names(names)), lambda: limit)
        expected += [(source, name) for name in names]
        place += count
    batches += waiting.all()
    assert files_of(batches) == expected
    assert all(after.start == before.start + len(before) for before, after in pairwise(batches))
    for batch in batches:
        assert {label for label in batch.label if label} <= {"x"}
        assert set(np.diff(batch.source).tolist()) <= {0, 1}


def test_a_large_folder_is_cut_where_the_next_scan_cuts_it():
    names = [f"{index}.png" for index in range(3000)]
    plain = Plain(0, Paths.from_names(names))
    few, many = Waiting(), Waiting()
    starts = {names[start] for start in run_starts(plain.paths).tolist()}
    for waiting, limit in ((few, lambda: 100), (many, lambda: 333)):
        batches = [*waiting.add(0, plain, limit), *waiting.all()]
        assert len(batches) > 5
        assert {batch.path[0] for batch in batches} <= starts


def test_names_that_end_alike_are_cut_where_the_next_scan_cuts_them():
    plain = Plain(0, Paths.from_names([f"{index} of the same kind.png" for index in range(7 * 10**3)]))
    assert len(run_starts(plain.paths)) == 1
    cuts = [
        [batch.start for batch in (*waiting.add(0, plain, limit), *waiting.all())]
        for waiting, limit in (
            (Waiting(), lambda: 100),
            (Waiting(), lambda: 3000),
            (Waiting(), lambda: 10**4),
        )
    ]
    assert cuts == [[0, MAX_RUN_FILES, 2 * MAX_RUN_FILES, 3 * MAX_RUN_FILES]] * 3


def test_a_large_folder_is_cut_where_its_parts_end_and_asks_how_many_files_are_wanted():
    names = [f"{index}.png" for index in range(3000)]
    plain, limits = (
        Plain(0, Paths.from_names(names), tuple(range(100, 3001, 100))),
        iter([150] * 3 + [1000] * 99),
    )
    waiting = Waiting()
    batches = [*waiting.add(0, plain, lambda: next(limits)), *waiting.all()]
    assert [len(batch) for batch in batches] == [200, 1000, 1000, 800]
    assert files_of(batches) == [(0, name) for name in names]
    for batch in batches:
        assert batch.whole == tuple(
            Span(begin, begin + 100, is_folder=False) for begin in range(0, len(batch), 100)
        )


@given(NAMES, st.binary(max_size=5))
def test_a_run_is_that_of_paths_only_if_it_has_their_names_in_their_order(names, folder):
    own = [b"/s/" + folder.replace(b"/", b"") + b"/" + name for name in names]
    known = run_of(own).known(commonprefix(own))  # noqa: RUF071 - whatever they share
    paths = Paths.from_names([name[len(b"/s/") :] for name in own])
    found = Run.of_paths(known, b"/s/", paths)
    assert found is not None
    assert (found.names, found.size.tolist()) == (own, list(range(len(own))))
    assert Run.of_paths(known, b"/t/", paths) is None
    assert Run.of_paths(known, b"/s/", paths.part(1, len(paths))) is None
    for others in ([*own[1:], own[0]], [own[0][:-1], *own[1:]], [own[0] + b"x", *own[1:]]):
        found = Run.of_paths(known, b"/s/", Paths.from_names([name[len(b"/s/") :] for name in others]))
        assert (found is None) == (others != own)


def test_names_that_are_the_same_only_end_to_end_are_others():
    known = run_of([b"/s/ab", b"/s/c"]).known(b"/s/")
    assert Run.of_paths(known, b"/s/", Paths.from_names(["a", "bc"])) is None
    assert Run.of_paths(known, b"/s/", Paths.from_names(["ab", "c"])) is not None


def run_of(names):
    """A run of files whose sizes are their places."""
    count = np.arange(len(names))
    return Run(names, count, count, count * 0, (tuple(Probe.without_header().rest),))


def test_a_second_scan_with_other_batches_opens_nothing(folder, tmp_path, monkeypatch):
    with Engine(1) as engine:
        first = engine.scan([str(folder)], Control())
    monkeypatch.setattr(scan, "FILES_PER_BATCH", 7)
    monkeypatch.setattr(scan, "MAX_FILES_PER_BATCH", 7)
    with Engine(1) as engine:
        second = engine.scan([str(folder)], Control())
    assert second.height.tolist() == first.height.tolist()
    assert list(second.path) == list(first.path)


def test_parts_of_a_batch_are_batches():
    batch = FileBatch.of_found(5, [Found(0, b"a", label="l"), Found(0, b"b", line=3), Found(1, b"c")])
    part = batch.part(1, 3)
    assert (part.start, part.key, list(part.path), part.line.tolist()) == (6, (0, 6, 0), ["b", "c"], [3, -1])
    assert list(part.names([b"/x/", b"/y/"])) == [b"/x/b", b"/y/c"]
