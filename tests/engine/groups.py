"""Groups of Zarr in buckets, and what converting to a folder and exporting that gives."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from stackgui.cli.answers import WITH_FAILURES
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.files import object_store, objects
from tests.serving import Held, zarr_store


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


def changed(place, name, row, value):
    """Let a group hold something else, as Zarr writes it; return what it held."""
    import zarr

    group = zarr.open_group(zarr_store(place, read_only=False), mode="r+", use_consolidated=False)
    before, group[name][row] = group[name][row], value
    return before


def damaged(place, name, data):
    """Let an object be something else, or be gone."""
    if data is None:
        object_store.delete([f"{place}/{name}"])
    else:
        object_store.put(f"{place}/{name}", data)


def killed_and_resumed(bucket, pictures, engine, place, end, *, folder, limit_s) -> int:
    """Kill a conversion at the terminal that waits for an object, and resume it there; it becomes an export.

    Parameters
    ----------
    pictures
        Of which some cannot be read.
    end
        How the address of the object ends.
    folder
        For a stack and its export, by processes of their own, too, in which shards are as large as they are.
    limit_s
        Time until the run comes to the object.

    Returns
    -------
    int
        Rows that were there.
    """
    import zarr

    size = ["--size", "1000x1000"]

    def stackgui(*arguments):
        command = [sys.executable, "-m", "stackgui", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=False)

    bucket.faults.of[end] = held = Held()
    run = subprocess.Popen(
        [sys.executable, "-m", "stackgui", "convert", str(pictures), "--out", place, *size]
    )
    assert held.met.wait(limit_s)
    while engine.unfinished(place) is None:
        assert run.poll() is None
        time.sleep(0.1)
    run.kill()
    run.wait()
    held.go_on.set()
    bucket.faults.of.clear()
    with pytest.raises(zarr.errors.GroupNotFoundError):
        opened(place)
    left = engine.unfinished(place).rows_done
    ended = stackgui("resume", place, "--json")
    assert ended.returncode == WITH_FAILURES, ended
    report = json.loads(ended.stdout)
    assert (report["stack"], report["resumed"]) == (place, left)
    assert stackgui("convert", pictures, "--out", folder / "stack", *size).returncode == WITH_FAILURES
    out = ("--out", folder / "stack.zarr")
    assert stackgui("export", folder / "stack", "--to", "zarr", *out).returncode == 0
    same_groups(opened(place), zarr.open_group(folder / "stack.zarr", mode="r"))
    return left
