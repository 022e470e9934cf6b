"""What archives claim is not believed."""

import io
import struct
import tarfile
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.packing import pack, tar_of


@pytest.fixture
def picture() -> bytes:
    target = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (9, 8, 3), np.uint8)).save(target, "PNG")
    return target.getvalue()


def problems(catalog) -> dict[str, str]:
    return {catalog.path[sample]: catalog.problem[sample] for sample in range(len(catalog))}


@pytest.mark.parametrize("name", ["../x.png", "/x.png", "a/../../x.png", "C:/x.png", "c:x.png"])
@pytest.mark.parametrize("kind", ["stored.zip", "a.tar", "a.tar.gz"])
def test_names_that_lead_elsewhere_are_left_aside(tmp_path, scan, picture, kind, name):
    catalog = scan(pack(tmp_path / kind, {name: picture, "good.png": picture}))
    assert problems(catalog) == {"good.png": ""}
    assert catalog.skipped.kind.counts() == {"unsafe names in archives": 1}


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        (tarfile.SYMTYPE, "links in archives"),
        (tarfile.LNKTYPE, "links in archives"),
        (tarfile.CHRTYPE, "special files"),
        (tarfile.FIFOTYPE, "special files"),
    ],
)
def test_links_and_devices_are_left_aside(tmp_path, scan, type_, kind):
    data = tar_of({"x.png": b""}, type=type_, linkname="/etc/passwd")
    (tmp_path / "a.tar").write_bytes(data)
    catalog = scan(tmp_path / "a.tar")
    assert len(catalog) == 0
    assert catalog.skipped.kind.counts() == {kind: 1}


