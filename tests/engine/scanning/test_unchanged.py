"""A second scan finds what a first one finds, whatever happened in between."""

import contextlib
import os
import random
import shutil
import sqlite3
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.engine import Control, Engine
from stackgui.engine.scanning import probing, unchanged
from stackgui.engine.scanning.file_batches import Waiting
from stackgui.engine.scanning.probing import probe_files
from stackgui.engine.scanning.runs import Span
from stackgui.engine.scanning.scan_cache import NUMBERS, ORDERS, RUNS, remember
from stackgui.engine.scanning.search import FolderBatch, Search
from stackgui.engine.scanning.unchanged import KnownFiles, list_again, probe_again
from stackgui.engine.sources import kept_folders
from stackgui.engine.sources import walk as walking
from stackgui.engine.sources.kept_folders import MAX_WHOLE, MIN_WHOLE, ends_of_parts
from stackgui.engine.sources.walk import Folder, Plain, Walk
from tests.kept_workers import kept_workers, lent

LONG_AGO_NS = 10**18
FILES = MIN_WHOLE + 8


def picture(file, height=5, *, mtime_ns=LONG_AGO_NS):
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (7, height)).save(file, "PNG")
    os.utime(file, ns=(mtime_ns, mtime_ns))


@pytest.fixture
def folder(tmp_path):
    for name, count in (
        ("large", FILES),
        ("large/below", 3),
        ("other", FILES),
        ("sets/a", FILES),
        ("sets/b", 5),
    ):
        for index in range(count):
            # No two files are alike in size and time, or nobody could tell if they were exchanged.
            file = tmp_path / "pictures" / name / f"{index}.png"
            picture(file, 5 + index % 3, mtime_ns=LONG_AGO_NS + 1000 + index)
    return tmp_path / "pictures"


def files_in(folder):
    """The files in a folder, links aside."""
    return [each for each in sorted(folder.iterdir()) if each.is_file() and not each.is_symlink()]


def add(folder, chance):
    picture(folder / f"new{chance.randrange(99)}.png", 11)


def remove(folder, chance):
    chance.choice(files_in(folder)).unlink()


def rename(folder, chance):
    file = chance.choice(files_in(folder))
    file.rename(file.with_name(f"renamed{chance.randrange(99)}.png"))


def exchange(folder, chance):
    one, other = chance.sample(files_in(folder), 2)
    one.rename(folder / "aside")
    other.rename(one)
    (folder / "aside").rename(other)


def change_size(folder, chance):
    file = chance.choice(files_in(folder))
    picture(file, 700)


def change_time(folder, chance):
    file = chance.choice(files_in(folder))
    picture(file, 12, mtime_ns=LONG_AGO_NS + 1)


def change_now(folder, chance):
    file = chance.choice(files_in(folder))
    picture(file, 13)
    os.utime(file)


def link(folder, chance):
    file = chance.choice(files_in(folder))
    target = file.rename(folder.parent / "target.png")
    file.symlink_to(target)


def become_folder(folder, chance):
    file = chance.choice(files_in(folder))
    file.unlink()
    picture(file / "inside.png", 14)


def dangle(folder, chance):
    file = chance.choice(files_in(folder))
    file.unlink()
    file.symlink_to(folder / "nowhere")


def hide(folder, chance):
    file = chance.choice(files_in(folder))
    file.rename(folder / f".{file.name}")


def break_one(folder, chance):
    chance.choice(files_in(folder)).write_bytes(b"no picture")


def empty(folder, _chance):
    shutil.rmtree(folder)
    folder.mkdir()


def no_change(_folder, _chance):
    pass


CHANGES = [
    add, remove, rename, exchange, change_size, change_time, change_now, link, become_folder, dangle, hide,
    break_one, empty, no_change,
]  # fmt: skip


def found(engine, folder, *, cache):
    catalog = engine.scan([str(folder)], Control(), cache=cache)
    return catalog.to_json()


