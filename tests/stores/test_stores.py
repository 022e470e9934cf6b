"""All stores: the same bytes whatever the batches; and what they do when the disk is full."""

import contextlib
import ctypes
import errno
import itertools
import os
import subprocess
import sys
import textwrap
import tracemalloc
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.choices import Layout, Storage
from stackgui.core.base.errors import Cancelled, StoreError
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays import array_file, file_store
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.arrays.memory import MemoryStore
from stackgui.stores.arrays.open_store import open_store
from tests.making import joined


def memory_store(*arguments, **options):
    return MemoryStore(FileStore(*arguments, **options))


STORES = [FileStore, memory_store]
MIB = 2**20


@st.composite
def arrays(draw):
    """An array's spec, layout and fill, its rows' placements and validity, and where its batches begin."""
    rows, height, width, channels = (draw(st.integers(1, limit)) for limit in (6, 9, 9, 4))
    layout = draw(st.sampled_from(Layout))
    shape = (rows, channels, height, width) if layout is Layout.NCHW else (rows, height, width, channels)
    dtype = draw(st.sampled_from(["uint8", "uint16", "float16", "float32"]))
    placement = [draw(placements(height, width)) for _ in range(rows)]
    valid = draw(st.lists(st.booleans(), min_size=rows, max_size=rows))
    cuts = sorted(draw(st.sets(st.integers(1, rows))) | {0, rows})
    spec = ArraySpec("images.npy", shape, dtype)
    return (
        spec,
        layout,
        draw(st.sampled_from([0.0, 7.0])),
        np.array(placement, np.int32),
        np.array(valid),
        cuts,
    )


@st.composite
def placements(draw, height, width):
    """Top, left, height and width inside a row; whole rows and whole lines are as likely as anything else."""
    h = draw(st.one_of(st.just(height), st.integers(0, height)))
    w = draw(st.one_of(st.just(width), st.integers(0, width)))
    return draw(st.integers(0, height - h)), draw(st.integers(0, width - w)), h, w


def random_blocks(spec, layout, placement):
    random = np.random.default_rng(0)
    channels = spec.shape[1] if layout is Layout.NCHW else spec.shape[3]
    for _, _, height, width in placement.tolist():
        shape = (channels, height, width) if layout is Layout.NCHW else (height, width, channels)
        yield random.integers(1, 200, shape).astype(spec.dtype)


def plain_array(spec, layout, fill, *, placement, valid, blocks):
    array = np.full(spec.shape, fill, spec.dtype)
    pixels_last = np.moveaxis(array, 1, 3) if layout is Layout.NCHW else array
    for row in np.flatnonzero(valid).tolist():
        top, left, height, width = placement[row].tolist()
        block = np.moveaxis(blocks[row], 0, 2) if layout is Layout.NCHW else blocks[row]
        pixels_last[row, top : top + height, left : left + width] = block
    return array


# Sizes at which even the small arrays of a test take the ways of large ones.
SMALL_LIMITS = {"SMALL_ROW_BYTES": 0, "SCRATCH_BYTES": 16, "GAP_BYTES": 6}


SEEKING = {"_write_at": array_file._seek_and_write, "_read_at": array_file._seek_and_read}
"""How files are written and read where there is no ``pwrite``."""


@pytest.mark.parametrize("calls", [{}, SEEKING], ids=["pwrite", "seek"])
@pytest.mark.parametrize("store", STORES)
@settings(max_examples=60)
@given(array=arrays(), small_limits=st.booleans(), sparse=st.booleans())
def test_every_store_writes_what_numpy_would_save(
    tmp_path_factory, store, calls, array, small_limits, sparse
):
    spec, layout, fill, placement, valid, cuts = array
    folder = tmp_path_factory.mktemp("store", numbered=True)
    blocks = list(random_blocks(spec, layout, placement))
    np.save(
        folder / "expected.npy",
        plain_array(spec, layout, fill, placement=placement, valid=valid, blocks=blocks),
    )
    path = str(folder / "images.npy")
    limits = mock.patch.multiple(file_store, **SMALL_LIMITS) if small_limits else contextlib.nullcontext()
    with limits, mock.patch.multiple(array_file, **calls) if calls else contextlib.nullcontext():
        made = store(path, spec, layout, fill, sparse=sparse)
        for begin, end in itertools.pairwise(cuts):
            made.write(begin, joined(blocks[begin:end]), placement[begin:end], valid[begin:end])
            made.sync()
        made.close()
    with open(path, "rb") as file:
        assert file.read() == (folder / "expected.npy").read_bytes()


