"""The catalog of a scan: the same whether its table was kept in memory or put aside on the disk."""

import gc
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import Cancelled, RunError
from stackgui.core.base.skip_kinds import NOT_A_PICTURE
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.engine import Control
from stackgui.engine.scanning import catalog_builder, chunk, skipped_files, spool
from stackgui.engine.scanning.catalog_builder import CatalogBuilder
from stackgui.engine.scanning.probed import Probe, Probed
from stackgui.engine.sources.sources import Source, SourceKind
from stackgui.stores.files.nameless import folder_of_nameless

SOURCES = tuple(Source(name, name, SourceKind.FOLDER) for name in ("/a", "/b"))
ARCHIVES = (Archive(0, "a.zip", 9, 2),)
NAMES = st.binary(min_size=1, max_size=5).filter(lambda name: not set(name) & {0, ord("/")})
TEXTS = st.sampled_from(["", "cat", "dog", "\udcff", "Ärger"])

HEADERS = st.builds(
    Header,
    format=st.sampled_from(["jpeg", "png"]),
    height=st.sampled_from([4, 5, 2**40]),
    width=st.integers(1, 3),
    channels=st.just(3),
    dtype=st.sampled_from(["uint8", "uint16"]),
    bits=st.sampled_from([0, 12]),
    samples=st.integers(1, 2),
    member_name=TEXTS,
    arrays=st.sampled_from([(), ("x",), ("y", "x")]),
)
PROBES = st.one_of(
    st.builds(Probe.of_header, st.integers(0, 2**60), st.integers(0, 9), HEADERS, is_new=st.booleans()),
    st.builds(
        lambda detail, is_new: Probe.without_header(skip=NOT_A_PICTURE, detail=detail, is_new=is_new),
        TEXTS,
        st.booleans(),
    ),
    st.builds(lambda reason: Probe.without_header(problem=reason), TEXTS),
)


@st.composite
def chunks(draw):
    """A batch of files, with several samples, skipped ones, perhaps in an archive."""
    probed = Probed.of(draw(st.lists(st.lists(PROBES, min_size=1, max_size=2), min_size=1, max_size=4)))
    rows = len(probed.file)

    def each(values):
        return draw(st.lists(values, min_size=rows, max_size=rows))

    is_inside, source = draw(st.booleans()), draw(st.integers(0, 1))
    locations = [[0, 512 * row, 5, 0, -1] for row in range(rows)]
    return chunk.Chunk(
        source=np.full(rows, source, np.int32),
        path=Paths.from_names(each(NAMES)),
        probed=probed,
        inside=ArchiveLocation.of_rows(locations) if is_inside else ArchiveLocation.none_of(rows),
        label=Coded.from_values(each(TEXTS)),
        split=Coded.from_values(each(TEXTS)),
        line=np.array(each(st.integers(-1, 3)), np.int32),
    )


