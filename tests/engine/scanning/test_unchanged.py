"""A second scan finds what a first one finds, whatever happened in between."""

import os
import random
import shutil

import pytest
from PIL import Image

from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.engine import Control, Engine
from stackgui.engine.scanning import unchanged
from stackgui.engine.scanning.probing import probe_files
from stackgui.engine.scanning.scan_cache import RUNS, remember
from stackgui.engine.scanning.unchanged import KnownFiles, list_again
from stackgui.engine.sources import walk as walking
from stackgui.engine.sources.walk import MIN_WHOLE, Folder, Plain, Walk
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
    (met,) = list_again(Walk([str(folder)], follow_links=False), [Folder(0)], cache, "")
    return [item for item in met if isinstance(item, Plain)]


def probed(folder, cache):
    """Have a folder in the cache; returns the names in order, and what was found."""
    (plain,) = listed(folder, "")
    names = [os.fsencode(folder / path) for path in plain.paths]
    result = probe_files(names, cache, DEFAULT, (), ((0, len(names)),) if plain.is_whole else ())
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


def test_small_folders_and_large_ones_are_no_run_of_their_own(folder, cache, monkeypatch):
    monkeypatch.setattr(walking, "MAX_WHOLE", FILES - 1)
    for name in ("sets/b", "other"):
        probed(folder / name, cache)
        (plain,) = listed(folder / name, cache)
        assert (plain.is_whole, plain.is_known) == (False, False)


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


def test_a_file_that_changes_between_listing_and_asking_is_looked_at(folder, cache, monkeypatch):
    probed(folder / "other", cache)
    states = unchanged.local_states

    def late(*asked):
        picture(folder / "other" / "3.png", 19)
        return states(*asked)

    monkeypatch.setattr(unchanged, "local_states", late)
    assert listed(folder / "other", cache)[0].known is None


def test_a_damaged_cache_says_nothing(folder, cache):
    probed(folder / "other", cache)
    with open(cache, "r+b") as file:
        file.write(b"no database at all" * 100)
    assert listed(folder / "other", cache)[0].known is None
