"""Scaling: photographs made smaller, small pictures made larger, and 16 bits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from stackgui.core.base.choices import Decode, Fit, Resample, Resizer, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from tests.benchmarks import peers
from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import Bench, Row, bounded, compared, paired

OURS = "StackGUI"
CUBIC = "StackGUI, bicubic"
DRAFT = "StackGUI, draft"
BY_PILLOW = "StackGUI, scaled by Pillow"
PILLOW = "Pillow in as many processes"
CUBIC_PILLOW = "Pillow in as many processes, bicubic"
SIDE_PX, LARGER_PX = 224, 96
DEEP = 12
DEEP_SIDES = (1200, 1600)


def scaled(bench: Bench) -> Iterator[Row]:
    """The photographs twice, scaled to fit 224 × 224."""
    source = bench.pictures.repeated(bench.pictures.photos, 2)
    chosen = {"size": Size.exact(SIDE_PX, SIDE_PX), "fit": Fit.LETTERBOX}
    files, plan = files_in(source), bench.plan(source, Options(**chosen))
    cubic = bench.plan(source, Options(**chosen, resample=Resample.BICUBIC))
    draft = bench.plan(source, Options(**chosen, decode=Decode.DRAFT))
    seconds = paired(
        bench,
        {
            OURS: partial(bench.convert, plan, Storage.FILE),
            CUBIC: partial(bench.convert, cubic, Storage.FILE),
            DRAFT: partial(bench.convert, draft, Storage.FILE),
            PILLOW: partial(bench.peers.run, peers.resize_with_pillow, files, SIDE_PX),
            CUBIC_PILLOW: partial(
                bench.peers.run, peers.resize_with_pillow, files, SIDE_PX, Image.Resampling.BICUBIC
            ),
            **bench.bounds(files, plan),
        },
    )
    work = f"{len(files):,} photographs to {SIDE_PX} × {SIDE_PX}, letterbox"
    yield bounded(seconds, f"{work}, bilinear", OURS)
    yield compared(seconds, f"{work}, bilinear", OURS, PILLOW, 1.5)
    yield compared(seconds, f"{work}, bicubic", CUBIC, CUBIC_PILLOW, 1.5)
    yield compared(seconds, f"{work}, bilinear, draft", DRAFT, PILLOW, 2.2)


def rescaled(bench: Bench) -> Iterator[Row]:
    """Small pictures made larger, and pictures of 16 bits made half as large."""
    source = bench.pictures.thumbnails
    larger = Options(size=Size.exact(LARGER_PX, LARGER_PX), fit=Fit.LETTERBOX)
    files, plan = files_in(source), bench.plan(source, larger)
    seconds = paired(
        bench,
        {
            OURS: partial(bench.convert, plan, Storage.FILE),
            PILLOW: partial(bench.peers.run, peers.resize_with_pillow, files, LARGER_PX),
        },
    )
    work = f"{len(files):,} JPEG of 64 × 64 to {LARGER_PX} × {LARGER_PX}"
    yield compared(seconds, work, OURS, PILLOW, 2.5)
    deep = deep_pictures(bench.folder / "deep")
    half = Size.exact(DEEP_SIDES[0] // 2, DEEP_SIDES[1] // 2)
    plans = {
        resizer: bench.plan(deep, Options(size=half, fit=Fit.STRETCH, resizer=resizer)) for resizer in Resizer
    }
    seconds = paired(
        bench,
        {
            OURS: partial(bench.convert, plans[Resizer.SIMD], Storage.FILE),
            BY_PILLOW: partial(bench.convert, plans[Resizer.PILLOW], Storage.FILE),
        },
    )
    work = f"{DEEP} TIFF of {DEEP_SIDES[1]} × {DEEP_SIDES[0]}, RGB of 16 bits, to half size"
    yield compared(seconds, work, OURS, BY_PILLOW, 2.0)


def deep_pictures(folder: Path) -> Path:
    """Write pictures of 16 bits to `folder`, as scanners do."""
    import tifffile

    folder.mkdir()
    random = np.random.default_rng(4)
    for number in range(DEEP):
        pixels = random.integers(0, 2**16, (*DEEP_SIDES, 3), np.uint16)
        tifffile.imwrite(folder / f"{number}.tif", pixels, photometric="rgb")
    return folder
