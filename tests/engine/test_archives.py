"""Archives give the same samples as the folders that they were made of."""

import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.archive_location import UNKNOWN_CRC, Packing
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.archives import reading
from tests.engine.packing import KINDS, files_in, pack

COLUMNS = ("height", "width", "channels", "orientation", "bits", "member", "file_bytes")
TEXTS = ("dtype", "format", "problem", "given_label", "split")


def table_of(catalog) -> list[tuple]:
    columns = [getattr(catalog, name).tolist() for name in COLUMNS]
    return list(zip(catalog.path, *columns, *(getattr(catalog, name) for name in TEXTS), strict=True))


def converted(engine, catalog, destination) -> np.ndarray:
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(destination)), Control())
    assert len(report.failures) == int((~catalog.usable).sum()) + 1  # and the picture that is cut off
    return np.load(destination / "images.npy")


@pytest.fixture
def tree(pictures: Path) -> Path:
    (pictures / "notes.txt").write_text("no picture")
    (pictures / "web-page.jpg").write_text("<html></html>")
    np.save(pictures / "many.npy", np.arange(4 * 6 * 5 * 3, dtype=np.uint8).reshape(4, 6, 5, 3))
    return pictures


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_is_as_its_folder(tree, tmp_path, scan, engine, kind):
    archive = pack(tmp_path / kind, files_in(tree))
    folder, packed = scan(tree), scan(archive)
    assert packed.sources == (str(archive),)
    assert packed.skipped.kind.counts() == folder.skipped.kind.counts()
    assert table_of(packed) == table_of(folder)
    assert packed.file(0) == str(archive / folder.path[0])
    rows = converted(engine, packed, tmp_path / "packed")
    np.testing.assert_array_equal(rows, converted(engine, folder, tmp_path / "unpacked"))


def test_archives_in_a_folder_stand_among_its_files(pictures, tmp_path, scan):
    folder = tmp_path / "shards"
    (folder / "b").mkdir(parents=True)
    (folder / "a.png").write_bytes((pictures / "cat" / "1.png").read_bytes())
    (folder / "z.png").write_bytes((pictures / "cat" / "3.png").read_bytes())
    files = files_in(pictures / "cat")
    pack(folder / "10.tar", files)
    pack(folder / "9.tar.gz", files)
    pack(folder / "b" / "stored.zip", files)
    catalog = scan(folder)
    shards = [f"{archive}/{name}" for archive in ("9.tar.gz", "10.tar") for name in files]
    assert list(catalog.path) == [*shards, "a.png", *(f"b/stored.zip/{name}" for name in files), "z.png"]
    assert [archive.path for archive in catalog.archives] == ["9.tar.gz", "10.tar", "b/stored.zip"]
    assert catalog.file(0) == str(folder / "9.tar.gz" / next(iter(files)))


def test_archives_in_folders_can_be_left_aside(tmp_path, scan):
    from stackgui.core.catalog.scan_options import ScanOptions

    pack(tmp_path / "a.tar", {"1.png": b""})
    catalog = scan(tmp_path, options=ScanOptions(open_archives=False))
    assert len(catalog) == 0
    assert catalog.skipped.kind.counts() == {"archives": 1}


def test_a_changed_archive_gives_no_rows(pictures, tmp_path, scan, engine):
    archive = pack(tmp_path / "a.tar", files_in(pictures / "cat"))
    catalog = scan(archive)
    os.utime(archive, ns=(1, 1))
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(tmp_path / "stack")), Control())
    assert {failure.reason for failure in report.failures} == {"the file was changed after it was scanned"}
    assert len(report.failures) == len(catalog)


