"""Rows that are scaled are the same whether `render` makes them or the quicker way does."""

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Channels, Decode, Fit, Layout, Numbers, Resample, Resizer
from stackgui.core.base.errors import SampleError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.engine.decoding import render as render_module
from stackgui.engine.decoding.render import Form, decoding_straight, render
from stackgui.engine.decoding.rows import files_of
from stackgui.engine.workers import blocks
from stackgui.engine.workers.sample_data import data_of
from stackgui.imaging.pixels import simd

SIZE = Size.exact(24, 20)
ORIENTATION = 0x0112
SIDES = {"plain": (30, 40), "wide": (16, 50), "tiny": (5, 7), "same": (24, 20)}
CHOSEN = {
    "letterbox": {"fit": Fit.LETTERBOX},
    "cut": {"fit": Fit.COVER, "resample": Resample.LANCZOS},
    "stretched": {"fit": Fit.STRETCH, "resample": Resample.BICUBIC},
    "by Pillow": {"fit": Fit.STRETCH, "resizer": Resizer.PILLOW},
    "area": {"fit": Fit.STRETCH, "resample": Resample.AREA},
    "grey": {"fit": Fit.LETTERBOX, "channels": Channels.GREY},
    "with alpha": {"fit": Fit.LETTERBOX, "channels": Channels.RGBA},
    "draft": {"fit": Fit.LETTERBOX, "decode": Decode.DRAFT},
    "floats": {"fit": Fit.LETTERBOX, "dtype": Numbers.FLOAT32},
    "planes": {"fit": Fit.LETTERBOX, "layout": Layout.NCHW},
}
COLOURS = {"plain", "wide", "tiny", "sign"}
QUICK = {"letterbox": COLOURS, "cut": COLOURS, "stretched": COLOURS, "grey": {"sign"}, "draft": {"tiny"}}
"""What the quicker way makes; of the other choices it makes nothing."""


@pytest.fixture
def folder(tmp_path):
    """Three pictures of each size, turned ones, grey ones, PNG, and one that is cut off."""
    made = tmp_path / "pictures"
    made.mkdir()
    random = np.random.default_rng(8)
    for name, (height, width) in SIDES.items():
        for number in range(3):
            picture = Image.fromarray(random.integers(0, 256, (height, width, 3), np.uint8))
            picture.save(made / f"{name}{number}.jpg", quality=95)
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    for number in range(2):
        picture.save(made / f"turned{number}.jpg", exif=turned.tobytes())
        picture.resize((33, 21)).save(made / f"plate{number}.png")
        picture.resize((33, 21)).convert("L").save(made / f"sign{number}.jpg")
    whole = (made / "plain2.jpg").read_bytes()
    (made / "plain3.jpg").write_bytes(whole[:-60])
    return made


def batch_of(plan):
    """All rows of a plan with one array, and their form."""
    (bucket,) = plan.buckets
    return files_of(plan, bucket.samples, plan.geometry(bucket, bucket.samples)), Form.of(plan)


def rendered(files, form) -> list[np.ndarray | str]:
    """The block of each row by `render`, or why there is none."""
    found: list[np.ndarray | str] = []
    for file, row in files:
        out = np.empty(form.block_shape(*row.placement[2:]), form.dtype)
        try:
            render(data_of(file, row), row, form, out)
            found.append(out)
        except SampleError as error:
            found.append(error.reason)
    return found


@pytest.mark.parametrize("most_bytes", [10**6, 30 * 40 * 3 - 1])
@pytest.mark.parametrize("chosen", CHOSEN)
def test_both_ways_give_the_same_rows(folder, scan, monkeypatch, chosen, most_bytes):
    monkeypatch.setattr(simd, "AT_ONCE_BYTES", most_bytes)
    files, form = batch_of(resolve(Options(size=SIZE, **CHOSEN[chosen]), scan(folder)))
    expected = rendered(files, form)
    memory = bytearray(sum(form.block_bytes(*row.placement[2:]) for _file, row in files))
    found = blocks.filled(files, form, memory, 0)
    begin = 0
    for index, ((_file, row), block) in enumerate(zip(files, expected, strict=True)):
        end = begin + form.block_bytes(*row.placement[2:])
        if isinstance(block, str):
            assert found.failed[index] == block
        else:
            assert memory[begin:end] == block.tobytes()
        begin = end
    assert len(found.failed) == 1


@pytest.mark.parametrize("chosen", CHOSEN)
def test_the_quicker_way_is_taken_where_it_can_be(folder, scan, monkeypatch, chosen):
    files, form = batch_of(resolve(Options(size=SIZE, **CHOSEN[chosen]), scan(folder)))
    resized = []
    monkeypatch.setattr(render_module.imaging, "resize", lambda *given, **_named: resized.append(given))
    taken = set()
    for file, row in files:
        straight = decoding_straight(row, form) if row.own != row.scaled else None
        out = np.empty(form.block_shape(*row.placement[2:]), form.dtype)
        name = file.name.decode().rsplit("/", 1)[1]
        if straight is not None and name != "plain3.jpg" and straight(data_of(file, row), out):
            taken.add(name.split(".")[0].rstrip("0123"))
    assert taken == QUICK.get(chosen, set())
    assert resized == []
