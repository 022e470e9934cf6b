"""What masks hold is counted once, said while it takes time, and believed as long as their files stay."""

import os

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import Cancelled
from stackgui.core.catalog.scan_options import DEFAULT
from stackgui.core.options.options import Options
from stackgui.core.plan.geometry import whole
from stackgui.core.plan.resolve import resolve
from stackgui.engine import Control
from stackgui.engine.decoding.rows import files_of
from stackgui.engine.scanning import mask_looks, scan_cache
from stackgui.engine.scanning.mask_looks import look_at_masks
from stackgui.engine.scanning.scan_cache import remember

LONG_AGO_NS = 10**18
MASKS = 5


@pytest.fixture
def seg(tmp_path):
    for kind in ("images", "masks"):
        (tmp_path / "seg" / kind).mkdir(parents=True)
    for index in range(MASKS):
        Image.new("RGB", (7, 5)).save(tmp_path / "seg" / "images" / f"{index}.png")
        mask = np.full((5, 7), index, np.uint8)
        mask[0] = 0
        Image.fromarray(mask).save(tmp_path / "seg" / "masks" / f"{index}.png")
        os.utime(tmp_path / "seg" / "masks" / f"{index}.png", ns=(LONG_AGO_NS, LONG_AGO_NS))
    return tmp_path / "seg"


@pytest.fixture
def looked(seg, scan, tmp_path):
    """Look at the masks as a worker does; the cache is written."""
    cache = str(tmp_path / "caches" / "scans-0.sqlite")

    def run():
        plan = resolve(Options(), scan(seg / "masks"))
        samples = np.arange(MASKS)
        looks = look_at_masks(files_of(plan, samples, whole(plan.catalog, samples)), DEFAULT, cache)
        remember(cache, {scan_cache.MASKS: looks.news})
        return looks

    return run


def test_masks_whose_files_stay_are_not_decoded_again(looked, seg, monkeypatch):
    first = looked()
    assert (len(first.news), first.values.keys.tolist()) == (MASKS, list(range(MASKS)))
    decoded = []
    class_keys = mask_looks.class_keys
    monkeypatch.setattr(
        mask_looks, "class_keys", lambda *arguments: decoded.append(1) or class_keys(*arguments)
    )
    again = looked()
    assert not decoded
    assert again.news == []
    assert again.alike == first.alike
    assert again.values.to_json() == first.values.to_json()
    Image.fromarray(np.full((5, 7), 9, np.uint8)).save(seg / "masks" / "2.png")
    os.utime(seg / "masks" / "2.png", ns=(LONG_AGO_NS, LONG_AGO_NS + 1))
    assert (looked().values.keys.tolist(), len(decoded)) == ([0, 1, 3, 4, 9], 1)


def test_a_second_scan_finds_the_same_in_masks(engine, seg):
    first, second = (engine.scan([str(seg)], Control()).masks.found for _ in range(2))
    assert second.to_json() == first.to_json()


def test_looking_through_masks_is_said_and_can_be_cancelled(engine, seg):
    control = Control()
    engine.scan([str(seg)], control)
    assert (control.snapshot.masks, control.snapshot.masks_read) == (MASKS, MASKS)
    assert control.snapshot.stage == (MASKS, MASKS)

    class AtMasks(Control):
        def publish(self, snapshot):
            super().publish(snapshot)
            if snapshot.masks:
                self.cancel()

    with pytest.raises(Cancelled):
        engine.scan([str(seg)], AtMasks())
