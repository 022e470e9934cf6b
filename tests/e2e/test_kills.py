"""Conversions that are killed at random moments, again and again, end as if nothing had happened."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.stack.reader import open_stack
from tests.engine.packing import files_in, pack
from tests.holding import was_killed_after

PICTURES = 400
SOONER = 0.8
"""What had ended before it was to be killed is killed so much sooner the next time: the first run, from whose
time the moments follow, may have been slow because the computer was busy."""
PROMISED = {
    "checksums.npy", "images.npy", "manifest.csv", "manifest.jsonl", "names.npy", "placements.npy",
    "stack.json", "transforms.npy", "valid.npy",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Pictures that take a second or two to convert; some are damaged."""
    made = tmp_path_factory.mktemp("kills") / "pictures"
    made.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (300, 500, 3), np.uint8)
    for index in range(PICTURES):
        Image.fromarray(pixels[: 100 + index % 200]).save(made / f"{index}.png", compress_level=1)
        if index % 50 == 7:
            with open(made / f"{index}.png", "r+b") as file:
                file.truncate(1000)
    return made


@pytest.fixture(scope="module")
def seg(folder, tmp_path_factory) -> Path:
    """The same pictures with masks; two of these are damaged, and one is of another size."""
    made = tmp_path_factory.mktemp("masked") / "seg"
    shutil.copytree(folder, made / "images")
    (made / "masks").mkdir()
    for index in range(PICTURES):
        mask = np.zeros((100 + index % 200, 500), np.uint8)
        mask[index % 90 :, index : index + 90] = index % 3 + 1
        Image.fromarray(mask[: -(index == 1) or None]).save(made / "masks" / f"{index}.png")
        if index % 200 == 13:
            os.truncate(made / "masks" / f"{index}.png", 60)
    return made


def command(folder: Path, out: Path, *more: str) -> list[str]:
    words = ["convert", str(folder), "--out", str(out), "--json", "--workers", "2", *more]
    return [sys.executable, "-m", "stackgui", *words]


def contents(folder: Path) -> dict[str, bytes]:
    names = set(os.listdir(folder))
    assert names in (PROMISED, PROMISED | {"masks.npy"}, PROMISED | {"gone.npy"})
    return {name: (folder / name).read_bytes() for name in sorted(names)}


def killed(words: list[str], after_s: float) -> bool:
    """Start a conversion and kill it after some time; false when it had ended by then."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        return was_killed_after(process, after_s)


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_kills_lose_nothing(folder, tmp_path, kills):
    _kill_and_compare(folder, tmp_path, kills)


@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
@pytest.mark.parametrize("name", ["stored.zip", "plain.tar.gz"])
def test_kills_lose_nothing_of_archives(folder, tmp_path, name, kills):
    _kill_and_compare(pack(tmp_path / name, files_in(folder)), tmp_path, kills)


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_kills_lose_nothing_of_masks(seg, tmp_path, kills):
    _kill_and_compare(seg, tmp_path, kills)
    assert (tmp_path / "out" / "masks.npy").exists()


def _kill_and_compare(folder: Path, tmp_path: Path, kills: int) -> None:
    """Kill conversions at random moments, and compare what comes of them with one that nobody killed."""
    dice = random.Random(kills)
    started = time.monotonic()
    subprocess.run(command(folder, tmp_path / "whole"), check=False, capture_output=True)
    took_s = time.monotonic() - started
    whole = contents(tmp_path / "whole")
    out, done = tmp_path / "out", 0
    while done < kills:
        # Now and then soon after the start, so that runs are killed while they check what was done before.
        after_s = dice.uniform(0.2, 1.2) * took_s * dice.choice([0.5, 1.0])
        words = command(folder, out, "--resume", "--storage", dice.choice(["file", "memory"]))
        if killed(words, after_s):
            done += 1
        else:
            took_s *= SOONER
        if out.is_dir():
            assert contents(out) == whole
            shutil.rmtree(out)
    last = subprocess.run(command(folder, out, "--resume"), check=False, capture_output=True)
    assert last.returncode == 3
    assert json.loads(last.stdout)["rows"] == PICTURES
    assert contents(out) == whole
    assert not os.path.lexists(f"{out}.partial")


def repaired(folder: Path, out: Path, damaged: list[Path], gone: Path | None = None) -> None:
    """Make a stack of pictures of which some are damaged, and repair those; one may go before it."""
    whole = {path: path.read_bytes() for path in damaged}
    for path in damaged:
        path.write_bytes(whole[path][: min(500, len(whole[path]) // 2)])
    made = subprocess.run(command(folder, out), check=False, capture_output=True)
    assert made.returncode == 3
    if gone is not None:
        gone.unlink()
        update = [sys.executable, "-m", "stackgui", "update", str(out), "--json", "--workers", "2"]
        assert subprocess.run(update, check=False, capture_output=True).returncode == 0
    for path, data in whole.items():
        path.write_bytes(data)


def retried(out: Path) -> list[str]:
    return [sys.executable, "-m", "stackgui", "retry", str(out), "--json", "--workers", "2"]


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_kills_of_a_retry_leave_a_stack_that_is_whole(folder, tmp_path, kills):
    pictures = tmp_path / "pictures"
    shutil.copytree(folder, pictures)
    # A row that has lost its picture stays marked.
    _kill_retries(pictures, sorted(pictures.glob("*[13579].png")), tmp_path, kills, pictures / "0.png")
    assert np.load(tmp_path / "after" / "gone.npy").sum() == 1
    with open_stack(tmp_path / "after") as stack:
        assert [os.path.basename(stack.files[row]) for row in np.flatnonzero(stack.gone)] == ["0.png"]


@pytest.mark.parametrize("kills", [1, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
def test_kills_of_a_retry_of_mended_masks_leave_a_stack_that_is_whole(seg, tmp_path, kills):
    masked = tmp_path / "seg"
    shutil.copytree(seg, masked)
    _kill_retries(masked, sorted((masked / "masks").glob("*[2468].png")), tmp_path, kills)


def _kill_retries(
    pictures: Path, damaged: list[Path], tmp_path: Path, kills: int, gone: Path | None = None
) -> None:
    """Kill retries at random moments; each leaves the stack as it was before, or as it is after."""
    repaired(pictures, tmp_path / "before", damaged, gone)
    shutil.copytree(tmp_path / "before", tmp_path / "after")
    started = time.monotonic()
    subprocess.run(retried(tmp_path / "after"), check=False, capture_output=True)
    took_s = time.monotonic() - started
    before, after = contents(tmp_path / "before"), contents(tmp_path / "after")
    assert before != after
    dice, done = random.Random(kills), 0
    while done < kills:
        shutil.copytree(tmp_path / "before", tmp_path / "out")
        if killed(retried(tmp_path / "out"), dice.uniform(0.3, 1.0) * took_s):
            done += 1
        else:
            took_s *= SOONER
        tidy_place(str(tmp_path / "out"))
        assert contents(tmp_path / "out") in (before, after)
        shutil.rmtree(tmp_path / "out")
