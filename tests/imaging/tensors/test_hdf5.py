"""HDF5 files: nothing but the numbers in the file itself is read, and what claims too much is refused."""

import io

import h5py
import numpy as np
import pytest

from stackgui import imaging
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.tensors import chunked
from tests.imaging.tensor_writing import hdf5


def made(fill) -> bytes:
    """The bytes of the file that `fill` writes."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        fill(file)
    return stream.getvalue()


def probe(data: bytes, array: str = ""):
    return imaging.probe(data, file_bytes=len(data), scan=ScanOptions(array=array))


def virtual(file):
    layout = h5py.VirtualLayout((4, 5), "u1")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", (4, 5))
    file.create_virtual_dataset("x", layout)


def unwritten(file):
    file.create_dataset("x", (100, 50, 60, 3), "u1", chunks=(1, 50, 60, 3))[3] = 1


@pytest.mark.parametrize(
    ("fill", "reason"),
    [
        (lambda file: file.__setitem__("x", h5py.ExternalLink("/etc/other.h5", "x")), "link to another file"),
        (virtual, "lie in other files"),
        (
            lambda file: file.create_dataset("x", (4, 5), "u1", external=[("/etc/passwd", 0, 20)]),
            "lie in other files",
        ),
        (unwritten, "never written"),
        (lambda file: file.create_dataset("x", (10**6, 50, 60, 3), "u1"), "shorter than its header says"),
        (lambda file: file.create_dataset("x", (4, 5), h5py.string_dtype()), "Python objects"),
        (lambda file: file.create_dataset("x", (4, 5), h5py.ref_dtype), "Python objects"),
        (lambda file: file.create_dataset("x", (4, 5), "S4"), "text"),
        (lambda file: file.create_dataset("x", data=np.zeros((4, 5), "c8")), "complex"),
        (lambda file: file.create_dataset("x", data=np.zeros((4, 5), [("a", "u1")])), "records"),
        (lambda file: file.create_group("x"), "no array"),
        (lambda file: file.create_dataset("x", data=np.arange(3)), r"shape \(3,\)"),
        (lambda file: file.create_dataset("x", data=7), r"shape \(\)"),
    ],
)
def test_what_is_no_picture_or_lies_elsewhere_is_refused_unread(fill, reason):
    with pytest.raises(SampleError, match=reason):
        probe(made(fill))


def test_a_filter_that_would_be_loaded_is_refused():
    def fill(file):
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((4, 5))
        plist.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (0, 0, 0, 0))
        space = h5py.h5s.create_simple((4, 5))
        h5py.h5d.create(file.id, b"x", h5py.h5t.STD_U8LE, space, plist)

    with pytest.raises(SampleError, match=r"filter that is not supported \(32001\)"):
        probe(made(fill))


def test_what_cannot_be_read_does_not_keep_its_neighbours_back():
    def fill(file):
        file["link"] = h5py.ExternalLink("/etc/other.h5", "x")
        file["train/images"] = np.full((2, 4, 5, 3), 7, np.uint8)

    data = made(fill)
    with pytest.raises(imaging.ArrayNotChosen, match=r"chosen .*: link, train/images"):
        probe(data)
    assert probe(data, "train/images").samples == 2


def test_a_soft_link_and_a_loop_add_nothing():
    def fill(file):
        file["x"] = np.zeros((4, 5), np.uint8)
        file["again"] = h5py.SoftLink("/x")
        file["loop"] = file["/"]

    assert probe(made(fill)).arrays == ("x",)


def test_a_chunk_of_many_samples_is_read_once(monkeypatch):
    array = np.random.default_rng(2).integers(0, 256, (25, 6, 7, 3), np.uint8)
    data = hdf5({"x": array}, chunks=(10, 3, 7, 3), compression="lzf")
    asked = []
    read = chunked.Chunked.__init__

    class Counted:
        def __init__(self, dataset):
            self.dataset = dataset

        def __getitem__(self, index):
            asked.append(index)
            return self.dataset[index]

    monkeypatch.setattr(
        chunked.Chunked, "__init__", lambda self, found, *rest: read(self, Counted(found), *rest)
    )
    for member in range(25):
        pixels = imaging.decode(data, "hdf5", part=imaging.Part(member))
        np.testing.assert_array_equal(pixels, array[member])
    assert asked == [slice(0, 10), slice(10, 20), slice(20, 30)]


def test_without_the_library_it_says_how_to_get_it(monkeypatch):
    data = hdf5({"x": np.zeros((4, 5), np.uint8)})

    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("stackgui.imaging.base.declaration.import_module", refuse)
    with pytest.raises(SampleError, match=r"pip install 'stackgui\[hdf5\]'"):
        probe(data)


@pytest.mark.parametrize("place", range(0, 2000, 37))
def test_a_damaged_file_is_refused_or_as_it_was(place):
    array = np.arange(20 * 30 * 3, dtype=np.uint16).reshape(20, 30, 3)
    data = bytearray(hdf5({"x": array}, chunks=True, compression="gzip", fletcher32=True))
    data[place % len(data)] ^= 0xFF
    try:
        header = probe(bytes(data))
        imaging.decode(bytes(data), "hdf5")
    except SampleError:
        return
    assert header.format == "hdf5"
