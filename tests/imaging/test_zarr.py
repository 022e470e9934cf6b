"""Zarr stores: what was written comes back, and what a store says of itself is not believed."""

import json
import os
import tempfile
from pathlib import Path

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from zarr.core.sync import cleanup_resources

from stackgui import imaging
from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions

DTYPES = ["bool", "uint8", "int8", "uint16", "int32", "uint64", "float16", "float32", "float64"]
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, (7, 4, 5, 3)))
WAYS = [
    {"zarr_format": 2, "chunks": (3, 4, 2, 3)},
    {"zarr_format": 3, "chunks": (3, 4, 2, 3)},
    {"zarr_format": 3, "chunks": (2, 4, 5, 3), "shards": (4, 4, 5, 3)},
]


@pytest.fixture(autouse=True)
def _no_threads_left():
    yield
    cleanup_resources()


def read(content: imaging.Data | imaging.Folder, scan: ScanOptions = DEFAULT) -> np.ndarray:
    """All samples, after checking that the header promises what comes."""
    header = imaging.probe(content, file_bytes=len(content), scan=scan)
    found = [
        imaging.decode(content, header.format, part=imaging.Part(member, scan))
        for member in range(header.samples)
    ]
    assert {pixels.shape for pixels in found} == {(header.height, header.width, header.channels)}
    assert {pixels.dtype.name for pixels in found} == {header.dtype}
    return np.stack(found)


def folder(path: Path) -> imaging.Folder:
    return imaging.Folder.at(os.fsencode(path))


@pytest.mark.parametrize("way", WAYS, ids=["v2", "v3", "shards"])
@settings(max_examples=15)
@given(array=ARRAYS, zipped=st.booleans(), layout=st.sampled_from(["hwc", "chw"]))
def test_what_was_written_comes_back(way, array, zipped, layout):
    scan = ScanOptions(tensor_layout=TensorLayout(layout))
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / ("x.zip" if zipped else "x.zarr")
        store = zarr.storage.ZipStore(path, mode="w") if zipped else path
        zarr.create_array(store, data=array, **way)
        if zipped:
            store.close()
        found = read(path.read_bytes() if zipped else folder(path), scan)
    np.testing.assert_array_equal(found, array if layout == "hwc" else np.moveaxis(array, 1, -1))


def test_one_of_several_arrays_is_chosen_by_its_name(tmp_path):
    group = zarr.open_group(tmp_path / "g.zarr", mode="w")
    group.create_array("labels", data=np.arange(3))
    group.create_array("train/images", data=np.ones((3, 4, 5, 3), np.uint8))
    group.create_array("masks", data=np.zeros((3, 4, 5, 1), bool))
    store = folder(tmp_path / "g.zarr")
    with pytest.raises(imaging.ArrayNotChosen, match=r"none was chosen .*: masks, train/images"):
        read(store)
    assert read(store, ScanOptions(array="train/images")).min() == 1


def test_what_was_never_written_is_the_fill_value(tmp_path):
    made = zarr.create_array(
        tmp_path / "x.zarr", shape=(5, 4, 5, 3), chunks=(1, 4, 5, 3), dtype="u1", fill_value=9
    )
    made[2] = 7
    assert read(folder(tmp_path / "x.zarr"))[:, 0, 0, 0].tolist() == [9, 9, 7, 9, 9]


def change(path: Path, **values: object) -> None:
    described = json.loads(path.read_text())
    path.write_text(json.dumps(described | values))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"shape": [10**6, 4000, 5000, 3]}, "shorter than its header says"),
        ({"shape": [-3, 4, 5, 3]}, "damaged"),
        ({"shape": "many"}, "damaged"),
        ({"data_type": "variable_length_utf8"}, "variable_length_utf8 are not supported"),
        ({"data_type": {"name": "struct"}}, "damaged"),
        ({"data_type": "complex64"}, "complex64 are not supported"),
        ({"codecs": [{"name": "numcodecs.pickle"}]}, r"not supported \(numcodecs.pickle\)"),
        ({"codecs": 7}, "damaged"),
        (
            {"chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [10**9, 4, 5, 3]}}},
            "each of its chunks claims",
        ),
        ({"chunk_grid": {"name": "rectangular"}}, "laid out in a way"),
        ({"node_type": "group"}, "no array"),
    ],
)
def test_a_description_is_not_believed(tmp_path, values, reason):
    zarr.create_array(tmp_path / "x.zarr", data=np.zeros((3, 4, 5, 3), np.uint8) + 1)
    change(tmp_path / "x.zarr" / "zarr.json", **values)
    with pytest.raises(SampleError, match=reason):
        read(folder(tmp_path / "x.zarr"))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"dtype": "|O", "filters": [{"id": "pickle"}]}, r"not supported \(pickle\)"),
        ({"dtype": "|O"}, "Python objects"),
        ({"dtype": [["a", "<u2"]]}, "records"),
        ({"compressor": {"id": "jpeg"}}, r"not supported \(jpeg\)"),
        ({"chunks": [0, 0]}, "damaged"),
        ({"chunks": [0, 4, 5, 3]}, "damaged"),
    ],
)
def test_a_description_of_version_2_is_not_believed(tmp_path, values, reason):
    zarr.create_array(tmp_path / "x.zarr", data=np.zeros((3, 4, 5, 3), np.uint8) + 1, zarr_format=2)
    change(tmp_path / "x.zarr" / ".zarray", **values)
    with pytest.raises(SampleError, match=reason):
        read(folder(tmp_path / "x.zarr"))


def test_links_in_a_store_are_refused(tmp_path):
    zarr.create_array(tmp_path / "x.zarr", data=np.zeros((3, 4, 5, 3), np.uint8))
    (tmp_path / "x.zarr" / "c").mkdir(exist_ok=True)
    (tmp_path / "x.zarr" / "c" / "9").symlink_to("/etc/passwd")
    with pytest.raises(SampleError, match="links"):
        folder(tmp_path / "x.zarr")


def test_a_damaged_chunk_is_noticed(tmp_path):
    zarr.create_array(tmp_path / "x.zarr", data=np.ones((3, 4, 5, 3), np.uint8), chunks=(3, 4, 5, 3))
    chunk = tmp_path / "x.zarr" / "c" / "0" / "0" / "0" / "0"
    chunk.write_bytes(chunk.read_bytes()[:-3])
    with pytest.raises(SampleError):
        read(folder(tmp_path / "x.zarr"))


def test_without_the_library_it_says_how_to_get_it(tmp_path, monkeypatch):
    zarr.create_array(tmp_path / "x.zarr", data=np.zeros((3, 4, 5, 3), np.uint8))

    def refuse(name):
        raise ImportError(name)

    monkeypatch.setattr("stackgui.imaging.base.declaration.import_module", refuse)
    with pytest.raises(SampleError, match=r"pip install 'stackgui\[zarr\]'"):
        read(folder(tmp_path / "x.zarr"))
