"""Tensors in `.npy` files: any layout, order and byte order that can be told; nothing is unpickled."""

import io

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui import imaging
from stackgui.core.errors import SampleError
from stackgui.imaging.blocks import channel_axis

DTYPES = st.sampled_from(["bool", "u1", "<u2", ">u2", "<i4", ">i8", "<f2", ">f4", "<f8", "i1"])


def npy(array: np.ndarray, **options: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("shape", "axis"),
    [
        ((5, 7), None),
        ((5, 7, 3), 2),
        ((3, 5, 7), 0),
        ((3, 224, 3), 2),
        ((1, 64, 64), 0),
        ((64, 64, 1), 2),
        ((13, 64, 64), 0),
        ((64, 64, 13), 2),
        ((12, 64, 12), 2),
        ((10, 64, 12), 0),
    ],
)
def test_the_layout_is_told_from_the_shape(shape, axis):
    assert channel_axis(shape) == axis


@pytest.mark.parametrize("shape", [(), (5,), (17, 64, 17), (2, 3, 4, 5), (64, 64, 64)])
def test_other_shapes_are_refused_with_the_shape(shape):
    with pytest.raises(SampleError, match=r"its shape \("):
        channel_axis(shape)


@given(
    array=DTYPES.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(min_dims=2, max_dims=3, max_side=6))),
    fortran=st.booleans(),
)
def test_what_was_saved_comes_back(array, fortran):
    data = npy(np.asfortranarray(array) if fortran else array)
    try:
        axis = channel_axis(array.shape)
    except SampleError:
        return
    header = imaging.probe(data, file_bytes=len(data))
    pixels = imaging.decode(data, "npy")
    expected = array[:, :, None] if axis is None else np.moveaxis(array, axis, -1)
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
