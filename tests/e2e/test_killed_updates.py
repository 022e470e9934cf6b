"""Updates that are killed at random moments: the stack is as it was before, or as it is after."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.stores.recovery.cleanup import tidy_place
from tests.e2e.test_kills import SOONER
from tests.holding import was_killed_after

OLD, NEW = 60, 240
MANY = 60


def save(folder: Path, index: int, seed: int = 0) -> None:
    pixels = np.random.default_rng([index, seed]).integers(0, 256, (100 + index % 60, 300, 3), np.uint8)
    target = folder / f"class {index % 3}"
    target.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(target / f"{index}.png", compress_level=1)


def program(most: int) -> list[str]:
    """The program, for which a stack of more than so many rows is large, so that its manifest is columns."""
    patch = f"from stackgui.core.plan import manifest_form; manifest_form.MOST_LISTED = {most}"
    return [
        sys.executable,
        "-c",
        f"import sys; {patch}; from stackgui.__main__ import main; sys.exit(main())",
    ]


def words(program: list[str], command: str, *more: object) -> list[str]:
    return [*program, command, *map(str, more), "--json", "--workers", "2"]


def ended(program: list[str], command: str, *more: object) -> None:
    """Let a command end in peace."""
    assert subprocess.run(words(program, command, *more), check=False, capture_output=True).returncode == 0


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a stack, without those of an update that is not ready."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".partial" not in str(path.relative_to(folder))
    }


@pytest.fixture(scope="module", params=[10**6, OLD], ids=["text", "text, then columns"])
def stacks(request, tmp_path_factory) -> tuple[list[str], Path, Path, float]:
    """The program; a stack whose sources have changed since; the same, updated; the seconds it took."""
    home = tmp_path_factory.mktemp("updates")
    folder = home / "pictures"
    for index in range(OLD):
        save(folder, index)
    before, after = home / "before", home / "after"
    stackgui = program(request.param)
    ended(stackgui, "convert", folder, "--out", before)
    for index in range(OLD, OLD + NEW):
        save(folder, index)
    for index in range(0, OLD, 7):
        save(folder, index, seed=1)
    (folder / "class 1" / "1.png").unlink()
    shutil.copytree(before, after)
    started = time.monotonic()
    ended(stackgui, "update", after)
    assert {"names.npy", "gone.npy"} <= contents(after).keys()
    is_large = request.param == OLD
    assert ("manifest.columns" in contents(after)) == is_large != ("manifest.jsonl" in contents(after))
    return stackgui, before, after, time.monotonic() - started


def names(out: Path) -> list[str]:
    return [name for name in os.listdir(out) if name.startswith("update-")]


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "start": lambda _out: True,
    "rows": lambda out: any(name.endswith(".partial") for name in names(out)),
    "tables": lambda out: bool(list(out.glob("update-*.partial/manifest.*"))),
    "ready": lambda out: any(not name.endswith(".partial") for name in names(out)),
}
"""From which moment on an update is killed at random: it takes different times to get there."""


def was_killed(program: list[str], out: Path, moment: str, after_s: float) -> bool:
    """Start an update and kill it some time after a moment; false when it had ended by then."""
    with subprocess.Popen(words(program, "update", out), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and not MOMENTS[moment](out):
            time.sleep(0.0005)
        return was_killed_after(process, after_s)


@pytest.mark.parametrize(
    "kills", [4, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_kills_of_an_update_leave_a_stack_that_is_whole(stacks, tmp_path, kills):
    stackgui, before, after, took_s = stacks
    expected = contents(before), contents(after)
    longest_s = {"start": took_s, "rows": took_s / 4, "tables": 0.1, "ready": 0.03}
    dice, done, out = random.Random(kills), 0, tmp_path / "out"
    found = {"before": 0, "after": 0, "resumed": 0}
    while done < kills:
        if not out.exists():
            shutil.copytree(before, out)
        found["resumed"] += bool(names(out))
        moment = list(MOMENTS)[done % len(MOMENTS)]
        if was_killed(stackgui, out, moment, dice.uniform(0, longest_s[moment])):
            done += 1
        else:
            longest_s[moment] *= SOONER
        tidy_place(str(out))
        left = contents(out)
        assert left in expected
        is_after = left == expected[1]
        found["after" if is_after else "before"] += 1
        # Every other time the update begins anew; else it goes on where it was.
        if is_after or dice.random() < 0.5:
            shutil.rmtree(out)
    assert kills < MANY or min(found.values()), found
    if not out.exists():
        shutil.copytree(before, out)
    ended(stackgui, "update", out)
    assert contents(out) == expected[1]
    assert not names(out)
