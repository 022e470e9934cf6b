"""Pictures for sub-commands."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Five pictures in two classes, one of them damaged, and a text file."""
    folder = tmp_path / "pets"
    random = np.random.default_rng(1)
    for index in range(5):
        target = folder / ("cat" if index % 2 else "dog") / f"{index}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (10 + index, 20 - index, 3), np.uint8)).save(target)
    target.write_bytes(target.read_bytes()[:200])
    (folder / "readme.txt").write_text("about these pictures")
    return folder
