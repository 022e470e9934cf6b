"""Files of several arrays: what was written comes back, in every kind of file and both layouts."""

import io
import json
import pickle
import zipfile

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui import imaging
from stackgui.core.errors import SampleError
from tests.imaging.torch_writing import torch_file

SAFE_NAMES = {
    "bool": "BOOL", "uint8": "U8", "int8": "I8", "uint16": "U16", "int16": "I16", "uint32": "U32",
    "int32": "I32", "uint64": "U64", "int64": "I64", "float16": "F16", "float32": "F32", "float64": "F64",
}  # fmt: skip


def npy(arrays):
    (array,) = arrays.values()
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npz(arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def packed_npz(arrays):
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def safetensors(arrays):
    header, data = {"__metadata__": {"made": "here"}}, b""
    for name, array in arrays.items():
        end = len(data) + array.nbytes
        header[name] = {
            "dtype": SAFE_NAMES[array.dtype.name],
            "shape": array.shape,
            "data_offsets": [len(data), end],
        }
        data += array.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def torch_one(arrays):
    (array,) = arrays.values()
    return torch_file(array)


WRITERS = {
    npy: "npy",
    npz: "npz",
    packed_npz: "npz",
    safetensors: "safetensors",
    torch_one: "torch",
    torch_file: "torch",
}
OF_ONE = (npy, torch_one)
# PyTorch's older files know these only.
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: st.lists(
        st.sampled_from([(5, 7), (5, 7, 3), (3, 6, 8), (4, 5, 6, 1), (2, 3, 5, 6)]).flatmap(
            lambda shape: hnp.arrays(dtype, shape)
        ),
        min_size=1,
        max_size=3,
    )
)


def pictures_of(array: np.ndarray) -> list[np.ndarray]:
    """Each sample of an array as (h, w, c), told in the plainest way."""
    if array.ndim == 4:
        return [picture for each in array for picture in pictures_of(each)]
    if array.ndim == 2:
        return [array[..., np.newaxis]]
    return [array if array.shape[2] <= 4 else np.moveaxis(array, 0, -1)]


def read(data: bytes) -> list[np.ndarray]:
    """All samples of a file, after checking that the headers promise what comes."""
    header = imaging.probe(data, file_bytes=len(data))
    found = []
    for member, promised in enumerate((header, *header.others)):
        pixels = imaging.decode(data, promised.format, member=member)
        assert pixels.shape == (promised.height, promised.width, promised.channels)
        assert pixels.dtype == promised.dtype
        found.append(pixels)
    return found


@pytest.mark.parametrize("write", WRITERS, ids=lambda writer: writer.__name__)
@given(arrays=ARRAYS)
def test_what_was_written_comes_back(write, arrays):
    arrays = arrays[:1] if write in OF_ONE else arrays
    data = write({f"name-{index}": array for index, array in enumerate(arrays)})
    expected = [picture for array in arrays for picture in pictures_of(array)]
    found = read(data)
    assert len(found) == len(expected)
    for pixels, picture in zip(found, expected, strict=True):
        np.testing.assert_array_equal(pixels, picture)


@pytest.mark.parametrize(
    ("write", "format_"), WRITERS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_the_format_is_told_from_the_content(write, format_):
    data = write({"x": np.zeros((4, 5), np.uint8)})
    assert imaging.probe(data, file_bytes=len(data)).format == format_


@pytest.mark.parametrize("write", [npz, safetensors, torch_file])
def test_labels_beside_the_pictures_are_no_samples(write):
    arrays = {"labels": np.arange(3), "images": np.zeros((3, 8, 9, 3), np.uint8)}
    assert len(read(write(arrays))) == 3


@pytest.mark.parametrize("write", [npz, safetensors, torch_file])
def test_an_array_that_is_no_picture_is_refused_with_its_shape(write):
    with pytest.raises(SampleError, match=r"shape \(3,\)"):
        read(write({"labels": np.arange(3)}))


@pytest.mark.parametrize("write", WRITERS, ids=lambda writer: writer.__name__)
def test_a_file_that_was_cut_off_is_refused(write):
    whole = write({"x": np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)})
    for end in (len(whole) - 1, len(whole) // 2, 200):
        with pytest.raises(SampleError):
            read(whole[:end])


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
        ({"dtype": "BF16"}, "BF16 are not supported"),
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