def test_hidden_nested_and_system_files_are_left_aside(tmp_path, scan, picture):
    names = [".x.png", "__MACOSX/x.png", ".git/x.png", "inner.zip", "good.png"]
    catalog = scan(pack(tmp_path / "a.tar", dict.fromkeys(names, picture)))
    assert list(catalog.path) == ["good.png"]
    assert catalog.skipped.kind.counts() == {
        "archives in archives": 1, "hidden files": 1, "hidden folders": 1, "system files": 1
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["a.zip", "a.tar"])
def test_of_a_name_that_is_there_twice_the_last_counts(tmp_path, scan, picture, kind):
    other = io.BytesIO()
    Image.new("RGB", (3, 2)).save(other, "PNG")
    target = tmp_path / kind
    if kind == "a.zip":
        with zipfile.ZipFile(target, "w") as opened:
            opened.writestr("x.png", picture)
            with pytest.warns(UserWarning, match="Duplicate"):
                opened.writestr("x.png", other.getvalue())
    else:
        whole = tar_of({"x.png": picture})
        first = whole[: -(-len(whole.rstrip(b"\0")) // 512) * 512]  # without the blocks that end it
        target.write_bytes(first + tar_of({"x.png": other.getvalue()}))
    catalog = scan(target)
    assert (catalog.height.tolist(), catalog.width.tolist()) == ([2], [3])
    assert catalog.skipped.kind.counts() == {"files that an archive holds twice": 1}


def changed_zip(target, files, change) -> None:
    """A ZIP file whose table of contents `change` has been at; it gets the bytes and the table's place."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    data = bytearray(target.read_bytes())
    change(data, data.index(b"PK\x01\x02"))
    target.write_bytes(data)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data, at: data.__setitem__(slice(at + 8, at + 10), b"\1\0"), "it is encrypted"),
        (lambda data, at: data.__setitem__(slice(at + 10, at + 12), b"\x0c\0"), "not supported"),
        (lambda data, at: struct.pack_into("<I", data, at + 24, 2**31), "cannot hold"),
        (lambda data, at: struct.pack_into("<I", data, at + 24, 400), "its size is not the one"),
        (lambda data, at: struct.pack_into("<I", data, at + 16, 7), "its checksum is not the one"),
        (lambda data, at: struct.pack_into("<I", data, at + 42, 1), "holds something else"),
    ],
)
def test_lies_of_a_zip_file_cost_the_row(tmp_path, scan, engine, picture, change, reason):
    changed_zip(tmp_path / "a.zip", {"x.png": picture, "y.png": picture}, change)
    catalog = scan(tmp_path / "a.zip")
    assert list(catalog.path) == ["x.png", "y.png"]
    report = engine.convert(resolve(Options(), catalog), RunOptions(str(tmp_path / "stack")), Control())
    assert [failure.row for failure in report.failures] == [0]
    assert reason in report.failures[0].reason


def test_files_in_the_same_place_are_refused(tmp_path, scan, picture):
    def overlap(data, at) -> None:
        second = data.index(b"PK\x01\x02", at + 4)
        data[second + 42 : second + 46] = data[at + 42 : at + 46]

    changed_zip(tmp_path / "a.zip", {"x.png": picture, "y.png": picture, "z.png": picture}, overlap)
    found = problems(scan(tmp_path / "a.zip"))
    assert found["z.png"] == ""
    assert {found["x.png"], found["y.png"]} == {"it lies in the same place of the archive as another file"}


@pytest.mark.parametrize("kind", ["a.zip", "a.tar", "a.tar.gz", "a.tar.zst", "a.tar.xz", "a.tar.bz2"])
@pytest.mark.parametrize(
    "content", [b"", b"no archive", bytes(10), b"PK\x03\x04" + bytes(60), b"\x1f\x8b\x08\0"]
)
def test_what_is_no_archive_is_counted(tmp_path, scan, kind, content):
    (tmp_path / kind).write_bytes(content)
    catalog = scan(tmp_path / kind)
    assert len(catalog) == 0
    assert set(catalog.skipped.kind.counts()) <= {"damaged archives"}


@pytest.mark.parametrize("kind", ["a.tar", "a.tar.gz", "a.tar.zst", "a.tar.xz"])
def test_of_an_archive_that_is_cut_off_the_beginning_is_taken(tmp_path, scan, kind):
    noise = np.random.default_rng(2)
    files = {}
    for index in range(6):
        target = io.BytesIO()
        Image.fromarray(noise.integers(0, 256, (60, 60, 3), np.uint8)).save(target, "PNG")
        files[f"{index}.png"] = target.getvalue()
    whole = pack(tmp_path / kind, files)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    catalog = scan(whole)
    assert catalog.skipped.kind.counts() == {"damaged archives": 1}
    if kind in {"a.tar", "a.tar.gz"}:  # the others are packed in blocks as large as this one
        assert list(catalog.path)[:2] == ["0.png", "1.png"]
        assert catalog.usable[:2].all()


def test_a_damaged_header_in_a_tar_file_is_no_end(tmp_path, scan, picture):
    data = bytearray(tar_of({"a.png": picture, "b.png": picture, "c.png": picture}))
    data[data.index(b"b.png") + 200] ^= 0xFF
    (tmp_path / "a.tar").write_bytes(data)
    catalog = scan(tmp_path / "a.tar")
    assert list(catalog.path) == ["a.png"]
    assert list(catalog.skipped.detail) == ["the archive is damaged or cut off"]


def test_a_stream_that_unpacks_without_end_is_given_up(tmp_path, scan, monkeypatch):
    from stackgui.engine.archives import listing, streams

    monkeypatch.setattr(streams, "HARMLESS_BYTES", 2**20)
    monkeypatch.setattr(streams, "MAX_TIMES", 10)
    target = pack(tmp_path / "a.tar.gz", {"zeros.npy": bytes(2**23), "x.png": b""})
    found = listing.list_archive(bytes(target), ())
    assert "far more than it holds" in found.damage


def test_a_tar_file_of_ten_thousand_files_is_read_once(tmp_path, scan, picture, monkeypatch):
    """Reading it again for each file would read a hundred million headers."""
    import os

    from stackgui.engine.archives import listing

    files = {f"{index}.png": picture for index in range(10_000)}
    target = pack(tmp_path / "a.tar", files)
    assert len(listing.list_archive(os.fsencode(target), ())) == 10_000
    catalog = scan(target)
    assert list(catalog.path) == list(files)
    assert catalog.usable.all()


def test_the_checksum_of_an_entry_is_that_of_its_bytes(tmp_path, scan, picture):
    catalog = scan(pack(tmp_path / "stored.zip", {"x.png": picture}))
    assert catalog.inside.crc32.tolist() == [zlib.crc32(picture)]
