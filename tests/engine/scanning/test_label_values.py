"""After a scan a few samples are looked at, to tell whether they hold class ids."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from stackgui.core.catalog.doubts import Doubt, has_doubt

MASK = np.zeros((40, 60), np.uint8)
MASK[5:20, 10:30], MASK[25:, 40:] = 3, 7


@pytest.fixture
def doubtful(scan):
    """The names of the files that look like class ids."""

    def run(*folders: Path, **choices) -> set[str]:
        catalog = scan(*folders, **choices)
        mask = has_doubt(catalog.doubts, Doubt.LABEL_VALUES)
        return {catalog.path[sample] for sample in np.flatnonzero(mask).tolist()}

    return run


def test_masks_of_all_kinds_are_told_from_pictures(doubtful, tmp_path):
    random = np.random.default_rng(3)
    np.save(tmp_path / "ids.npy", np.array([[0, 1, 2]], np.uint16))
    np.save(tmp_path / "long.npy", MASK.astype(np.int64))
    np.savez(tmp_path / "many.npz", masks=np.stack([MASK] * 17))
    Image.fromarray(MASK).save(tmp_path / "grey.png")
    Image.fromarray(MASK).save(tmp_path / "mask.bmp")
    tifffile.imwrite(tmp_path / "deep.tif", MASK.astype(np.uint16))
    palette = Image.fromarray(MASK, "L").convert("P")
    palette.putpalette(random.integers(0, 256, 768, np.uint8).tolist())
    palette.save(tmp_path / "palette.png")
    palette.save(tmp_path / "palette.gif")
    Image.fromarray(np.resize(np.arange(3, dtype=np.uint8), (4, 5))).save(tmp_path / "tiny.png")
    palette = Image.fromarray(np.resize(np.arange(3, dtype=np.uint8), (4, 5)), "L").convert("P")
    palette.putpalette(random.integers(0, 256, 768, np.uint8).tolist())
    palette.save(tmp_path / "tiny-palette.png")
    masks = {path.name for path in tmp_path.iterdir()}
    Image.fromarray(random.integers(0, 256, (40, 60), np.uint8)).save(tmp_path / "picture.png")
    Image.fromarray(random.integers(0, 256, (40, 60, 3), np.uint8)).save(tmp_path / "colours.png")
    Image.fromarray(MASK).save(tmp_path / "mask.jpg")
    np.save(tmp_path / "tensor.npy", random.integers(0, 65536, (40, 60), np.uint16))
    np.save(tmp_path / "floats.npy", MASK.astype(np.float32))
    np.save(tmp_path / "truth.npy", MASK > 0)
    (tmp_path / "damaged.png").write_bytes((tmp_path / "grey.png").read_bytes()[:-30])
    assert doubtful(tmp_path) == masks


@pytest.mark.parametrize("ending", ["png", "tif", "bmp", "gif"])
def test_black_and_white_scans_are_no_masks(doubtful, tmp_path, ending):
    specks = np.random.default_rng(3).random((200, 160)) > 0.1
    Image.fromarray(specks.astype(np.uint8) * 255).convert("1").save(tmp_path / f"a.{ending}")
    assert doubtful(tmp_path) == set()


def test_they_are_found_again_in_a_second_scan(doubtful, tmp_path):
    Image.fromarray(MASK).save(tmp_path / "a.png")
    assert doubtful(tmp_path) == doubtful(tmp_path) == {"a.png"}


def test_pictures_that_use_few_of_their_bits_are_told(scan, tmp_path):
    ramp = np.linspace(0, 4095, 2400).astype(np.uint16).reshape(40, 60)
    tifffile.imwrite(tmp_path / "grey.tif", ramp)
    tifffile.imwrite(tmp_path / "colours.tif", np.stack([ramp, ramp, ramp], axis=2), photometric="rgb")
    np.save(tmp_path / "tensor.npy", ramp)
    tifffile.imwrite(tmp_path / "light.tif", ramp * 10)
    catalog = scan(tmp_path)
    found = np.flatnonzero(has_doubt(catalog.doubts, Doubt.LOW_NUMBERS)).tolist()
    assert [catalog.path[sample] for sample in found] == ["colours.tif", "grey.tif", "tensor.npy"]