@pytest.fixture(scope="module")
def kept():
    """A worker that goes from engine to engine, none of which knows what the one before has seen."""
    with kept_workers(1) as made:
        yield made


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_any_change_a_scan_with_the_cache_finds_what_one_without_finds(folder, change, kept):
    chance = random.Random(change.__name__)
    with lent(kept), Engine(1) as engine:
        found(engine, folder, cache=True)
    change(folder / "other", chance)
    with lent(kept), Engine(1) as engine:
        expected = found(engine, folder, cache=False)
        assert found(engine, folder, cache=True) == expected
    with lent(kept), Engine(1) as engine:
        assert found(engine, folder, cache=True) == expected


def test_after_one_change_upon_another_scans_with_the_cache_find_what_those_without_find(folder):
    chance = random.Random(8)
    with Engine(2) as engine:
        for _ in range(20):
            for name in chance.sample(["large", "other", "sets/a", "sets/b"], 2):
                if len(files_in(folder / name)) > 1:
                    chance.choice([each for each in CHANGES if each is not empty])(folder / name, chance)
            expected = found(engine, folder, cache=False)
            assert found(engine, folder, cache=True) == expected


@pytest.fixture
def cache(tmp_path):
    return str(tmp_path / "caches" / "scans-0.sqlite")


def listed(folder, cache):
    """The ordinary files of a folder as a worker lists them."""
    found = list_again(Walk([str(folder)], follow_links=False), FolderBatch((Folder(0),)), cache, "")
    remember(cache, {ORDERS: found.news})
    return [item for item in found.met[0] if isinstance(item, Plain)]


def probed(folder, cache):
    """Have a folder in the cache; returns the names in order, and what was found."""
    (plain,) = listed(folder, "")
    names = [os.fsencode(folder / path) for path in plain.paths]
    whole = [Span(*each, len(plain.ends) == 1) for each in pairwise([0, *plain.ends])]
    result = probe_files(names, cache, DEFAULT, (), whole)
    remember(cache, {RUNS: result.news})
    return list(plain.paths), result


def taken(plains):
    """What files of which all is known become on their way to the catalog."""
    batches, start = [], 0
    known = KnownFiles(lambda batch, probed: batches.append((batch, probed)))
    for plain in plains:
        known.add(start, plain)
        start += len(plain.paths)
    known.flush()
    return batches


def said(probed):
    return [each.tolist() for each in (probed.file, *probed.numbers)], [list(each) for each in probed.texts]


def test_a_folder_as_it_was_comes_with_all_that_is_known(folder, cache, monkeypatch):
    paths, result = probed(folder / "other", cache)
    assert [key for key, _ in result.news] == [os.fsencode(os.path.join(folder / "other", ""))]
    monkeypatch.setattr(walking, "in_order", None)
    plains = listed(folder / "other", cache)
    assert list(plains[0].paths) == paths == [f"{index}.png" for index in range(FILES)]
    ((batch, known),) = taken(plains)
    assert (list(batch.path), said(known), known.news) == (paths, said(result), ())


def test_folders_that_follow_each_other_go_on_together(folder, cache):
    shutil.rmtree(folder / "large" / "below")
    results = [probed(folder / name, cache)[1] for name in ("large", "other", "sets/a")]
    *plains, rest = listed(folder, cache)
    assert (len(plains), len(rest.paths), rest.is_known) == (3, 5, False)
    ((batch, known),) = taken(plains)
    heights = [height for result in results for height in result.number("height").tolist()]
    assert (len(batch), known.number("height").tolist()) == (3 * FILES, heights)
    assert list(batch.path)[FILES] == "other/0.png"


def test_of_folders_between_which_others_come_each_has_its_own_part(folder, cache):
    shutil.rmtree(folder / "large" / "below")
    results = [probed(folder / name, cache)[1] for name in ("large", "other", "sets/a")]
    large, other, last, _ = listed(folder, cache)
    batches = taken([large, last, other])
    assert [len(batch) for batch, _ in batches] == [FILES] * 3
    assert [said(known) for _, known in batches] == [said(results[place]) for place in (0, 2, 1)]
    with_source = taken([large, other._replace(source=1)])
    assert [said(known) for _, known in with_source] == [said(result) for result in results[:2]]


@pytest.mark.parametrize("change", [each for each in CHANGES if each is not no_change])
def test_of_a_folder_that_changed_nothing_is_said(folder, cache, change):
    probed(folder / "other", cache)
    change(folder / "other", random.Random(change.__name__))
    assert all(item.known is None for item in listed(folder / "other", cache))


