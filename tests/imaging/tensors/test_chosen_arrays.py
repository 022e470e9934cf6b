"""Which arrays of a file are samples, told by what they look like."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui import imaging
from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from tests.imaging.tensor_writing import NAMED, hdf5, npz

with_names = pytest.mark.parametrize("write", NAMED, ids=lambda writer: writer.__name__)


def picture(height: int = 8, width: int = 9, channels: int = 3, dtype: str = "uint8") -> np.ndarray:
    shape = (height, width, channels) if channels else (height, width)
    return np.random.default_rng(height * width).integers(0, 99, shape).astype(dtype)


def read(data: bytes, scan: ScanOptions = DEFAULT) -> list[tuple[str, np.ndarray]]:
    """Name of the array and pixels of each sample, after checking that the headers promise what comes."""
    first = imaging.probe(data, file_bytes=len(data), scan=scan)
    member, found = 0, []
    for header in (first, *first.others):
        for _ in range(header.samples):
            pixels = imaging.decode(data, header.format, part=imaging.Part(member, scan))
            assert pixels.shape == (header.height, header.width, header.channels)
            found.append((header.member_name, pixels))
            member += 1
    with pytest.raises(SampleError, match="fewer samples"):
        imaging.decode(data, first.format, part=imaging.Part(member, scan))
    return found


@with_names
def test_arrays_that_differ_by_number_are_a_sample_each_in_natural_order(write):
    arrays = {f"arr_{index}": picture(5 + index, 9) for index in range(12)}
    found = read(write(arrays))
    assert [name for name, _pixels in found] == list(arrays)
    for (_name, pixels), array in zip(found, arrays.values(), strict=True):
        np.testing.assert_array_equal(pixels, array)


def test_what_savez_makes_of_pictures_is_many_samples():
    found = read(npz({"arr_0": picture(6, 7), "arr_1": picture(9, 5), "arr_2": picture(8, 8)}))
    assert [pixels.shape for _name, pixels in found] == [(6, 7, 3), (9, 5, 3), (8, 8, 3)]


@with_names
def test_many_arrays_of_any_names_are_samples_and_grey_ones_may_be_among_them(write):
    names = ["lion", "tiger", "bear", "wolf", "fox", "hare", "deer", "elk", "lynx", "seal", "otter"]
    arrays = {name: picture(7, 8 + place, 0 if place == 4 else 3) for place, name in enumerate(names)}
    assert sorted(name for name, _pixels in read(write(arrays))) == sorted(names)


def test_labels_beside_numbered_pictures_are_left_aside():
    found = read(npz({"arr_0": picture(), "arr_1": picture(), "labels": np.arange(2)}))
    assert [name for name, _pixels in found] == ["arr_0", "arr_1"]


def test_numbered_pictures_may_lie_in_groups_of_classes():
    arrays = {f"{kind}/{index}": picture() for kind in ("dog", "cat") for index in (0, 1, 10)}
    found = read(hdf5(arrays | {"labels": np.arange(6)}))
    assert [name for name, _pixels in found] == ["cat/0", "cat/1", "cat/10", "dog/0", "dog/1", "dog/10"]


@pytest.mark.parametrize("groups", [("images", "masks"), ("input", "target"), ("rgb", "depth")])
def test_numbered_arrays_in_groups_of_what_belongs_together_still_ask(groups):
    with pytest.raises(imaging.ArrayNotChosen):
        read(hdf5({f"{kind}/{index}": picture() for kind in groups for index in range(12)}))


@with_names
@pytest.mark.parametrize(
    "arrays",
    [
        {"image": picture(), "mask": picture(channels=0)},
        {"arr_0": picture(), "arr_1": picture(channels=0)},
        {"arr_0": picture(), "arr_1": picture(dtype="float32")},
        {"x_train": np.zeros((5, 8, 9, 3)), "x_test": np.zeros((2, 8, 9, 3))},
        {"arr_0": np.zeros((60, 40, 50)), "arr_1": np.zeros((50, 40, 50))},
        {"0": picture(64, 40), "1": picture(32, 20), "2": picture(16, 10)},
        {f"layers.{index}.weight": picture(channels=0) for index in range(12)},
        {f"{kind}_{index}": picture() for kind in ("image", "mask") for index in range(10)},
        {f"{index}.{kind}": picture() for kind in ("image", "mask") for index in range(10)},
        {"left": picture(), "right": picture()},
    ],
    ids=["mask", "depth", "numbers", "splits", "volumes", "sizes", "model", "pairs", "groups", "two"],
)  # fmt: skip
def test_other_arrays_still_ask(write, arrays):
    data = write(arrays)
    with pytest.raises(imaging.ArrayNotChosen, match=r"none was chosen \(--array NAME, or --array '\*' if"):
        read(data)
    assert len({name for name, _pixels in read(data, ScanOptions(array="*"))}) == len(arrays)


def test_a_pattern_takes_those_that_fit_and_a_name_that_exact_one():
    arrays = {"a/1": picture(), "a/2": picture(), "b/1": picture(), "b*": picture(5, 5)}
    assert [name for name, _ in read(hdf5(arrays), ScanOptions(array="a/*"))] == ["a/1", "a/2"]
    (only,) = read(hdf5(arrays), ScanOptions(array="b*"))
    assert only[1].shape == (5, 5, 3)
    with pytest.raises(imaging.ArrayNotChosen, match="no array called “c\\*”"):
        read(hdf5(arrays), ScanOptions(array="c*"))


@given(counts=st.lists(st.integers(1, 4), min_size=2, max_size=5))
def test_samples_of_several_arrays_of_many_follow_one_another(counts):
    shapes = [(count, 8, 9, 3) for count in counts]
    arrays = {f"part {place}": np.full(shape, place, np.uint8) for place, shape in enumerate(shapes)}
    found = read(npz(arrays), ScanOptions(array="part *"))
    assert [int(pixels.max()) for _name, pixels in found] == np.repeat(range(len(counts)), counts).tolist()


def test_one_array_that_cannot_be_read_does_not_lose_the_others():
    arrays = {"1": picture(), "2": np.zeros((4, 5), "c8"), "3": picture()}
    data = npz(arrays)
    first = imaging.probe(data, file_bytes=len(data), scan=ScanOptions(array="*"))
    assert [header.problem for header in (first, *first.others)] == [
        "", "tensors of complex numbers are not supported", "",
    ]  # fmt: skip
    with pytest.raises(SampleError, match="complex"):
        imaging.decode(data, "npz", part=imaging.Part(1, ScanOptions(array="*")))


def test_the_chosen_axes_count():
    arrays = {"arr_0": np.zeros((40, 50, 60)), "arr_1": np.zeros((40, 50, 60))}
    found = read(npz(arrays), ScanOptions(tensor_layout=TensorLayout.HWC))
    assert [pixels.shape for _name, pixels in found] == [(40, 50, 60)] * 2