def test_a_stack_of_archives_is_sound_and_names_its_files(pictures, tmp_path, scan, engine):
    from stackgui import open_stack

    archives = [pack(tmp_path / name, files_in(pictures / "cat")) for name in ("deflated.zip", "b.tar.zst")]
    catalog = scan(*archives)
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(tmp_path / "stack")), Control())
    assert not report.failures
    checked = engine.verify(str(tmp_path / "stack"), Control(), deep=None)
    assert checked.is_sound
    assert (checked.decoded, checked.not_compared) == (len(catalog), ())
    with open_stack(tmp_path / "stack") as stack:
        assert list(stack.files) == [catalog.file(sample) for sample in range(len(catalog))]


def test_previews_look_into_archives(pictures, tmp_path, scan, engine):
    files = files_in(pictures / "cat")
    archives = [pack(tmp_path / name, files) for name in ("deflated.zip", "b.tar.gz")]
    catalogs = [scan(pictures / "cat"), *map(scan, archives)]
    samples = [len(files) - 1, 0, 2]
    shown = [engine.previews(resolve(Options(), catalog), samples, 64, Control()) for catalog in catalogs]
    for thumbs in zip(*shown, strict=True):
        assert len({thumb.pixels.tobytes() for thumb in thumbs}) == 1
        assert not any(thumb.reason for thumb in thumbs)


def test_files_of_an_archive_are_remembered_until_it_changes(pictures, tmp_path, scan, engine):
    archive = pack(tmp_path / "stored.zip", files_in(pictures / "cat"))
    os.utime(archive, ns=(10**18, 10**18))
    first = scan(archive)
    engine._rememberer.close()
    # The content changes and nothing tells: what was remembered is believed, hence was remembered.
    data = bytearray(archive.read_bytes())
    data[80:90] = bytes(10)
    archive.write_bytes(data)
    os.utime(archive, ns=(10**18, 10**18))
    assert table_of(scan(archive)) == table_of(first)
    os.utime(archive, ns=(10**18, 10**18 + 1))
    assert not scan(archive).usable.all()


def test_a_picture_of_another_format_than_its_name_is_told(tmp_path, scan):
    Image.new("RGB", (5, 4)).save(tmp_path / "a.bmp")
    archive = pack(tmp_path / "deflated.zip", {"x": (tmp_path / "a.bmp").read_bytes(), "y.txt": b"no"})
    catalog = scan(archive)
    assert list(catalog.path) == ["x"]
    assert catalog.format[0] == "bmp"
    assert catalog.skipped.kind.counts() == {"not pictures": 1}


def test_figures_are_told_before_the_archives_are_listed(pictures, tmp_path, engine, monkeypatch):
    monkeypatch.setattr("stackgui.engine.scanning.tally.FIRST_OVERVIEW_S", 0.0)
    archive = pack(tmp_path / "plain.tar", files_in(pictures / "cat"))
    told = []

    class Watch(Control):
        def publish(self, snapshot):
            super().publish(snapshot)
            if snapshot.statistics:
                told.append(snapshot.statistics.samples)

    catalog = engine.scan([str(archive), str(pictures / "dog")], Watch(), overview=True)
    assert 0 < told[0] < len(catalog)


@pytest.mark.parametrize("at_once", [True, False])
def test_parts_are_read_at_their_place_with_and_without_pread(tmp_path, monkeypatch, at_once):
    """Some systems have none; and what a header claims beyond the end is not even made room for."""
    monkeypatch.setattr(reading, "_CAN_READ_AT", at_once and hasattr(os, "pread"))
    file = tmp_path / "any.tar"
    file.write_bytes(bytes(range(256)))
    archive = reading.OpenArchive(os.fsencode(file), 256, file.stat().st_mtime_ns)
    try:
        stored = partial(reading.Place, packing=Packing.STORED, crc32=UNKNOWN_CRC)
        for offset, count in [(200, 20), (3, 5), (0, 256)]:
            place = stored(size_bytes=count, offset=offset, packed_bytes=count)
            assert archive.whole(place) == bytes(range(offset, offset + count))
        with pytest.raises(SampleError, match="its size"):
            archive.whole(stored(size_bytes=2**60, offset=200, packed_bytes=2**60))
    finally:
        archive.close()