def test_small_folders_are_no_run_of_their_own(folder, cache):
    probed(folder / "sets/b", cache)
    (plain,) = listed(folder / "sets/b", cache)
    assert (plain.ends, plain.is_known) == ((), False)


@pytest.fixture
def in_parts(monkeypatch):
    """Have folders of `FILES` files count as large, and parts of them be small."""
    monkeypatch.setattr(kept_folders, "MAX_WHOLE", FILES // 2)
    monkeypatch.setattr(kept_folders, "PART_FILES", 8)


def looked_through(folder, cache):
    """What a scan finds in a folder by way of the tasks of workers: names, and what is known of each file."""
    walk, prefix = Walk([str(folder)], follow_links=False), os.fsencode(os.path.join(folder, ""))
    search, waiting, batches, start = Search([Folder(0)]), Waiting(), [], 0
    known = KnownFiles(lambda batch, probed: batches.append((batch, probed)))
    news, asked = {RUNS: [], ORDERS: []}, []
    for item in search:
        if isinstance(item, FolderBatch):
            asked.append(item)
        elif item is None:
            met = list_again(walk, asked[0], cache, "")
            news[ORDERS] += met.news
            search.take(asked.pop(0), met.met)
        elif isinstance(item, Plain) and item.is_known:
            known.add(start, item)
            start += len(item.paths)
        elif isinstance(item, Plain) or not item.skip:
            batches += [(batch, None) for batch in waiting.add(start, item, lambda: 16)]
            start += len(item.paths) if isinstance(item, Plain) else 1
    known.flush()
    batches += [(batch, None) for batch in waiting.all()]
    found = {}
    for batch, result in batches:
        again = result or probe_again(batch.names([prefix]), cache, DEFAULT, (), batch.whole)
        news[RUNS] += again.news
        found |= {batch.start: (list(batch.path), said(again))}
    if cache:
        remember(cache, news)
    return flat(found[place] for place in sorted(found))


def flat(found):
    """One line for each file, however batches fall."""
    lines = []
    for paths, ((file, *numbers), texts) in found:
        lines += [
            (paths[file[row]], [each[row] for each in numbers], [each[row] for each in texts])
            for row in range(len(file))
        ]
    return lines


def test_of_a_large_folder_that_is_as_it_was_the_order_is_known_and_no_file_is_opened(
    folder, cache, in_parts, monkeypatch
):
    first = looked_through(folder / "other", cache)
    monkeypatch.setattr(walking, "in_order", None)
    monkeypatch.setattr(probing, "open_file", None)
    (plain,) = listed(folder / "other", cache)
    assert (plain.ends, plain.is_known) == ((8, 16, 24, 32, 40), False)
    assert looked_through(folder / "other", cache) == first
    assert [path for path, _, _ in first] == [f"{index}.png" for index in range(FILES)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_any_change_of_a_large_folder_what_is_found_is_what_is_there(folder, cache, in_parts, change):
    looked_through(folder, cache)
    change(folder / "other", random.Random(change.__name__))
    expected = looked_through(folder, "")
    assert [looked_through(folder, cache) for _ in range(3)] == [expected] * 3


@pytest.mark.parametrize("seed", range(6))
def test_after_many_changes_of_large_folders_what_is_found_is_what_is_there(folder, cache, in_parts, seed):
    chance = random.Random(seed)
    for _ in range(25):
        for name in chance.sample(["large", "other", "sets/a"], 2):
            if len(files_in(folder / name)) > 1:
                chance.choice([each for each in CHANGES if each is not empty])(folder / name, chance)
        assert looked_through(folder, cache) == looked_through(folder, "")


def test_a_change_in_a_large_folder_has_only_its_part_read_again(folder, cache, in_parts, monkeypatch):
    looked_through(folder / "other", cache)
    picture(folder / "other" / "17 and a half.png", 11)
    opened, open_file = [], probing.open_file
    monkeypatch.setattr(probing, "open_file", lambda name: opened.append(name) or open_file(name))
    found = looked_through(folder / "other", cache)
    assert list(map(os.path.basename, opened)) == [b"17 and a half.png"]
    assert [path for path, _, _ in found][17] == "17 and a half.png"
    opened.clear()
    assert looked_through(folder / "other", cache) == found
    assert opened == []


def test_a_scan_that_ended_early_leaves_a_part_of_a_large_folder_to_the_next(folder, cache, in_parts):
    listed(folder / "other", cache)  # the order is kept, and nothing of the files
    expected = looked_through(folder / "other", "")
    assert looked_through(folder / "other", cache) == expected
    with contextlib.closing(sqlite3.connect(cache)) as opened, opened:
        opened.execute("DELETE FROM runs WHERE file LIKE '%/16.png'")
    assert looked_through(folder / "other", cache) == expected
    with contextlib.closing(sqlite3.connect(cache)) as opened, opened:
        opened.execute("DELETE FROM orders")
    assert looked_through(folder / "other", cache) == expected


@pytest.fixture
def change_late(folder, monkeypatch):
    """Let a file change after its folder has been listed, and before its state is asked for."""

    def arrange():
        states = unchanged.local_states

        def late(*asked):
            picture(folder / "other" / "3.png", 19)
            return states(*asked)

        monkeypatch.setattr(unchanged, "local_states", late)

    return arrange


def test_a_file_of_a_large_folder_that_changes_after_the_listing_is_looked_at(
    folder, cache, in_parts, change_late
):
    looked_through(folder / "other", cache)
    change_late()
    found = looked_through(folder / "other", cache)
    height = NUMBERS.index("height")
    assert [numbers[height] for _, numbers, _ in found[2:5]] == [7, 19, 6]


COUNTS = st.integers(0, 300)


@given(COUNTS, st.sets(COUNTS))
def test_parts_of_a_large_folder_are_neither_large_nor_begin_elsewhere_next_time(count, starts):
    names = [b"%d" % index for index in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_folders, "PART_FILES", 16)
        ends = ends_of_parts(names, [b"%d" % start for start in starts])
        again = ends_of_parts(names, [names[end] for end in (0, *ends[:-1])] if names else ())
    sizes = [end - begin for begin, end in pairwise((0, *ends))]
    assert again == ends
    assert sum(sizes) == count
    assert all(size <= 32 for size in sizes)
    assert all(size > 4 for size in sizes[:-1])


def test_a_folder_of_thousands_is_found_again_as_it_was_and_as_it_is(tmp_path, kept):
    folder, chance = tmp_path / "many", random.Random(3)
    picture(tmp_path / "one.png")
    data = (tmp_path / "one.png").read_bytes()
    folder.mkdir()
    for index in range(MAX_WHOLE + 500):
        (folder / f"{index}.png").write_bytes(data)
        os.utime(folder / f"{index}.png", ns=(LONG_AGO_NS, LONG_AGO_NS + index))
    for change in (no_change, no_change, add, remove, change_size):
        change(folder, chance)
        with lent(kept), Engine(1) as engine:
            expected = found(engine, folder, cache=False)
            assert found(engine, folder, cache=True) == expected


def test_a_file_that_is_gone_is_forgotten(folder, cache):
    probed(folder / "other", cache)
    (folder / "other" / "7.png").unlink()
    _, result = probed(folder / "other", cache)
    assert len(result.news) == 1
    (plain,) = listed(folder / "other", cache)
    assert len(plain.paths) == FILES - 1
    assert plain.is_known


def test_what_depends_on_other_options_is_not_known(folder, cache, monkeypatch):
    probed(folder / "other", cache)
    monkeypatch.setattr("stackgui.imaging.most_px", lambda: 7 * 6)
    assert listed(folder / "other", cache)[0].known is None


def test_a_file_that_changes_between_listing_and_asking_is_looked_at(folder, cache, change_late):
    probed(folder / "other", cache)
    change_late()
    assert listed(folder / "other", cache)[0].known is None


def test_a_damaged_cache_says_nothing(folder, cache):
    probed(folder / "other", cache)
    with open(cache, "r+b") as file:
        file.write(b"no database at all" * 100)
    assert listed(folder / "other", cache)[0].known is None
