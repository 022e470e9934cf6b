"""The memory that is predicted is the memory that is taken."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Fit, Numbers, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options

REPOSITORY = Path(__file__).resolve().parents[2]
TOLERANCE = 0.15

SQUARE = Options(size=Size.exact(224, 224), fit=Fit.LETTERBOX)
FLOATS = Options(dtype=Numbers.FLOAT32)


def converted(source: Path, stack: Path, storage: Storage, options: Options) -> dict:
    words = (str(source), str(stack), storage.value, json.dumps(options.to_json()))
    command = (sys.executable, "-c", "from tests.engine.peak import run; run()", *words)
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Callable[..., Path]:
    """Pictures of blocks of random colours; those of a kind are made once."""
    home = tmp_path_factory.mktemp("kinds")

    def made(count: int, height: int, width: int, ending: str) -> Path:
        folder = home / f"{count}-{height}-{width}-{ending}"
        if folder.exists():
            return folder
        folder.mkdir()
        random = np.random.default_rng(count)
        for number in range(count):
            blocks = random.integers(0, 256, (max(1, height // 50), max(1, width // 50), 3), np.uint8)
            picture = Image.fromarray(blocks).resize((width, height), Image.Resampling.NEAREST)
            picture.save(folder / f"{number}.{ending}")
        return folder

    return made


def assert_predicted(measured: dict) -> None:
    assert measured["seen"] == pytest.approx(measured["file"], rel=TOLERANCE), measured
    assert measured["reported"] <= measured["seen"] * (1 + TOLERANCE)


@pytest.mark.parametrize(
    ("count", "height", "width", "ending", "options"),
    [
        (3000, 64, 64, "jpg", Options()),
        (16, 3000, 4000, "jpg", Options()),
        (16, 3000, 4000, "jpg", SQUARE),
        (16, 3000, 4000, "jpg", FLOATS),
        (16, 2000, 2000, "png", Options()),
        (16, 2000, 2000, "png", replace(SQUARE, dtype=Numbers.FLOAT32)),
        (16, 2000, 2000, "tif", Options()),
    ],
    ids=["small", "large", "large to square", "large as floats", "PNG", "PNG to square floats", "TIFF"],
)
def test_a_run_takes_as_much_memory_as_was_predicted(
    tmp_path, pictures, count, height, width, ending, options
):
    source = pictures(count, height, width, ending)
    assert_predicted(converted(source, tmp_path / "stack", Storage.FILE, options))


@pytest.mark.parametrize(
    "options", [Options(), replace(FLOATS, buckets=3)], ids=["padded", "arrays of floats"]
)
def test_photos_take_as_much_memory_as_was_predicted(photos, tmp_path, options):
    assert_predicted(converted(photos, tmp_path / "stack", Storage.FILE, options))


def test_thumbnails_take_as_much_memory_as_was_predicted(thumbnails, tmp_path):
    measured = converted(thumbnails, tmp_path / "stack", Storage.FILE, Options())
    assert_predicted(measured)
    [array] = measured["arrays"]
    assert (tmp_path / "stack" / "images.npy").stat().st_size == array


def test_rows_that_wait_in_memory_take_no_more_than_was_predicted(tmp_path, pictures):
    source = pictures(16, 3000, 4000, "jpg")
    measured = converted(source, tmp_path / "stack", Storage.MEMORY, Options())
    assert measured["file"] * (1 - TOLERANCE) < measured["seen"] < measured["memory"] * (1 + TOLERANCE)
