"""Whatever is in a folder, packing it changes neither the catalog nor a row."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.packing import files_in, pack
from tests.engine.test_archives import table_of

KINDS = ("stored.zip", "deflated.zip", "plain.tar", "plain.tar.gz", "plain.tar.zst")
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".bmp": "BMP", ".gif": "GIF",
           ".ppm": "PPM", ".npy": ""}  # fmt: skip

names = st.text("ab0179é-", min_size=1, max_size=3)
sides = st.integers(1, 9)
modes = st.sampled_from(["RGB", "L"])


def encoded(ending: str, mode: str, height: int, width: int) -> bytes:
    shape = (height, width, 3) if mode == "RGB" else (height, width)
    pixels = np.random.default_rng(100 * height + width).integers(0, 256, shape, np.uint8)
    target = io.BytesIO()
    if FORMATS[ending]:
        Image.fromarray(pixels).save(target, FORMATS[ending])
    else:
        np.save(target, pixels)
    return target.getvalue()


@st.composite
def files(draw) -> tuple[str, bytes]:
    """A picture, now and then one that is cut off or called otherwise, or a file that is none."""
    folders = draw(st.lists(names, max_size=3))
    ending = draw(st.sampled_from(sorted(FORMATS)))
    data = encoded(ending, draw(modes), draw(sides), draw(sides))
    fate = draw(st.sampled_from(["whole", "whole", "whole", "whole", "cut", "called otherwise", "text"]))
    if fate == "cut":
        data = data[: len(data) // 2]
    elif fate == "called otherwise":
        ending = draw(st.sampled_from(["", ".jpg", ".dat"]))
    elif fate == "text":
        data, ending = b"no picture", draw(st.sampled_from([".md", ".jpg"]))
    # No file is called as a folder is: folders have no dot in their names.
    return "/".join([*folders, f"{draw(names)}.{ending or 'x'}".replace("..", ".")]), data


def write(folder: Path, tree: dict[str, bytes]) -> None:
    for name, data in tree.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def made(engine, source: Path, out: Path) -> tuple[list[tuple], dict[str, int], dict[str, bytes]]:
    """The catalog, what was skipped, and the arrays of the stack."""
    catalog = engine.scan([str(source)], Control())
    engine.convert(resolve(Options(), catalog), RunOptions(str(out)), Control())
    arrays = {file.name: file.read_bytes() for file in out.glob("*.npy")}
    return table_of(catalog), catalog.skipped.kind.counts(), arrays


@given(st.lists(files(), min_size=1, max_size=12).map(dict))
@settings(max_examples=6)
def test_a_tree_is_the_same_however_it_is_packed(engine, tree):
    with TemporaryDirectory() as place:
        folder = Path(place, "tree")
        write(folder, tree | {"m.1/sure.png": encoded(".png", "RGB", 4, 5)})
        packed = files_in(folder)
        expected = made(engine, folder, Path(place, "of the folder"))
        assert {"images.npy", "valid.npy", "checksums.npy", "placements.npy"} <= expected[2].keys()
        for kind in KINDS:
            archive = pack(Path(place, kind), packed)
            assert made(engine, archive, Path(place, f"of {kind}")) == expected, kind