@st.composite
def scans(draw):
    """Chunks with their keys, in the order in which they arrive."""
    made = draw(st.lists(chunks(), max_size=6))
    keys = [(int(each.source[0]), place // 2, place % 2) for place, each in enumerate(made)]
    return draw(st.permutations(list(zip(keys, made, strict=True))))


def built(arrived, aside_rows, skipped_rows, looks=()):
    """The builder after all chunks, which are put aside from so many rows on; with looks in between."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog_builder, "ASIDE_ROWS", aside_rows)
        patch.setattr(skipped_files, "RUN_ROWS", skipped_rows)
        builder = CatalogBuilder(SOURCES)
        builder.skipped.add([(b"/a/hidden", "hidden files", ""), (b"/a/hidden", "hidden files", "")])
        for place, (key, each) in enumerate(arrived):
            builder.add(key, each)
            if place in looks:
                builder.catalog(ARCHIVES, DEFAULT)
        return builder, builder.catalog(ARCHIVES, DEFAULT), builder.skipped.table()


def said(catalog):
    """Everything that a catalog says, without regard to how its texts are coded."""
    columns = {name: list(value) for name, value in catalog.to_json().items() if isinstance(value, list)}
    texts = {each: list(getattr(catalog, each)) for each in catalog.__slots__ if _is_text(catalog, each)}
    skipped = catalog.skipped
    return columns, texts, catalog.arrays, *map(list, (skipped.path, skipped.kind, skipped.detail))


def _is_text(catalog, name):
    return isinstance(getattr(catalog, name, None), Coded)


@settings(max_examples=60, deadline=None)
@given(scans(), st.integers(1, 9), st.integers(1, 9), st.sets(st.integers(0, 5)))
def test_a_catalog_on_the_disk_is_the_one_in_memory(arrived, aside_rows, skipped_rows, looks):
    in_memory, expected, skipped = built(arrived, 10**9, 10**9)
    on_disk, found, others = built(arrived, aside_rows, skipped_rows, looks)
    assert said(found) == said(expected)
    assert list(others.path) == list(skipped.path)
    assert found.path.data == expected.path.data
    assert found.path.ends.tolist() == expected.path.ends.tolist()
    for name in ("height", "width", "source", "file_bytes", "bits"):
        assert getattr(found, name).dtype == getattr(expected, name).dtype
    for name, column in expected.inside.columns().items():
        assert found.inside.columns()[name].tolist() == column.tolist()
    assert on_disk.lines().tolist() == in_memory.lines().tolist()
    assert len(on_disk.skipped) == len(in_memory.skipped) == len(skipped)


@settings(max_examples=30, deadline=None)
@given(scans(), st.data())
def test_the_order_of_arrival_changes_nothing(arrived, data):
    again = data.draw(st.permutations(arrived))
    _builder, one, _skipped = built(arrived, 3, 2)
    _builder, other, _skipped = built(again, 3, 2)
    assert one.to_json() == {**other.to_json(), "skipped": one.to_json()["skipped"]}
    assert said(one) == said(other)


def some_chunk(rows=4, place=0):
    entries = [[Probe.of_header(10 + row, 5, Header("png", 3 + row, 4, 3, "uint8"))] for row in range(rows)]
    return (0, place, 0), chunk.Chunk(
        source=np.zeros(rows, np.int32),
        path=Paths.from_names([b"%d-%d" % (place, row) for row in range(rows)]),
        probed=Probed.of(entries),
        inside=ArchiveLocation.none_of(rows),
        label=Coded.constant("", rows),
        split=Coded.constant("", rows),
        line=np.full(rows, -1, np.int32),
    )


def cache_folder():
    return Path(folder_of_nameless())


def test_columns_are_mapped_and_their_file_has_no_name(monkeypatch):
    monkeypatch.setattr(catalog_builder, "ASIDE_ROWS", 4)
    builder = CatalogBuilder(SOURCES)
    for place in range(3):
        builder.add(*some_chunk(place=place))
    catalog = builder.catalog((), DEFAULT)
    assert isinstance(catalog.path.data, memoryview)
    assert not catalog.height.flags.owndata
    assert not catalog.height.flags.writeable
    # What is the same of all samples takes nothing on the disk, either.
    assert catalog.channels.strides == (0,)
    assert list(cache_folder().iterdir()) == []
    del builder
    gc.collect()
    assert catalog.height.tolist() == [3, 4, 5, 6] * 3
    assert catalog.path[11] == "2-3"


def test_a_small_scan_leaves_the_disk_alone(monkeypatch):
    monkeypatch.setattr(spool.Spool, "made", lambda _cancellation: pytest.fail("a file was made"))
    builder = CatalogBuilder(SOURCES)
    builder.add(*some_chunk())
    assert builder.catalog((), DEFAULT).height.tolist() == [3, 4, 5, 6]


def test_without_a_place_for_files_memory_has_to_do(monkeypatch):
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_bytes(b"in the way")
    monkeypatch.setattr(catalog_builder, "ASIDE_ROWS", 4)
    builder = CatalogBuilder(SOURCES)
    for place in range(4):
        builder.add(*some_chunk(place=place))
    assert builder.catalog((), DEFAULT).height.tolist() == [3, 4, 5, 6] * 4


def test_a_full_disk_is_told_in_a_sentence(monkeypatch):
    def full(**_given):
        return open("/dev/full", "w+b")

    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no device that is always full")
    monkeypatch.setattr(catalog_builder, "ASIDE_ROWS", 4000)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    builder = CatalogBuilder(SOURCES)
    with pytest.raises(RunError, match=r"cannot be written to .*: the disk is full\. Make room there"):
        builder.add(*some_chunk(rows=4000))


def test_putting_aside_can_be_cancelled(monkeypatch):
    monkeypatch.setattr(catalog_builder, "ASIDE_ROWS", 4)
    control = Control()
    builder = CatalogBuilder(SOURCES, control)
    builder.add(*some_chunk())
    control.cancel()
    with pytest.raises(Cancelled):
        builder.catalog((), DEFAULT)
    del builder
    gc.collect()
    assert list(cache_folder().iterdir()) == []


def test_nothing_is_left_of_a_scan_that_was_killed(tmp_path):
    code = (
        "import os, signal\n"
        "from tests.engine.scanning.test_catalog_builder import *\n"
        "catalog_builder.ASIDE_ROWS = 4\n"
        "builder = CatalogBuilder(SOURCES)\n"
        "builder.add(*some_chunk())\n"
        "assert builder._places and not builder._chunks\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False)
    assert ended.returncode == -9
    assert list(cache_folder().iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_whole_scan_on_the_disk_is_the_one_in_memory(pictures, scan, monkeypatch):
    (pictures / "notes.txt").write_text("no picture")
    (pictures / ".hidden").write_text("no picture")
    expected = scan(pictures, cache=False)
    monkeypatch.setattr(catalog_builder, "ASIDE_ROWS", 3)
    monkeypatch.setattr(skipped_files, "RUN_ROWS", 1)
    found = scan(pictures)
    assert isinstance(found.path.data, memoryview)
    assert said(found) == said(expected)
    # What was put aside is remembered, too.
    assert said(scan(pictures)) == said(expected)
