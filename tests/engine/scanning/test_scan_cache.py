"""What an earlier scan found is believed only as long as it is certain."""

import os
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.engine import Control, Engine
from stackgui.engine.scanning import probing, scan_cache
from stackgui.engine.scanning.probing import probe_files
from stackgui.engine.scanning.scan_cache import cache_file, known_files, remember
from tests.damaging import BYTES

LONG_AGO_NS = 10**18


@pytest.fixture
def picture(tmp_path) -> bytes:
    """A picture that has not changed for long."""
    file = tmp_path / "picture.png"
    Image.new("RGB", (7, 5)).save(file)
    os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return os.fsencode(file)


@pytest.fixture
def cache(tmp_path) -> str:
    return str(tmp_path / "caches" / "scans-0.sqlite")


def remembered(picture: bytes, cache: str) -> probing.Probed:
    found = probe_files([picture], cache, DEFAULT)
    remember(cache, {scan_cache.RUNS: found.news})
    return found


def known(cache: str, picture: bytes) -> dict:
    return known_files(cache, [picture], "", scan_cache.RUNS)


def no_opening(*_arguments) -> int:
    raise AssertionError("a file was opened")


def test_an_unchanged_file_is_not_opened_again(picture, cache, monkeypatch):
    first = remembered(picture, cache)
    monkeypatch.setattr(probing.os, "open", no_opening)
    second = probe_files([picture], cache, DEFAULT)
    assert [key for key, _ in first.news] == [picture]
    assert second.news == ()
    assert np.array_equal(second.numbers, first.numbers)
    assert (second.text("dtype")[0], second.text("format")[0]) == ("uint8", "png")


@pytest.mark.parametrize("change", ["size", "time"])
def test_a_changed_file_is_looked_into(picture, cache, change):
    remembered(picture, cache)
    if change == "size":
        Image.new("RGB", (70, 50)).save(os.fsdecode(picture))
        os.utime(picture, ns=(LONG_AGO_NS, LONG_AGO_NS))
    else:
        os.utime(picture, ns=(LONG_AGO_NS, LONG_AGO_NS + 1))
    assert probe_files([picture], cache, DEFAULT).news


def test_a_file_that_is_gone_is_told_as_unreadable(picture, cache):
    remembered(picture, cache)
    os.unlink(picture)
    assert list(probe_files([picture], cache, DEFAULT).text("skip")) == [probing.UNREADABLE]


def test_what_changed_just_now_is_not_believed_for_long(picture, cache):
    now_ns = time.time_ns()
    os.utime(picture, ns=(now_ns, now_ns))
    remembered(picture, cache)
    assert known(cache, picture) == {}


def test_a_flipped_bit_is_noticed(picture, cache):
    remembered(picture, cache)
    with sqlite3.connect(cache) as connection:
        connection.execute("UPDATE runs SET rests = replace(rests, '5', '6')")
    connection.close()
    assert known(cache, picture) == {}


def test_rubbish_in_place_of_the_cache_is_replaced(picture, cache):
    os.makedirs(os.path.dirname(cache))
    with open(cache, "wb") as file:
        file.write(b"no database at all" * 100)
    assert known(cache, picture) == {}
    remembered(picture, cache)
    remembered(picture, cache)
    assert set(known(cache, picture)) == {picture}


@pytest.mark.parametrize(
    "table", ["runs (file BLOB)", "runs (file BLOB, a)", "runs (other BLOB, b)", "others (file BLOB)"]
)
def test_a_cache_with_another_table_is_replaced(picture, cache, table):
    os.makedirs(os.path.dirname(cache))
    with sqlite3.connect(cache) as connection:
        connection.execute(f"CREATE TABLE {table}")
        if table.startswith("runs (file"):
            values = ", ".join("?" * (table.count(",") + 1))
            connection.execute(f"INSERT INTO runs VALUES ({values})", [picture] * (table.count(",") + 1))
    connection.close()
    assert known(cache, picture) == {}
    remembered(picture, cache)
    remembered(picture, cache)
    assert set(known(cache, picture)) == {picture}


def test_whatever_happened_to_the_cache_it_says_nothing_wrong(picture, cache):
    remembered(picture, cache)
    whole = Path(cache).read_bytes()
    expected = known(cache, picture)

    @given(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=40) | BYTES)
    def damage(changes):
        data = bytearray(whole) if isinstance(changes, list) else changes
        for place, value in changes if isinstance(changes, list) else ():
            data[place] = value
        for name in os.listdir(os.path.dirname(cache)):
            os.unlink(os.path.join(os.path.dirname(cache), name))
        Path(cache).write_bytes(data)
        assert known(cache, picture) in ({}, expected)
        remember(cache, {})
        assert known(cache, picture) in ({}, expected)

    damage()


def test_a_folder_in_place_of_the_cache_costs_nothing(picture, cache):
    os.makedirs(cache)
    os.makedirs(cache.replace("scans-0", "scans-1"))
    found = remembered(picture, cache)
    assert found.number("height")[0] == 5
    assert known(cache, picture) == {}


def test_a_place_that_cannot_be_written_costs_nothing(picture, tmp_path):
    (tmp_path / "file").write_text("")
    found = remembered(picture, str(tmp_path / "file" / "scans-0.sqlite"))
    assert (found.number("height")[0], found.number("width")[0]) == (5, 7)


def test_a_locked_cache_is_done_without(picture, cache, monkeypatch):
    monkeypatch.setattr(scan_cache, "_WAIT_S", 0.01)
    remembered(picture, cache)
    connection = sqlite3.connect(cache)
    connection.execute("BEGIN EXCLUSIVE")
    remembered(picture, cache)
    connection.close()
    assert set(known(cache, picture)) == {picture}


def test_caches_of_other_versions_and_too_large_ones_are_deleted(picture, cache, monkeypatch):
    remembered(picture, cache)
    newer = cache.replace("scans-0", "scans-1")
    remember(newer, {})
    assert not os.path.exists(cache)
    remembered(picture, newer)
    monkeypatch.setattr(scan_cache, "MAX_BYTES", 1)
    remember(newer, {})
    assert known(newer, picture) == {}


def test_a_second_scan_gives_the_same_catalog(pictures, tmp_path):
    for file in pictures.rglob("*"):
        os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    with Engine(2) as engine:
        first = engine.scan([str(pictures)], Control())
    assert os.path.exists(cache_file())
    with Engine(2) as engine:
        second = engine.scan([str(pictures)], Control())
        third = engine.scan([str(pictures)], Control(), cache=False)
    assert first.to_json() == second.to_json() == third.to_json()
    assert np.count_nonzero(first.usable) > 10
