"""What exports of whole arrays hold, as the library of each format reads it."""

import itertools
import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import zarr
from safetensors import safe_open

from stackgui.stores.export import contents


def npz(path: Path):
    with np.load(path, allow_pickle=False) as archive:
        found = {name: archive[name] for name in archive.files}
    words = {name: found.pop(name).tolist() for name in list(found) if found[name].dtype.kind == "U"}
    return found, words


def from_zarr(path: Path):
    group = zarr.open_group(path, mode="r")
    found = {name: array[...] for name, array in group.arrays()}
    words = {name: names for name, names in group.attrs.asdict().items() if isinstance(names, list)}
    return found, words | {name: found.pop(name).tolist() for name in ("files", "columns") if name in found}


def from_hdf5(path: Path):
    with h5py.File(path) as file:
        found = {name: each[...] for name, each in file.items() if each.dtype.kind != "O"}
        texts = {name: each.asstr() for name, each in file.items() if each.dtype.kind == "O"}
        return found, {name: each[...].tolist() for name, each in texts.items() if name != "stack.json"}


def from_safetensors(path: Path):
    with safe_open(path, framework="numpy") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        words = {name: json.loads(text) for name, text in file.metadata().items() if text.startswith("[")}
    for name, offsets in (("files", "file_offsets"), ("columns", "column_offsets")):
        if name in found:
            letters, ends = found.pop(name).tobytes(), found.pop(offsets)
            words[name] = [letters[begin:end].decode() for begin, end in itertools.pairwise(ends)]
    if titles := words.get("column_names"):
        words["columns"] = np.reshape(words["columns"], (-1, len(titles))).tolist()
    return found, words


def from_raw(path: Path):
    about = json.loads((path / "arrays.json").read_text())
    assert {each["byteorder"] for each in about["arrays"].values()} == {"little"}
    found = {
        name: np.memmap(path / each["file"], each["dtype"], "r", shape=tuple(each["shape"]))
        if all(each["shape"])
        else np.empty(each["shape"], each["dtype"])
        for name, each in about["arrays"].items()
    }
    lines = (path / "rows.csv").read_text(encoding="utf-8-sig").splitlines()
    at = lines[0].split(",").index("file")
    return found, about["names"] | {"files": [line.split(",")[at] for line in lines[1:]]}


READERS = {
    "npz": npz, "zarr": from_zarr, "hdf5": from_hdf5, "safetensors": from_safetensors, "raw": from_raw,
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_its_own_library_reads_every_value_of_every_row(stack, exported, name):
    found, words = READERS[name](exported(stack, name))
    expected = {Path(spec.file).stem: array for spec, array in zip(stack.specs, stack.arrays, strict=True)}
    masks = {
        Path(spec.file).stem: array
        for spec, array in zip(stack.all_specs[len(stack.specs) :], stack.masks.arrays, strict=True)
    }
    expected |= {**masks, **contents.tables(stack)}
    if name == "zarr":
        expected["checksums"] = stack.checksums
    assert found.keys() == expected.keys()
    for each, array in expected.items():
        assert found[each].dtype == array.dtype, each
        np.testing.assert_array_equal(found[each], array, err_msg=each)
    assert words == {**contents.words(stack), "files": list(contents.file_names(stack))}
    assert [Path(file).name for file in words["files"]] == [Path(file).name for file in stack.files]


def test_zarr_is_of_version_3_in_whole_shards_with_its_metadata_in_one_file(everything, exported):
    path = exported(everything, "zarr")
    about = json.loads((path / "zarr.json").read_text())
    assert about["zarr_format"] == 3
    assert about["attributes"]["classes"] == everything.classes
    assert about["attributes"]["stack"]["plan"]["fingerprint"] == everything.header["plan"]["fingerprint"]
    listed = about["consolidated_metadata"]["metadata"]
    name = Path(everything.specs[0].file).stem
    assert listed[name]["dimension_names"] == ["row", "height", "width", "channel"]
    assert {codec["name"] for codec in listed[name]["codecs"]} == {"sharding_indexed"}
    shard = listed[name]["chunk_grid"]["configuration"]["chunk_shape"][0]
    files = [file for file in (path / name / "c").rglob("*") if file.is_file()]
    assert len(files) == -(-everything.specs[0].rows // shard)


def test_in_zarr_the_pictures_of_one_size_are_called_images(stacks, exported):
    from stackgui import open_stack

    with open_stack(stacks("floats")) as stack:
        group = zarr.open_group(exported(stack, "zarr"), mode="r")
        np.testing.assert_array_equal(group["images"][...], stack.images)


def test_hdf5_has_a_chunk_for_each_row_and_names_its_axes(everything, exported):
    with h5py.File(exported(everything, "hdf5")) as file:
        images = file[Path(everything.specs[0].file).stem]
        assert images.chunks == (1, *images.shape[1:])
        assert [each.label for each in images.dims] == ["row", "height", "width", "channel"]
        assert json.loads(file["stack.json"][()]) == everything.header
