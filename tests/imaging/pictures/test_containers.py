"""Files of arrays with and without names: what was written comes back, in every kind of file and layout."""

import io
import json
import pickle
import zipfile
from contextlib import suppress

import h5py
import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui import imaging
from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.imaging.tensors import blocks, zipped
from tests.imaging.tensor_writing import (
    NAMED,
    NAMELESS,
    hdf5,
    npy_of,
    npz,
    packed_hdf5,
    packed_npz,
    safetensors,
    torch_of,
)
from tests.imaging.torch_writing import torch_file

WRITERS = {**NAMELESS, **NAMED}
# PyTorch's older files know these only.
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
SHAPES = st.sampled_from([(5, 7), (5, 7, 3), (3, 6, 8), (4, 5, 6, 1), (2, 3, 5, 6), (20, 30, 40), (9, 17, 6)])
ARRAYS = st.tuples(st.sampled_from(DTYPES), SHAPES).flatmap(lambda kind: hnp.arrays(*kind))
by_name = pytest.mark.parametrize("write", WRITERS, ids=lambda writer: writer.__name__)
with_names = pytest.mark.parametrize("write", NAMED, ids=lambda writer: writer.__name__)


def pictures_of(array: np.ndarray, layout: str) -> list[np.ndarray]:
    """Each sample of an array as (h, w, c), told in the plainest way."""
    if array.ndim == 4:
        return [picture for each in array for picture in pictures_of(each, layout)]
    if array.ndim == 2:
        return [array[..., np.newaxis]]
    if layout == "nhw":
        return [each[..., np.newaxis] for each in array]
    if layout == "auto":
        if min(array.shape[0], array.shape[2]) > 16:
            return pictures_of(array, "nhw")
        layout = "hwc" if array.shape[2] <= 4 or 4 < array.shape[2] <= array.shape[0] else "chw"
    return [array if layout == "hwc" else np.moveaxis(array, 0, -1)]


def read(data: bytes, scan: ScanOptions = DEFAULT) -> list[np.ndarray]:
    """All samples of a file, after checking that the header promises what comes."""
    promised = imaging.probe(data, file_bytes=len(data), scan=scan)
    found = []
    for member in range(promised.samples):
        pixels = imaging.decode(data, promised.format, part=imaging.Part(member, scan))
        assert pixels.shape == (promised.height, promised.width, promised.channels)
        assert pixels.dtype == promised.dtype
        found.append(pixels)
    return found


@by_name
@given(array=ARRAYS, layout=st.sampled_from(["auto", "hwc", "chw"]), fortran=st.booleans())
def test_what_was_written_comes_back(write, array, layout, fortran):
    data = write({"x": np.asfortranarray(array) if fortran and write is not safetensors else array})
    found = read(data, ScanOptions(tensor_layout=TensorLayout(layout)))
    for pixels, picture in zip(found, pictures_of(array, layout), strict=True):
        np.testing.assert_array_equal(pixels, picture)


@pytest.mark.parametrize("write", [npy_of, npz, packed_npz, hdf5, packed_hdf5], ids=lambda one: one.__name__)
@given(
    array=st.sampled_from(["<u2", ">u2", "<u4", ">i4", "<u8", ">i8", ">f2", ">f4", ">f8"]).flatmap(
        lambda dtype: hnp.arrays(dtype, (5, 7, 3))
    )
)
def test_every_order_of_bytes_comes_back(write, array):
    (found,) = read(write({"x": array}))
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)


@by_name
@given(array=st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, (3, 5, 7))))
def test_many_grey_samples_can_be_chosen(write, array):
    found = read(write({"x": array}), ScanOptions(tensor_layout=TensorLayout.NHW))
    np.testing.assert_array_equal(np.stack(found)[..., 0], array)


@by_name
@given(members=st.lists(st.integers(0, 19), min_size=1, max_size=6))
def test_samples_are_read_in_any_order(write, members):
    array = np.arange(20 * 5 * 6 * 3, dtype=np.int16).reshape(20, 5, 6, 3)
    data = write({"x": array})
    for member in members:
        pixels = imaging.decode(data, WRITERS[write], part=imaging.Part(member))
        np.testing.assert_array_equal(pixels, array[member])


