"""Stacks whose look-alikes stay together: made, updated and verified."""

import io
import json

from PIL import Image

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.imaging.pixels.test_sketch import scene

SCENES = 8


def lines_of(stack) -> list[dict]:
    return [json.loads(line) for line in (stack / "manifest.jsonl").read_text().splitlines()]


def parts_by_scene(stack) -> dict[str, set[str]]:
    """The parts in which there are pictures of each scene, whose names begin with it."""
    found: dict[str, set[str]] = {}
    for line in lines_of(stack):
        found.setdefault(line["file"][:2], set()).add(line["split"])
    return found


def test_a_new_picture_follows_one_that_looks_like_it_even_if_that_is_gone(engine, tmp_path):
    folder, stack = tmp_path / "pictures", tmp_path / "stack"
    folder.mkdir()
    for number in range(SCENES):
        scene(number).save(folder / f"s{number}.png")
        scene(number).resize((120, 90)).save(folder / f"s{number} small.jpg", quality=80)
    catalog = engine.scan([str(folder)], Control(), ScanOptions(near_duplicates=True))
    plan = resolve(Options(split=Split.parse("40/30/30")), catalog)
    engine.convert(plan, RunOptions(str(stack)), Control())
    before = parts_by_scene(stack)
    assert len(before) == SCENES
    assert all(len(parts) == 1 for parts in before.values())
    assert set.union(*before.values()) == {"train", "validation", "test"}

    for file in folder.glob("s0*"):
        file.unlink()
    for number in range(SCENES):
        data = io.BytesIO()
        scene(number).save(data, "JPEG", quality=40)
        Image.open(data).resize((200, 150)).save(folder / f"s{number} again.png")
    engine.update(str(stack), Control())
    assert parts_by_scene(stack) == before
    assert engine.verify(str(stack), Control()).is_sound
    assert [line["group"] for line in lines_of(stack)].count("s0 small.jpg") == 3
    engine.convert(
        resolve(Options(), engine.scan([str(folder)], Control())), RunOptions(f"{stack}2"), Control()
    )
    assert not {"sketch", "fine_sketch"} & set(
        (tmp_path / "stack2" / "manifest.jsonl").read_text().split('"')
    )
