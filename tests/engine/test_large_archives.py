"""Going through an archive takes as many steps as it has files, and not their square."""

import gzip
import io
import os

import numpy as np
import pytest
from PIL import Image

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.batches import batches
from stackgui.engine.archives import listing as listing_module
from stackgui.engine.archives import reading
from stackgui.engine.archives.listing import list_archive
from stackgui.engine.archives.reading import Place, opened
from stackgui.engine.archives.streams import Stream
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import files_of
from stackgui.engine.scanning.archive_queue import FILES_PER_BATCH
from stackgui.engine.scanning.probing_inside import probe_inside
from stackgui.engine.workers import tasks
from tests.engine.packing import tar_of

FILES = 10_000
BLOCK_BYTES = 512
LISTED_READS = 4
"""A file's header, what is around it, and nothing that was read before."""


class Counted:
    """An open file that counts what is asked of it."""

    def __init__(self, file) -> None:
        self._file = file
        self.reads = self.read_bytes = 0

    def read(self, count: int = -1) -> bytes:
        data = self._file.read(count)
        self.reads += 1
        self.read_bytes += len(data)
        return data

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        self._file.close()


@pytest.fixture(scope="module")
def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(target, "PNG")
    return target.getvalue()


@pytest.fixture(scope="module", params=["plain.tar", "plain.tar.gz"])
def archive(request, picture, tmp_path_factory) -> bytes:
    data = tar_of({f"{index}.png": picture for index in range(FILES)})
    file = tmp_path_factory.mktemp("large") / request.param
    file.write_bytes(gzip.compress(data, 1) if request.param.endswith(".gz") else data)
    return os.fsencode(file)


@pytest.fixture
def counts(monkeypatch):
    """How often files are opened and streams begun, and how many bytes come out of either."""
    found = {"opened": 0, "begun": 0, "bytes": 0}
    begin, read, read_from, os_open = Stream._begin, Stream.read, reading.read_from, os.open

    def counted_open(*arguments, **more):
        found["opened"] += 1
        return os_open(*arguments, **more)

    def counted_begin(stream):
        found["begun"] += 1
        begin(stream)

    def counted_read(stream, count):
        data = read(stream, count)
        found["bytes"] += len(data)
        return data

    def counted_read_from(file, count):
        found["bytes"] += count
        return read_from(file, count)

    monkeypatch.setattr(os, "open", counted_open)
    monkeypatch.setattr(Stream, "_begin", counted_begin)
    monkeypatch.setattr(Stream, "read", counted_read)
    monkeypatch.setattr(reading, "read_from", counted_read_from)
    yield found
    reading.forget()


def test_listing_reads_each_header_once(archive, counts, monkeypatch):
    files = []
    real = listing_module.buffered

    def counting(*arguments):
        files.append(Counted(real(*arguments)))
        return files[-1]

    is_stream = archive.endswith(b".gz")
    if not is_stream:
        monkeypatch.setattr(listing_module, "buffered", counting)
    listing = list_archive(archive, ())
    assert (len(listing), listing.damage, listing.reason) == (FILES, "", "")
    if is_stream:
        assert counts["begun"] == 1
        assert counts["bytes"] <= (FILES + 100) * 2 * BLOCK_BYTES
    else:
        (file,) = files
        assert file.reads <= LISTED_READS * FILES
        assert file.read_bytes <= LISTED_READS * FILES * BLOCK_BYTES


def test_every_picture_is_looked_at_and_read_in_one_pass(archive, picture, counts):
    listing = list_archive(archive, ())
    streams = int(archive.endswith(b".gz"))
    counts.update(opened=0, begun=0, bytes=0)
    for begin in range(0, FILES, FILES_PER_BATCH):
        batch = listing.take(np.arange(begin, min(begin + FILES_PER_BATCH, FILES)))
        probed = probe_inside(archive, batch, "", ScanOptions(), ())
        assert len(probed.file) == len(batch)
    assert (counts["opened"], counts["begun"]) == (1 + streams, streams)
    assert counts["bytes"] <= (FILES + 100) * 2 * BLOCK_BYTES
    reading.forget()
    counts.update(opened=0, begun=0, bytes=0)
    for place in listing.places.tolist():
        assert opened(archive, listing.file_bytes, listing.mtime_ns).whole(Place(*place)) == picture
    assert (counts["opened"], counts["begun"]) == (1 + streams, streams)
    assert counts["bytes"] <= (FILES + 100) * 2 * BLOCK_BYTES


@pytest.mark.parametrize("archive", ["plain.tar.gz"], indirect=True)
def test_shuffled_rows_of_a_stream_are_read_in_one_pass(archive, counts, scan):
    plan = resolve(Options(shuffle=True), scan(os.fsdecode(archive)))
    assert (np.diff(plan.samples) < 0).any(), "the rows are not shuffled"
    form, rows = Form.looking(plan, "float64"), []
    counts.update(opened=0, begun=0, bytes=0)
    for batch in batches(plan):
        found = tasks.measure_rows(files_of(plan, batch.samples, batch.geometry), form, is_finite=True)
        assert found.count[0] == 6 * len(batch)
        rows += batch.rows.tolist()
    assert sorted(rows) == list(range(FILES))
    assert counts["begun"] == 1
    assert counts["bytes"] <= (FILES + 100) * 2 * BLOCK_BYTES
