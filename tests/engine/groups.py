"""Groups of Zarr in buckets, and what converting to a folder and exporting that gives."""

from pathlib import Path

import numpy as np

from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.files import object_store, objects
from tests.serving import zarr_store


def same_groups(one, other) -> None:
    """Assert that two groups of Zarr hold the same, array by array, and say the same of themselves."""
    names = sorted(one.array_keys())
    assert names == sorted(other.array_keys())
    for name in names:
        assert one[name].metadata == other[name].metadata, name
        np.testing.assert_array_equal(one[name][...], other[name][...], err_msg=name)
    assert dict(one.attrs) == dict(other.attrs)


def opened(place):
    import zarr

    return zarr.open_group(zarr_store(place), mode="r")


def exported(engine, plan, folder):
    import zarr

    engine.convert(plan, RunOptions(str(folder / "stack")), Control())
    engine.export(str(folder / "stack"), "zarr", str(folder / "stack.zarr"), Control())
    return zarr.open_group(folder / "stack.zarr", mode="r")


def names_at(place):
    return {name for page in object_store.versions_below(place) for name, _version in page}


def same_objects(place: str, folder: Path) -> None:
    """Assert that a place has the files of a group in a folder, byte for byte, and nothing else."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {name for name in names_at(place) if not name.startswith(".stackgui/")} == files
    for name in files - {"zarr.json"}:
        assert objects.whole(f"{place}/{name}")[1] == (folder / name).read_bytes(), name
