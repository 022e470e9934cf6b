"""Tensors in `.npy` files: any layout, order and byte order that can be told; nothing is unpickled."""

import json

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui import imaging
from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.axes import Axes, infer_axes
from tests.imaging.tensor_writing import npy

DTYPES = st.sampled_from(["bool", "u1", "<u2", ">u2", "<i4", ">i8", "<f2", ">f4", "<f8", "i1"])


@given(
    array=DTYPES.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=2, max_dims=3, max_side=6))),
    fortran=st.booleans(),
)
def test_what_was_saved_comes_back(array, fortran):
    data = npy(np.asfortranarray(array) if fortran else array)
    header = imaging.probe(data, file_bytes=len(data))
    pixels = imaging.decode(data, "npy")
    axes = infer_axes(array.shape, TensorLayout.AUTO).axes
    expected = {
        Axes.HW: lambda: array[:, :, None],
        Axes.HWC: lambda: array,
        Axes.CHW: lambda: np.moveaxis(array, 0, -1),
    }[axes]()
    assert pixels.shape == expected.shape == (header.height, header.width, header.channels)
    assert pixels.dtype == header.dtype
    assert pixels.dtype.isnative
    np.testing.assert_array_equal(pixels, expected)


def test_a_prefix_is_enough(noise):
    data = npy(noise(200, 300, 3, dtype="uint16"))
    header = imaging.probe(data[: imaging.PREFIX_BYTES], file_bytes=len(data))
    assert (header.height, header.width, header.channels, header.dtype) == (200, 300, 3, "uint16")


def test_a_bool_of_any_bits_is_0_or_1():
    data = npy(np.array([[2, 0], [255, 1]], np.uint8).view(bool))
    np.testing.assert_array_equal(imaging.decode(data, "npy")[:, :, 0], [[1, 0], [1, 1]])


def test_a_short_file_is_refused_from_the_header(noise):
    data = npy(noise(20, 30))[:-1]
    with pytest.raises(SampleError, match="shorter than its header says"):
        imaging.probe(data, file_bytes=len(data))


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.array([[object()]], object), "Python objects"),
        (np.zeros((2, 2), "U4"), "text"),
        (np.zeros((2, 2), "c8"), "complex"),
        (np.zeros((2, 2), [("a", "u1")]), "records"),
        (np.zeros((2, 2), "M8[s]"), "dates"),
        (np.zeros((0, 2), "u1"), "no picture"),
        (np.zeros((2, 2, 0), "u1"), "empty"),
    ],
)
def test_what_is_no_picture_is_refused_unread(array, reason):
    class Bomb:
        def __reduce__(self):
            return pytest.fail, ("it was unpickled",)

    data = npy(np.full(array.shape, Bomb(), object) if array.dtype == object else array, allow_pickle=True)
    with pytest.raises(SampleError, match=reason):
        imaging.probe(data, file_bytes=len(data))
    with pytest.raises(SampleError, match=reason):
        imaging.decode(data, "npy")


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': 'u1', 'fortran_order': False, 'shape': (-4, 4)}",
        b"{" * 3000,
        b"__import__('os')",
        b"{}",
        b"",
    ],
)
def test_a_damaged_header_is_refused(header):
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(64)
    with pytest.raises(SampleError):
        imaging.probe(data, file_bytes=len(data))


def test_an_endless_header_is_refused():
    data = b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + bytes(200)
    with pytest.raises(SampleError, match="header"):
        imaging.probe(data, file_bytes=2**31 + 500)


def test_a_shape_below_nothing_is_refused():
    text = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, -1)}"
    data = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text
    with pytest.raises(SampleError, match="header"):
        imaging.probe(data, file_bytes=len(data))


HUGE = st.one_of(st.integers(-(2**70), 2**70), st.integers(0, 40))


@given(
    shape=st.lists(HUGE, max_size=5).map(tuple),
    kind=st.sampled_from(["|u1", ">f4", "<f8", "|O", "<U9", "<V7", "<c8", "|b1", "u99", "<M8[s]", "", 7]),
    fortran=st.booleans(),
    body=st.integers(0, 5000),
)
def test_a_header_that_lies_is_refused_and_a_true_one_kept(shape, kind, fortran, body):
    text = repr({"descr": kind, "fortran_order": fortran, "shape": shape}).encode()
    data = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(body)
    try:
        header = imaging.probe(data, file_bytes=len(data))
    except SampleError:
        return
    pixels = imaging.decode(data, "npy")
    assert pixels.shape == (header.height, header.width, header.channels)
    assert header.samples * pixels.nbytes <= body


@given(
    dtype=st.sampled_from(["U8", "F32", "BF16", "F8_E5M2", "C64", 3]),
    shape=st.lists(HUGE, max_size=5),
    offsets=st.lists(HUGE, min_size=2, max_size=2),
)
def test_a_safetensors_header_that_lies_is_refused(dtype, shape, offsets):
    text = json.dumps({"x": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}).encode()
    data = len(text).to_bytes(8, "little") + text + bytes(50)
    try:
        header = imaging.probe(data, file_bytes=len(data))
    except SampleError:
        return
    assert header.samples * imaging.decode(data, "safetensors").size <= 50