@pytest.mark.parametrize(
    ("write", "format_"), WRITERS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_the_format_is_told_from_the_content(write, format_):
    data = write({"x": np.zeros((4, 5), np.uint8)})
    assert imaging.probe(data, file_bytes=len(data)).format == format_


@with_names
def test_labels_beside_the_pictures_are_no_samples(write):
    arrays = {"labels": np.arange(3), "images": np.zeros((3, 8, 9, 3), np.uint8)}
    data = write(arrays)
    assert len(read(data)) == 3
    assert imaging.probe(data, file_bytes=len(data)).arrays == ("images",)


@with_names
def test_of_several_arrays_one_has_to_be_chosen(write):
    arrays = {"image": np.ones((4, 5, 3), np.uint8), "mask": np.zeros((4, 5), bool)}
    data = write(arrays)
    with pytest.raises(imaging.ArrayNotChosen, match=r"none was chosen \(.*\): image, mask$") as why:
        read(data)
    assert why.value.names == ("image", "mask")
    (mask,) = read(data, ScanOptions(array="mask"))
    np.testing.assert_array_equal(mask[..., 0], arrays["mask"])
    with pytest.raises(imaging.ArrayNotChosen, match=r"no array called “depth”; it has image, mask$"):
        read(data, ScanOptions(array="depth"))


@pytest.mark.parametrize("write", NAMELESS, ids=lambda writer: writer.__name__)
def test_a_file_of_one_array_without_a_name_is_that_array(write):
    (found,) = read(write({"x": np.ones((4, 5), np.uint8)}), ScanOptions(array="image"))
    assert found.shape == (4, 5, 1)


def test_of_many_names_a_few_are_listed():
    data = safetensors({f"layer {index}\n": np.zeros((4, 5)) for index in range(100)})
    with pytest.raises(SampleError, match=r"chosen .*: (layer \d+\\n, ){7}layer \d+\\n and more$"):
        read(data)


def test_two_arrays_of_one_name_are_refused():
    stream = io.BytesIO(npz({"x": np.zeros((4, 5))}))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("x.npy", archive.read("x.npy"))
    with pytest.raises(SampleError, match="several arrays called “x”"):
        read(stream.getvalue(), ScanOptions(array="x"))


@with_names
def test_an_array_that_is_no_picture_is_refused_with_its_shape(write):
    with pytest.raises(SampleError, match=r"shape \(3,\)"):
        read(write({"labels": np.arange(3)}))


@by_name
def test_a_file_that_was_cut_off_is_refused(write):
    whole = write({"x": np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)})
    for end in (len(whole) - 1, len(whole) // 2, 200):
        with pytest.raises(SampleError):
            read(whole[:end])


@pytest.mark.parametrize("write", [npz, packed_npz, torch_of], ids=lambda writer: writer.__name__)
@given(place=st.integers(0, 5999), change=st.integers(1, 255))
def test_damaged_numbers_are_noticed_where_there_is_a_checksum(write, place, change):
    array = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    whole = bytearray(write({"x": array}))
    whole[len(whole) * place // 6000] ^= change
    with suppress(SampleError):
        (found,) = read(bytes(whole))
        np.testing.assert_array_equal(found, array)


@given(place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_damaged_numbers_of_hdf5_are_noticed(place, change):
    """Its checksum is one of the numbers, not of what describes them."""
    array = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    whole = bytearray(packed_hdf5({"x": array}))
    with h5py.File(io.BytesIO(whole)) as file:
        chunk = file["x"].id.get_chunk_info(0)
    whole[chunk.byte_offset + int(chunk.size * place)] ^= change
    with suppress(SampleError):
        (found,) = read(bytes(whole))
        np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("write", [npz, packed_npz], ids=lambda writer: writer.__name__)
def test_damage_anywhere_fails_all_samples_of_a_file_with_one_checksum(write):
    array = np.random.default_rng(1).integers(0, 8, (100, 16, 16, 3), np.uint8)
    damaged = bytearray(write({"x": array}))
    damaged[len(damaged) * 3 // 4] ^= 1
    for member in (0, 50, 80, 99):  # of the first the damage lies far behind
        with pytest.raises(SampleError):
            imaging.decode(bytes(damaged), "npz", part=imaging.Part(member))


@pytest.mark.parametrize("write", [npz, packed_npz, torch_of], ids=lambda writer: writer.__name__)
def test_damage_fails_all_samples_of_a_large_file_which_is_read_through_once(write, tmp_path, monkeypatch):
    monkeypatch.setattr(zipped, "LARGE_BYTES", 10_000)
    read_through, compare = [], zipped._is_damaged
    monkeypatch.setattr(zipped, "_is_damaged", lambda *of: read_through.append(of) or compare(*of))
    array = np.random.default_rng(1).integers(0, 8, (100, 16, 16, 3), np.uint8)
    file, form = tmp_path / "file", "torch" if write is torch_of else "npz"
    for place in (None, 0.75):
        data, checked = bytearray(write({"x": array})), {}
        if place:
            data[int(len(data) * place)] ^= 1
        file.write_bytes(data)
        read_through.clear()
        for _ in range(2):  # mapped twice, as where rows of several files come in turn
            with file.open("rb") as opened:
                mapped = imaging.Mapped.of(opened.fileno(), len(data), checked)
            for member in (0, 50, 99, 2):
                if place:
                    with pytest.raises(SampleError, match="checksum is wrong"):
                        imaging.decode(mapped, form, part=imaging.Part(member))
                else:
                    pixels = imaging.decode(mapped, form, part=imaging.Part(member))
                    np.testing.assert_array_equal(pixels, array[member])
        assert len(read_through) == 1


def test_a_large_packed_array_is_unpacked_from_sample_to_sample(monkeypatch):
    monkeypatch.setattr(zipped, "LARGE_BYTES", 100_000)
    monkeypatch.setattr(zipped, "whole", lambda *_: pytest.fail("it was unpacked whole"))
    data = packed_npz({"x": np.arange(60_000, dtype=np.int32).reshape(100, 10, 20, 3)})
    for member in (0, 1, 50, 99, 3):
        pixels = imaging.decode(data, "npz", part=imaging.Part(member))
        assert pixels[0, 0, 0] == member * 600


def test_more_samples_than_can_be_listed_are_refused_unread(monkeypatch):
    monkeypatch.setattr(blocks, "MAX_SAMPLES", 9)
    with pytest.raises(SampleError, match="claims 10 samples, more than the limit of 9"):
        read(npz({"x": np.zeros((10, 4, 5, 3), np.uint8)}))


@given(bits=hnp.arrays("<u2", (4, 5)))
def test_a_bfloat16_becomes_a_float32_of_the_same_value(bits):
    data = safetensors({"x": bits}, {"uint16": "BF16"})
    (found,) = read(data)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[..., 0].view(np.uint32), bits.astype(np.uint32) << 16)


def test_a_transposed_tensor_is_read_as_it_was_meant():
    array = np.arange(60, dtype=np.float32).reshape(3, 5, 4)
    (found,) = read(torch_file(np.asfortranarray(array)))
    np.testing.assert_array_equal(found, np.moveaxis(array, 0, -1) if array.shape[2] > 4 else array)


def test_nothing_of_a_pytorch_file_is_run():
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("it was unpickled",)

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(), protocol=2))
    with pytest.raises(SampleError, match="more than tensors"):
        read(stream.getvalue())


@pytest.mark.parametrize("value", [{"x": "text"}, {"x": {"y": 1}}, {"x": None}, {"x": [1, 2]}])
def test_what_is_more_than_tensors_is_refused_by_name(value):
    with pytest.raises(SampleError, match=r"more than tensors \((str|dict|NoneType|list)\)"):
        read(torch_file(value))


@pytest.mark.parametrize(
    "pickled",
    [
        b"",
        b"\x80\x02.",
        b"\x80\x02}q\x00(X\x01\x00\x00\x00au.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(NNNNtR.",
        b"\x80\x02h\x05.",
        b"\x80\x02cposix\nsystem\nX\x02\x00\x00\x00ls\x85R.",
        b"\x80\x02" + b"(" * 5000 + b".",
    ],
)
def test_a_damaged_or_foreign_description_is_refused(pickled):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
    with pytest.raises(SampleError, match=r"header is damaged|more than tensors"):
        read(stream.getvalue())


def test_a_tensor_that_reaches_beyond_its_numbers_is_refused():
    data = torch_file(np.zeros((8, 8), np.uint8))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:60] if name.endswith("data/0") else old.read(name))
    with pytest.raises(SampleError, match="shorter than its header says"):
        read(stream.getvalue())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"dtype": "F8_E4M3"}, "F8_E4M3 are not supported"),
        ({"dtype": "C64"}, "C64 are not supported"),
        ({"dtype": 7}, "7 are not supported"),
        ({"data_offsets": [0, 19]}, "damaged"),
        ({"data_offsets": [-20, 0]}, "damaged"),
        ({"data_offsets": [10**9, 10**9 + 20]}, "shorter than its header says"),
        ({"shape": [4, 5.0]}, "damaged"),
        ({"shape": None}, "damaged"),
    ],
)
def test_a_safetensors_header_is_not_believed(change, reason):
    header = {"x": {"dtype": "U8", "shape": [4, 5], "data_offsets": [0, 20]} | change}
    text = json.dumps(header).encode()
    with pytest.raises(SampleError, match=reason):
        read(len(text).to_bytes(8, "little") + text + bytes(20))


def test_an_npz_with_anything_else_in_it_is_refused():
    stream = io.BytesIO(npz({"x": np.zeros((4, 5))}))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(SampleError, match="more than arrays"):
        read(stream.getvalue())


def test_objects_in_an_npz_are_not_unpickled():
    data = npz({"x": np.array([[print]], object)})
    with pytest.raises(SampleError, match="Python objects"):
        read(data)
