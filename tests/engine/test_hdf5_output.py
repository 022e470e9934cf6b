"""Stacks whose arrays are HDF5 files, as the library of HDF5 reads them."""

import contextlib

import h5py
import numpy as np
import pytest
from PIL import Image

from stackgui import open_stack
from stackgui.core.base.choices import Container
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs.hdf5 import HDF5
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.loading import LIBRARIES, snippet
from stackgui.core.run.run_options import RunOptions
from stackgui.core.viewing.opened import Reading
from stackgui.engine import Control

CHOSEN = Options(container=Container.HDF5)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "uint32", "int16", "float16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(3, 5, 7, 3), (2, 4, 6), (1, 1, 1, 1)])
def test_the_library_reads_every_number(tmp_path, dtype, shape):
    array = ArraySpec("images-4800x3200.h5", shape, dtype)
    numbers = (np.random.default_rng(5).random(shape) * 1000 - 200).astype(dtype)
    header = HDF5.header(array)
    (tmp_path / array.file).write_bytes(header + numbers.tobytes())
    with h5py.File(tmp_path / array.file) as file:
        assert list(file) == ["images-4800x3200"]
        found = file["images-4800x3200"]
        assert (found.dtype, found.chunks, found.maxshape) == (numbers.dtype, None, shape)
        assert found.id.get_offset() == len(header)
        np.testing.assert_array_equal(found[...], numbers)


def test_rows_lie_beyond_64_gb_too(tmp_path):
    array = ArraySpec("images.h5", (2**24, 64, 64, 1), "uint8")
    path = tmp_path / "images.h5"
    path.write_bytes(HDF5.header(array))
    with path.open("r+b") as file:
        file.truncate(len(HDF5.header(array)) + array.data_bytes)
    with h5py.File(path) as file:
        assert file["images"].shape == array.shape
        assert not file["images"][-1].any()


def test_what_is_no_such_file_is_told(tmp_path):
    array = ArraySpec("images.h5", (2, 3, 3, 1), "uint8")
    with h5py.File(tmp_path / "images.h5", "w") as file:
        file["images"] = np.zeros(array.shape, "float32")
    assert HDF5.rows_begin((tmp_path / "images.h5").read_bytes(), array) is None
    assert HDF5.rows_begin(b"", array) is None


@pytest.fixture
def stack(engine, tmp_path):
    """A stack of pictures with masks, and the folder that it was made from."""
    for number in range(3):
        add_picture(tmp_path / "pictures", number)
    catalog = engine.scan([str(tmp_path / "pictures")], Control(), cache=False)
    engine.convert(resolve(CHOSEN, catalog), RunOptions(str(tmp_path / "stack")), Control())
    return tmp_path / "stack"


def add_picture(folder, number: int) -> None:
    random = np.random.default_rng(number)
    for kind, shape, high in (("images", (6, 9, 3), 256), ("masks", (6, 9), 3)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, high, shape, np.uint8)).save(folder / kind / f"{number}.png")


def test_pictures_and_masks_grow_and_are_still_read_by_the_library(engine, stack, tmp_path):
    add_picture(tmp_path / "pictures", 3)
    assert engine.update(str(stack), Control()).rows == 4
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    with (
        open_stack(stack) as opened,
        h5py.File(stack / "images.h5") as images,
        h5py.File(stack / "masks.h5") as masks,
    ):
        assert len(opened) == 4
        np.testing.assert_array_equal(images["images"][...], opened.images)
        np.testing.assert_array_equal(masks["masks"][...], opened.masks.arrays[0])
        assert opened.images[3].any()


def test_it_is_looked_into_and_told_of(engine, stack, tmp_path):
    with contextlib.closing(engine.view(str(stack), Reading(), Control())) as view:
        assert view.opened.is_stack
        assert view.opened.rows == 3
    target = engine.report(str(stack), str(tmp_path / "report.html"), Control())
    assert "images.h5" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert target


def test_code_that_loads_it_needs_numpy_alone(engine, stack):
    for library in LIBRARIES:
        compile(snippet(engine.loadable(str(stack)), library), library, "exec")
    names: dict = {}
    exec(snippet(engine.loadable(str(stack)), "numpy"), names)
    with open_stack(stack) as opened:
        np.testing.assert_array_equal(names["images"], opened.images)
        np.testing.assert_array_equal(names["masks"], opened.masks.arrays[0])