@pytest.mark.parametrize("store", [FileStore, memory_store])
def test_calls_that_take_fewer_bytes_are_repeated(tmp_path, monkeypatch, store):
    pwrite, write = os.pwrite, os.write
    monkeypatch.setattr(os, "pwrite", lambda fd, data, at: pwrite(fd, data[: max(1, len(data) // 2)], at))
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[: max(1, len(data) // 2)]))
    monkeypatch.setattr(array_file, "CALL_BYTES", 1000)
    pixels = np.arange(30_000).astype(np.uint8)
    fill_one(store, tmp_path, pixels)
    np.testing.assert_array_equal(np.load(tmp_path / "images.npy").ravel(), pixels)


def fill_one(store, folder, pixels, *, sparse=False):
    """Make an array of one row with a single line of `pixels`."""
    spec = ArraySpec("images.npy", (1, 1, len(pixels), 1), "uint8")
    made = store(str(folder / "images.npy"), spec, Layout.NHWC, 0.0, sparse=sparse)
    try:
        made.write(0, pixels, np.array([[0, 0, 1, len(pixels)]], np.int32), np.array([True]))
        made.close()
    finally:
        made.abort()


@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
def test_padding_takes_no_space_when_it_is_most_of_the_array(tmp_path, storage):
    spec = ArraySpec("images.npy", (8, 1024, 1024, 1), "uint8")
    store = open_store(storage, str(tmp_path / "images.npy"), spec, Layout.NHWC, fill=0, waste=0.99)
    placement = np.tile(np.array([0, 0, 8, 1024], np.int32), (8, 1))
    store.write(0, np.ones(8 * 8 * 1024, np.uint8), placement, np.ones(8, bool))
    store.close()
    found = os.stat(tmp_path / "images.npy")
    assert found.st_size == file_bytes(spec)
    if found.st_blocks * 512 >= found.st_size:
        pytest.skip("this file system has no holes")
    assert found.st_blocks * 512 <= MIB + 64 * 1024
    assert int(np.load(tmp_path / "images.npy").sum()) == 8 * 8 * 1024


@pytest.mark.parametrize(("fill", "waste"), [(0.0, 0.5), (0.0, 0.0), (1.0, 0.99)])
def test_space_is_reserved_when_it_will_be_used(tmp_path, fill, waste):
    spec = ArraySpec("images.npy", (8, 512, 512, 1), "uint8")
    store = open_store(Storage.FILE, str(tmp_path / "images.npy"), spec, Layout.NHWC, fill=fill, waste=waste)
    found = os.stat(tmp_path / "images.npy")
    store.abort()
    assert found.st_blocks * 512 >= spec.data_bytes


def refusing(code):
    """A ``fallocate`` that always fails."""

    def fallocate(*_arguments):
        ctypes.set_errno(code)
        return -1

    return fallocate


@pytest.mark.skipif(sys.platform != "linux", reason="it replaces the call of Linux")
@pytest.mark.parametrize("code", [errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_disk_that_cannot_reserve_is_used_without(tmp_path, monkeypatch, code):
    """And above all not by ``posix_fallocate``, which would write to every block."""
    asked = []
    monkeypatch.setattr(os, "posix_fallocate", lambda *arguments: asked.append(arguments))
    monkeypatch.setattr(array_file, "_fallocate", refusing(code))
    fill_one(FileStore, tmp_path, np.ones(100, np.uint8))
    assert int(np.load(tmp_path / "images.npy").sum()) == 100
    assert asked == []


def test_reserving_is_cancelled_between_its_steps(tmp_path, monkeypatch):
    reserved, allocate = [], array_file._allocate

    def counted(descriptor, position, count):
        reserved.append(position)
        allocate(descriptor, position, count)

    class Cancelling:
        def check(self):
            if len(reserved) == 3:
                raise Cancelled("Cancelled.")

    monkeypatch.setattr(array_file, "_allocate", counted)
    monkeypatch.setattr(array_file, "RESERVE_BYTES", MIB)
    spec = ArraySpec("images.npy", (8, 1024, 1024, 1), "uint8")
    with pytest.raises(Cancelled):
        open_store(
            Storage.FILE,
            str(tmp_path / "images.npy"),
            spec,
            Layout.NHWC,
            fill=0,
            waste=0,
            cancellation=Cancelling(),
        )
    assert reserved == [0, MIB, 2 * MIB]
    assert os.listdir(tmp_path) == []


def test_space_is_reserved_to_the_last_byte(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(array_file, "RESERVE_BYTES", 1000)
    monkeypatch.setattr(
        array_file, "_allocate", lambda _file, position, count: asked.append((position, count))
    )
    fill_one(FileStore, tmp_path, np.ones(2500, np.uint8))
    assert asked == [(0, 1000), (1000, 1000), (2000, 628)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EDQUOT, "Your quota on the disk"),
        (errno.EFBIG, "larger than"),
        (errno.EIO, "reported a fault"),
        (errno.ENODEV, "no longer there"),
        (errno.ESTALE, "no longer there"),
        (errno.EROFS, "read-only"),
        (errno.ETIMEDOUT, "problem with images.npy in .*: its disk or network does not answer"),
    ],
)
def test_errors_while_writing_are_told_plainly(tmp_path, monkeypatch, code, expected):
    def failing(*_arguments):
        raise OSError(code, "timed out")

    monkeypatch.setattr(os, "pwrite", failing)
    with pytest.raises(StoreError, match=expected) as caught:
        fill_one(FileStore, tmp_path, np.ones(100, np.uint8))
    assert str(tmp_path) in str(caught.value)
    assert "Errno" not in str(caught.value)


def test_disk_that_is_too_small_is_refused_and_given_back(small_disk):
    pixels = np.ones(64 * MIB, np.uint8)
    with pytest.raises(StoreError, match=r"has .* free; .* more are needed") as caught:
        fill_one(FileStore, small_disk, pixels)
    assert str(small_disk) in str(caught.value)
    assert os.listdir(small_disk) == []
    fill_one(FileStore, small_disk, pixels[:MIB])


@pytest.mark.parametrize("store", [FileStore, memory_store])
def test_disk_that_fills_up_while_writing_is_told(small_disk, store):
    with pytest.raises(StoreError, match="is full"):
        fill_one(store, small_disk, np.ones(64 * MIB, np.uint8), sparse=True)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 8 MiB; skipped where the rights to mount one are missing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_limit_on_file_size_is_told(tmp_path):
    script = f"""
        import resource
        import numpy as np
        from stackgui.core.base.errors import StoreError
        from stackgui.core.base.choices import Layout
        from stackgui.core.plan.plan import ArraySpec
        from stackgui.stores.arrays.file_store import FileStore
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        try:
            FileStore({str(tmp_path / "images.npy")!r}, ArraySpec("images.npy", (2, 1000, 1000, 1), "uint8"),
                     Layout.NHWC, 0.0, sparse=False)
        except StoreError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert "images.npy would be larger than" in done.stdout
    assert os.listdir(tmp_path) == []


def test_rows_beyond_memory_are_refused_with_a_way_out(tmp_path):
    class TooMuch:
        nbytes = 10**12

        def copy(self):
            raise MemoryError

    spec = ArraySpec("images.npy", (1, 1, 1, 1), "uint8")
    store = memory_store(str(tmp_path / "images.npy"), spec, Layout.NHWC, 0.0, sparse=False)
    with pytest.raises(StoreError, match=r"not enough memory .* Choose the storage “file”"):
        store.write(0, TooMuch(), np.array([[0, 0, 1, 1]], np.int32), np.array([True]))
    store.abort()


def in_three_pieces(folder):
    """A store with an array of six lines of 100, all of them 1 but the last, which is blank."""
    spec = ArraySpec("images.npy", (6, 1, 100, 1), "uint8")
    store = memory_store(str(folder / "images.npy"), spec, Layout.NHWC, 0.0, sparse=False)
    placement = np.array([[0, 0, 1, 100]] * 2, np.int32)
    for start in (0, 2, 4):
        store.write(start, np.ones(200, np.uint8), placement, np.array([True, start < 4]))
    return store


class Counted:
    """Counts how often work was checked."""

    def __init__(self) -> None:
        self.checks = 0

    def check(self) -> None:
        self.checks += 1


def test_saving_is_checked_after_every_piece(tmp_path):
    store, counted = in_three_pieces(tmp_path), Counted()
    store.close(counted)
    assert counted.checks == 3
    assert np.load(tmp_path / "images.npy")[:, 0, 0, 0].tolist() == [1, 1, 1, 1, 1, 0]


def test_saving_that_was_ended_is_done_the_next_time(tmp_path):
    class Ended:
        def check(self):
            raise KeyboardInterrupt

    store, counted = in_three_pieces(tmp_path), Counted()
    with pytest.raises(KeyboardInterrupt):
        store.sync(Ended())
    store.sync(counted)
    store.sync(counted)
    assert counted.checks == 3
    store.abort()


def test_memory_is_given_back_when_rows_are_durable(tmp_path):
    spec = ArraySpec("images.npy", (1, 1, 100, 1), "uint8")
    store = memory_store(str(tmp_path / "images.npy"), spec, Layout.NHWC, 0.0, sparse=False)
    placement = np.array([[0, 0, 1, 100]], np.int32)
    tracemalloc.start()
    try:
        for _ in range(20):
            store.write(0, np.ones(MIB, np.uint8), placement, np.array([False]))
            store.sync()
        held_bytes, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        store.abort()
    assert held_bytes < 2 * MIB


@pytest.mark.parametrize("store", STORES)
@settings(max_examples=40)
@given(arrays(), st.integers(1, 5), st.booleans())
def test_another_store_goes_on_with_the_file(tmp_path_factory, store, array, split, sparse):
    spec, layout, fill, placement, valid, _cuts = array
    folder = tmp_path_factory.mktemp("store", numbered=True)
    blocks = list(random_blocks(spec, layout, placement))
    expected = plain_array(spec, layout, fill, placement=placement, valid=valid, blocks=blocks)
    path = str(folder / "images.npy")
    for existing, rows in ((False, slice(0, split)), (True, slice(split, None))):
        made = store(path, spec, layout, fill, sparse=sparse, existing=existing)
        if len(valid[rows]):
            made.write(rows.start, joined(blocks[rows]), placement[rows], valid[rows])
        made.sync()
        made.abort()
    np.testing.assert_array_equal(np.load(path), expected)


def test_what_could_not_be_saved_is_saved_the_next_time(tmp_path, monkeypatch):
    store = in_three_pieces(tmp_path)
    with monkeypatch.context() as failing:
        for name in ("fsync", "fdatasync"):
            failing.setattr(
                os, name, lambda _file: (_ for _ in ()).throw(OSError(errno.EIO, "")), raising=False
            )
        with pytest.raises(StoreError, match="fault"):
            store.sync()
        # What the system held of a file is lost with such a fault.
        np.save(tmp_path / "blank.npy", np.zeros((6, 1, 100, 1), np.uint8))
        (tmp_path / "images.npy").write_bytes((tmp_path / "blank.npy").read_bytes())
    store.close()
    assert np.load(tmp_path / "images.npy")[:, 0, 0, 0].tolist() == [1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("change", [b"", b"x", None])
def test_a_file_of_another_array_is_not_gone_on_with(tmp_path, change):
    fill_one(FileStore, tmp_path, np.ones(100, np.uint8))
    path = tmp_path / "images.npy"
    spec = ArraySpec("images.npy", (1, 1, 100, 1), "uint8")
    if change is None:
        spec = ArraySpec("images.npy", (1, 100, 1, 1), "uint8")
    else:
        path.write_bytes(path.read_bytes() + change if change else b"")
    with pytest.raises(StoreError, match=r"images\.npy is damaged"):
        FileStore(str(path), spec, Layout.NHWC, 0.0, sparse=False, existing=True)


@given(st.binary(min_size=1, max_size=60), st.tuples(st.integers(0, 59), st.integers(0, 59)))
def test_bytes_are_made_zero_and_no_others(tmp_path_factory, data, ends):
    begin, end = sorted(min(end, len(data)) for end in ends)
    folder = tmp_path_factory.mktemp("zero", numbered=True)
    fill_one(FileStore, folder, np.frombuffer(data, np.uint8))
    spec = ArraySpec("images.npy", (1, 1, len(data), 1), "uint8")
    with mock.patch.object(array_file, "CHUNK_BYTES", 7):
        file = array_file.ArrayFile(str(folder / "images.npy"), spec, sparse=False, existing=True)
        file.make_zero(begin, end)
        file.close()
    found = np.load(folder / "images.npy").tobytes()
    assert found == data[:begin] + bytes(end - begin) + data[end:]


def test_holes_stay_holes(tmp_path):
    spec = ArraySpec("images.npy", (1, 1, 64 * MIB, 1), "uint8")
    file = array_file.ArrayFile(str(tmp_path / "images.npy"), spec, sparse=True)
    file.write_at(40 * MIB, memoryview(b"rubbish"))
    file.make_zero(0, 64 * MIB)
    assert file.read_at(40 * MIB, 7) == bytes(7)
    file.close()
    assert os.stat(tmp_path / "images.npy").st_blocks * 512 <= 2 * MIB


@pytest.mark.parametrize("store", STORES)
def test_aborting_never_raises(tmp_path, store):
    made = store(
        str(tmp_path / "images.npy"),
        ArraySpec("images.npy", (1, 1, 1, 1), "uint8"),
        Layout.NHWC,
        0.0,
        sparse=False,
    )
    made.abort()
    made.abort()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux reserves space in holes")
@pytest.mark.parametrize("code", [0, errno.EOPNOTSUPP, errno.EINTR, errno.ENOSPC])
def test_holes_are_filled_before_they_are_written_where_the_disk_can(tmp_path, monkeypatch, code):
    asked = []

    def fallocate(_descriptor, _mode, position, count):
        fails = code != errno.EINTR or not asked  # a signal interrupts it once
        asked.append((position, count))
        ctypes.set_errno(code)
        return -1 if code and fails else 0

    monkeypatch.setattr(array_file, "_fallocate", fallocate)
    spec = ArraySpec("images.npy", (2, 1, 256 * 1024, 1), "uint8")
    store = FileStore(str(tmp_path / "images.npy"), spec, Layout.NHWC, 0.0, sparse=True)
    placement, valid = np.array([[0, 0, 1, 256 * 1024], [0, 0, 1, 260_000]], np.int32), np.ones(2, bool)
    with pytest.raises(StoreError, match="is full") if code == errno.ENOSPC else contextlib.nullcontext():
        store.write(0, np.ones(256 * 1024 + 260_000, np.uint8), placement, valid)
    store.abort()
    both = [(128, 256 * 1024), (128 + 256 * 1024, 256 * 1024)]
    once_more = both[:1] if code == errno.EINTR else []
    assert asked == once_more + (both[:1] if code in (errno.EOPNOTSUPP, errno.ENOSPC) else both)


def test_existing_file_is_not_written_over(tmp_path):
    (tmp_path / "images.npy").write_bytes(b"mine")
    with pytest.raises(StoreError, match=r"images\.npy"):
        fill_one(FileStore, tmp_path, np.ones(100, np.uint8))
    assert (tmp_path / "images.npy").read_bytes() == b"mine"


def test_a_storage_has_to_be_chosen(tmp_path):
    spec = ArraySpec("images.npy", (1, 1, 1, 1), "uint8")
    with pytest.raises(ValueError, match="choose a storage"):
        open_store(Storage.AUTO, str(tmp_path / "images.npy"), spec, Layout.NHWC, fill=0, waste=0)
    assert os.listdir(tmp_path) == []
