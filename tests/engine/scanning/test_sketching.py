"""Pictures are sketched once, and the sketches are believed as long as their files stay."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.errors import Cancelled
from stackgui.core.catalog.frames import Frames
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.grouping import NO_KEY
from stackgui.core.labels.look_alikes import look_alikes
from stackgui.core.plan.resolve import resolve
from stackgui.engine import Control
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import files_of
from stackgui.engine.scanning import scan_cache, sketching
from stackgui.engine.scanning.scan_cache import remember
from stackgui.engine.scanning.sketching import SMALL_GREY, sketch_files
from tests.imaging.pixels.test_sketch import scene

LONG_AGO_NS = 10**18
OPTIONS = ScanOptions(near_duplicates=True)


@pytest.fixture
def folder(tmp_path):
    """Two pictures, a smaller copy of the first in another format, a plain one, and a damaged one."""
    place = tmp_path / "pictures"
    place.mkdir()
    scene(1).save(place / "a.jpg", quality=90)
    scene(2).save(place / "b.png")
    scene(1).resize((100, 75)).convert("RGBA").save(place / "c.png")
    Image.new("RGB", (40, 30), "white").save(place / "plain.png")
    (place / "torn.jpg").write_bytes((place / "a.jpg").read_bytes()[:-2000])
    for file in place.iterdir():
        os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return place


def names_of(catalog, samples) -> list[str]:
    return [catalog.path[sample] for sample in np.asarray(samples).tolist()]


def test_a_scan_finds_look_alikes_if_it_is_asked_to(folder, engine):
    control = Control()
    catalog = engine.scan([str(folder)], control, OPTIONS)
    first = look_alikes(catalog)
    assert names_of(catalog, np.flatnonzero(first != NO_KEY)) == ["a.jpg", "c.png"]
    assert names_of(catalog, np.flatnonzero(catalog.sketch == 0)) == ["plain.png", "torn.jpg"]
    assert control.snapshot.stage == (len(catalog), len(catalog))


def test_a_scan_decodes_nothing_if_it_is_not_asked_to(folder, engine):
    control = Control()
    catalog = engine.scan([str(folder)], control)
    assert not catalog.sketch.any()
    assert control.snapshot.sketches == 0


def test_pictures_whose_files_stay_are_not_decoded_again(folder, scan, tmp_path, monkeypatch):
    cache, decoded = str(tmp_path / "caches" / "scans-0.sqlite"), []
    rendered = sketching.rendered
    monkeypatch.setattr(
        sketching, "rendered", lambda file, *more: decoded.append(file.name) or rendered(file, *more)
    )
    plan = resolve(SMALL_GREY, scan(folder))
    usable = np.flatnonzero(plan.usable)

    def sketched():
        geometry = plan.geometry(plan.buckets[0], usable)
        found = sketch_files(files_of(plan, usable, geometry), Form.looking(plan, "float32"), cache)
        remember(cache, {scan_cache.SKETCHES: found.news})
        return found.sketches.tolist()

    first = sketched()
    assert len(decoded) == len(usable)
    decoded.clear()
    assert sketched() == first
    assert [os.path.basename(name) for name in decoded] == [b"torn.jpg"]
    os.utime(folder / "b.png", ns=(LONG_AGO_NS + 1, LONG_AGO_NS))
    plan = resolve(SMALL_GREY, scan(folder))
    assert sketched() == first


def test_what_was_sketched_is_remembered_although_the_scan_is_cancelled(folder, engine, monkeypatch):
    for number in range(20):
        shutil.copy2(folder / "b.png", folder / f"b{number}.png")
    remembered = []

    class Impatient(Control):
        def check(self) -> None:
            if scan_cache.SKETCHES in remembered:
                raise Cancelled

    monkeypatch.setattr(sketching, "_REMEMBERED_AT_ONCE", 1)
    monkeypatch.setattr(
        scan_cache.Rememberer, "remember", lambda _self, _cache, news: remembered.extend(news)
    )
    with pytest.raises(Cancelled):
        engine.scan([str(folder)], Impatient(), OPTIONS)
    assert scan_cache.SKETCHES in remembered


def test_members_of_files_and_arrays_are_sketched_too(tmp_path, engine):
    grey = np.asarray(scene(3).convert("L"))
    np.save(tmp_path / "a.npy", grey.astype(np.float32) * 1000)
    pages = [scene(3), scene(4)]
    pages[0].save(tmp_path / "b.tif", save_all=True, append_images=pages[1:])
    catalog = engine.scan(
        [str(tmp_path)], Control(), ScanOptions(near_duplicates=True, frames=Frames.parse("all"))
    )
    first = look_alikes(catalog)
    assert first.tolist() == [0, 0, NO_KEY]


def test_pictures_that_are_no_samples_are_not_sketched(tmp_path, engine):
    """Masks of different pictures are often alike."""
    for kind in ("images", "masks"):
        (tmp_path / kind).mkdir()
    for number in range(4):
        scene(number).save(tmp_path / "images" / f"{number}.png")
        mask = np.zeros((180, 240), np.uint8)
        mask[20:90, 30:100] = 1
        Image.fromarray(mask).save(tmp_path / "masks" / f"{number}.png")
    catalog = engine.scan([str(tmp_path)], Control(), OPTIONS)
    assert catalog.masks is not None
    assert not catalog.masks.files.sketch.any()
    assert catalog.sketch.all()
