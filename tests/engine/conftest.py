"""Pictures to convert, and one pool of workers for all tests of the engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.catalog.catalog import Catalog
from stackgui.engine import Control, Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(2) as started:
        started.warm_up()
        yield started


@pytest.fixture
def scan(engine: Engine) -> Callable[..., Catalog]:
    def run(*folders: Path, **choices) -> Catalog:
        return engine.scan([str(folder) for folder in folders], Control(), **choices)

    return run


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A dozen pictures of many kinds in two class folders; one is cut off in its middle."""
    folder = tmp_path / "pictures"
    random = np.random.default_rng(7)
    sizes = [(20, 30), (31, 17), (64, 64), (1, 40), (40, 1), (25, 26)]
    for index, (height, width) in enumerate(sizes):
        target = folder / ("cat" if index % 2 else "dog")
        target.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 256, (height, width, 3), np.uint8)
        Image.fromarray(pixels).save(target / f"{index}.png")
        Image.fromarray(pixels).save(target / f"{index}.jpg", quality=90)
    Image.fromarray(pixels[..., 0]).save(folder / "cat" / "grey.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(pixels).save(folder / "dog" / "turned.jpg", exif=turned)
    np.save(folder / "dog" / "tensor.npy", random.integers(0, 256, (3, 22, 28), np.uint8))
    whole = (folder / "dog" / "2.png").read_bytes()
    (folder / "dog" / "broken.png").write_bytes(whole[: len(whole) // 2])
    return folder
