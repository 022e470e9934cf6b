import itertools
import json
import os
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

import stackgui
from stackgui.core.advice.estimate import Resources, estimate
from stackgui.core.base.choices import (
    Anchor,
    Channels,
    Decode,
    Fit,
    Layout,
    Numbers,
    OnError,
    Resample,
    Resizer,
    Scale,
    Storage,
)
from stackgui.core.base.errors import Cancelled, DestinationError, PlanError, RunError
from stackgui.core.base.size import Size
from stackgui.core.base.ways import Way
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.running.fill import choose_storage
from stackgui.engine.workers import tasks
from stackgui.engine.workers.workers import Workers
from stackgui.stores.format import manifest
from stackgui.stores.format.manifest import CSV_FILE, JSON_FILE
from stackgui.stores.format.row_lines import lines_of
from tests.engine.reference import plain_rows


def _convert(engine, catalog, out: Path, options: Options | None = None, **choices):
    plan = resolve(options or Options(), catalog)
    return plan, engine.convert(plan, RunOptions(str(out), **choices), Control())


def _tiles(folder: Path, count: int, size: tuple[int, int] = (16, 12)) -> Path:
    folder.mkdir()
    random = np.random.default_rng(3)
    for index in range(count):
        Image.fromarray(random.integers(0, 256, (*size, 3), np.uint8)).save(folder / f"{index}.png")
    return folder


CHOICES = [
    Options(fit=fit, anchor=anchor, size=Size.parse(size), layout=layout, fill=fill, resizer=Resizer.PILLOW)
    for fit, anchor, size, layout, fill in (
        *itertools.product(Fit, [Anchor.TOP_LEFT], ["max", "24x33"], [Layout.NHWC], [0]),
        *itertools.product(
            [Fit.PAD, Fit.CROP], [Anchor.CENTER, Anchor.BOTTOM_RIGHT], ["24x33"], Layout, [0, 9]
        ),
        (Fit.LETTERBOX, Anchor.TOP_RIGHT, "p50", Layout.NCHW, 255),
        (Fit.PAD, Anchor.BOTTOM_LEFT, "100x200", Layout.NHWC, 0),
    )
]


@pytest.mark.parametrize(
    "options", CHOICES, ids=lambda options: "-".join(map(str, options.to_json().values()))
)
@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
def test_rows_are_what_the_plain_script_makes(pictures, scan, engine, tmp_path, options, storage):
    plan, report = _convert(engine, scan(pictures), tmp_path / "stack", options, storage=storage)
    assert [Path(failure.file).name for failure in report.failures] == ["broken.png"]
    assert report.status is Status.COMPLETE_WITH_FAILURES
    assert report.storage is storage
    failed = {failure.row for failure in report.failures}
    with stackgui.open_stack(tmp_path / "stack") as stack:
        assert np.array_equal(stack.images, plain_rows(plan, failed))
        assert stack.valid.tolist() == [row not in failed for row in range(plan.rows)]
        assert [Path(file) for file in stack.files] == [
            Path(plan.catalog.file(row)) for row in range(plan.rows)
        ]
        assert [stack.classes[label] for label in stack.labels] == [
            Path(file).parent.name for file in stack.files
        ]


def test_a_row_without_padding_is_the_picture(pictures, scan, engine, tmp_path):
    for layout in Layout:
        plan, report = _convert(engine, scan(pictures), tmp_path / layout, Options(layout=layout))
        with stackgui.open_stack(report.stack) as stack:
            for row in np.flatnonzero(stack.valid).tolist():
                original = stack.original(row)
                upright = original.transpose(1, 2, 0) if layout is Layout.NCHW else original
                assert upright.shape == (plan.catalog.height[row], plan.catalog.width[row], 3)
            row = stack.files.index(str(pictures / "cat" / "grey.png"))
            grey = np.asarray(Image.open(pictures / "cat" / "grey.png"))
            original = stack.original(row)
            assert np.array_equal(original[0] if layout is Layout.NCHW else original[..., 0], grey)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_changes_nothing(pictures, scan, engine, tmp_path, workers):
    catalog = scan(pictures)
    _convert(engine, catalog, tmp_path / "two")
    with Engine(workers) as other:
        _convert(other, catalog, tmp_path / "other")
    for name in ("images.npy", "valid.npy", "placements.npy", "labels.npy", "manifest.jsonl", "manifest.csv"):
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_float_targets_are_scaled_unless_told_otherwise(pictures, scan, engine, tmp_path):
    catalog = scan(pictures)
    _convert(engine, catalog, tmp_path / "bytes")
    _convert(engine, catalog, tmp_path / "unit", Options(dtype=Numbers.FLOAT32))
    _convert(engine, catalog, tmp_path / "plain", Options(dtype=Numbers.FLOAT16, scale=Scale.NONE))
    own, unit, plain = (np.load(tmp_path / name / "images.npy") for name in ("bytes", "unit", "plain"))
    assert unit.dtype == np.float32
    assert np.array_equal(unit, own.astype(np.float32) / np.float32(255))
    assert plain.dtype == np.float16
    assert np.array_equal(plain, own)


def test_deep_samples_make_a_deep_array(tmp_path, scan, engine):
    folder = tmp_path / "deep"
    folder.mkdir()
    deep = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    np.save(folder / "deep.npy", deep)
    Image.fromarray(np.full((2, 2), 200, np.uint8)).save(folder / "shallow.png")
    plan, _ = _convert(engine, scan(folder), tmp_path / "stack", Options(channels=Channels.AUTO))
    assert (plan.dtype, plan.channels) == ("uint16", 1)
    rows = np.load(tmp_path / "stack" / "images.npy")
    assert np.array_equal(rows[0, :, :, 0], deep)
    assert np.array_equal(rows[1, :2, :2, 0], np.full((2, 2), 200))
    _convert(engine, scan(folder), tmp_path / "eight", Options(dtype=Numbers.UINT8))
    eight = np.load(tmp_path / "eight" / "images.npy")
    assert np.array_equal(eight[0, :, :, 0], np.round(deep / 257).astype(np.uint8))


def test_a_sample_that_the_plan_cannot_take_keeps_a_blank_row(tmp_path, scan, engine):
    folder = _tiles(tmp_path / "mixed", 2)
    np.save(folder / "many-channels.npy", np.zeros((30, 30, 7), np.uint8))
    plan, report = _convert(engine, scan(folder), tmp_path / "stack")
    assert plan.rows == 3
    assert [failure.row for failure in report.failures] == [2]
    assert "7 channels" in report.failures[0].reason
    assert not np.load(tmp_path / "stack" / "images.npy")[2].any()


def test_what_changed_since_the_scan_is_a_listed_failure(tmp_path, scan, engine):
    folder = _tiles(tmp_path / "tiles", 4)
    catalog = scan(folder)
    (folder / "1.png").unlink()
    os.utime(folder / "2.png", ns=(1, 1))
    _, report = _convert(engine, catalog, tmp_path / "stack")
    assert {failure.row: failure.reason for failure in report.failures} == {
        1: "the file is no longer there",
        2: "the file was changed after it was scanned",
    }


def test_stop_at_the_first_failure_leaves_nothing(pictures, scan, engine, tmp_path):
    with pytest.raises(RunError, match=r"broken\.png"):
        _convert(engine, scan(pictures), tmp_path / "out" / "stack", on_error=OnError.STOP)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_existing_stack_is_replaced_only_when_told_and_complete(pictures, scan, engine, tmp_path):
    catalog = scan(pictures)
    _convert(engine, catalog, tmp_path / "stack")
    before = (tmp_path / "stack" / "stack.json").read_bytes()
    with pytest.raises(DestinationError, match="exists"):
        _convert(engine, catalog, tmp_path / "stack")
    with pytest.raises(RunError):
        _convert(engine, catalog, tmp_path / "stack", replace=True, on_error=OnError.STOP)
    assert (tmp_path / "stack" / "stack.json").read_bytes() == before
    _convert(engine, catalog, tmp_path / "stack", Options(layout=Layout.NCHW), replace=True)
    assert json.loads((tmp_path / "stack" / "stack.json").read_text())["plan"]["options"]["layout"] == "NCHW"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["pictures", "stack"]


def test_a_stack_cannot_be_made_among_its_sources(pictures, scan, engine):
    with pytest.raises(DestinationError, match="outside"):
        _convert(engine, scan(pictures), pictures / "stack")


class _When(Control[FillProgress]):
    """Does something as soon as a snapshot fulfils a condition."""

    def __init__(self, condition, action) -> None:
        self._condition, self._action = condition, action
        super().__init__()

    def publish(self, snapshot: FillProgress) -> None:
        super().publish(snapshot)
        if self._condition(snapshot):
            self._action(self)


def _large_run(tmp_path, scan, rows: int = 3000):
    """A run of many batches from few files: links within the source are samples of their own."""
    folder = _tiles(tmp_path / "tiles", 20, (96, 96))
    for index in range(20, rows):
        (folder / f"{index}.png").hardlink_to(folder / f"{index % 20}.png")
    return resolve(Options(size=Size.exact(128, 128)), scan(folder))


@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.FILLING, Phase.FINISHING])
def test_cancelling_in_any_phase_ends_soon_and_keeps_what_is_done(tmp_path, scan, engine, phase, storage):
    plan = _large_run(tmp_path, scan)
    asked: list[float] = []

    def cancel(control: Control) -> None:
        asked.append(time.monotonic())
        control.cancel()

    control = _When(
        lambda snapshot: (
            snapshot.phase is phase and not asked and (phase is Phase.PREPARING or snapshot.rows_done)
        ),
        cancel,
    )
    out = tmp_path / "out" / "stack"
    with pytest.raises(Cancelled):
        engine.convert(plan, RunOptions(str(out), storage=storage), control)
    assert time.monotonic() - asked[0] < 5  # a second is the aim; a busy machine is no fault of the code's
    left = engine.unfinished(str(out))
    if phase is Phase.PREPARING:
        assert list(out.parent.iterdir()) == []
        assert left is None
    else:
        assert [entry.name for entry in out.parent.iterdir()] == ["stack.partial"]
        assert 0 < control.snapshot.rows_done <= left.rows_done <= left.rows == plan.rows


def test_a_pause_holds_the_rows_and_resume_completes_them(tmp_path, scan, engine):
    plan = _large_run(tmp_path, scan)
    held: list[int] = []

    def pause(control: Control) -> None:
        held.append(0)
        control.pause()
        threading.Timer(1.0, look).start()

    def look() -> None:
        held.append(control.snapshot.rows_done)
        held.append(control.snapshot.phase is Phase.PAUSED)
        control.resume()

    control = _When(lambda snapshot: snapshot.rows_done > 0 and not held, pause)
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), control)
    assert report.status is Status.COMPLETE
    assert 0 < held[1] < plan.rows
    assert held[2]
    assert control.paused_s > 0.5


def test_a_killed_worker_costs_nothing(tmp_path, scan, engine):
    plan = _large_run(tmp_path, scan)
    killed: list[int] = []

    def kill(_control: Control) -> None:
        children = psutil.Process().children()
        worker = next(child for child in children if "spawn_main" in " ".join(child.cmdline()))
        killed.append(worker.pid)
        worker.kill()

    control = _When(lambda snapshot: snapshot.rows_done > 200 and not killed, kill)
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), control)
    assert killed
    assert report.status is Status.COMPLETE
    rows = np.load(tmp_path / "stack" / "images.npy")
    assert np.array_equal(rows, plain_rows(plan, set())[: plan.rows])


def test_progress_counts_rows_and_shows_some(tmp_path, scan, engine):
    plan = _large_run(tmp_path, scan)
    seen: list[FillProgress] = []
    control = _When(lambda _snapshot: True, lambda control: seen.append(control.snapshot))
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), control)
    assert [snapshot.rows_done for snapshot in seen] == sorted(snapshot.rows_done for snapshot in seen)
    assert seen[-1].rows_done == seen[-1].rows == plan.rows
    assert report.peak_rss_bytes >= seen[-1].memory_bytes > 0
    thumb = next(snapshot for snapshot in reversed(seen) if snapshot.thumbs).thumbs[-1]
    assert (thumb.row_px, thumb.placement) == ((128, 128), (0, 0, 96, 96))
    row = np.load(tmp_path / "stack" / "images.npy", mmap_mode="r")[thumb.row]
    assert np.array_equal(thumb.pixels, row[:96, :96])


def test_previews_are_the_rows_that_the_fill_writes(pictures, scan, engine, tmp_path):
    options = Options(
        fit=Fit.LETTERBOX, size=Size.exact(50, 40), anchor=Anchor.CENTER, resample=Resample.LANCZOS
    )
    plan, report = _convert(engine, scan(pictures), tmp_path / "stack", options)
    samples = [5, 0, *range(plan.rows)]
    thumbs = engine.previews(plan, samples, 64, Control())
    assert [thumb.row for thumb in thumbs] == samples
    rows = np.load(report.stack + "/images.npy")
    for thumb in thumbs:
        assert thumb.name == plan.catalog.path[thumb.row]
        if thumb.reason:
            assert thumb.name == "dog/broken.png"
            continue
        top, left, height, width = thumb.placement
        assert np.array_equal(thumb.pixels, rows[thumb.row, top : top + height, left : left + width])


def test_previews_show_what_a_row_leaves_out(pictures, scan, engine):
    options = Options(fit=Fit.COVER, size=Size.exact(10, 40), dtype=Numbers.FLOAT32, layout=Layout.NCHW)
    plan = resolve(options, scan(pictures))
    (bucket,) = plan.buckets
    geometry = plan.geometry(bucket, bucket.samples)
    thumbs = engine.previews(plan, bucket.samples.tolist(), 2000, Control(), uncut=True)
    shown = 0
    for thumb, scaled, window, place in zip(
        thumbs, geometry.scaled, geometry.window, geometry.placement, strict=True
    ):
        if thumb.uncut is None:
            assert thumb.reason or scaled.tolist() == place[2:].tolist()
            continue
        uncut, shown = thumb.uncut, shown + 1
        height, width = thumb.pixels.shape[:2]
        assert uncut.pixels.shape[:2] == tuple(scaled)
        assert (uncut.top, uncut.left) == tuple(window)
        part = uncut.pixels[uncut.top : uncut.top + height, uncut.left : uncut.left + width]
        assert np.array_equal(part, thumb.pixels)
    assert shown
    assert all(thumb.uncut is None for thumb in engine.previews(plan, [0], 400, Control()))


def test_a_draft_differs_a_little_and_only_where_pictures_get_smaller(tmp_path, scan, engine):
    waves = np.indices((96, 128)).sum(axis=0)[:, :, None] * np.array([2, 3, 1])
    (tmp_path / "in").mkdir()
    for index, pixels in enumerate((waves, waves[:20, :30])):
        picture = Image.fromarray((127 + 120 * np.sin(pixels / 20)).astype(np.uint8))
        picture.save(tmp_path / "in" / f"{index}.jpg", quality=90)
    rows = {}
    for decode in Decode:
        options = Options(size=Size.exact(40, 40), fit=Fit.LETTERBOX, decode=decode)
        _convert(engine, scan(tmp_path / "in"), tmp_path / decode, options)
        rows[decode] = np.load(tmp_path / decode / "images.npy").astype(int)
    difference = np.abs(rows[Decode.EXACT] - rows[Decode.DRAFT])
    assert 0 < difference[0].mean() < 3
    assert difference[1].max() == 0


def test_storage_follows_the_estimate():
    from tests.making import make_plan

    plan = make_plan([(1000, 1000)] * 2000)
    roomy = Resources(64 * 2**30, 48 * 2**30, 2**40, 2)
    tight = Resources(8 * 2**30, 4 * 2**30, 2**40, 2)
    full = Resources(64 * 2**30, 48 * 2**30, 2**30, 2)
    assert choose_storage(Storage.AUTO, estimate(plan, roomy)) is Storage.MEMORY
    assert choose_storage(Storage.FILE, estimate(plan, roomy)) is Storage.FILE
    assert choose_storage(Storage.AUTO, estimate(plan, tight)) is Storage.FILE
    with pytest.raises(PlanError, match="too much for the") as refused:
        choose_storage(Storage.MEMORY, estimate(plan, tight))
    assert Way.FILE_STORAGE in refused.value.ways
    for storage in Storage:
        with pytest.raises(PlanError, match="more are needed"):
            choose_storage(storage, estimate(plan, full))


def test_two_conversions_into_one_place_are_refused_and_into_two_go_on(tmp_path, scan, engine):
    plan = _large_run(tmp_path, scan)
    others: list[object] = []

    def begin_others(_control: Control) -> None:
        others.append(None)
        with pytest.raises(DestinationError, match="Another conversion is writing"):
            engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
        others.append(engine.convert(plan, RunOptions(str(tmp_path / "two")), Control()))

    control = _When(lambda snapshot: snapshot.rows_done > 0 and not others, begin_others)
    engine.convert(plan, RunOptions(str(tmp_path / "one")), control)
    assert len(others) == 2
    one, two = (np.load(tmp_path / name / "images.npy", mmap_mode="r") for name in ("one", "two"))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("dtype", [Numbers.AUTO, Numbers.UINT16, Numbers.FLOAT16, Numbers.FLOAT32])
@pytest.mark.parametrize("buckets", [1, 3])
def test_arrays_are_as_large_as_was_estimated(pictures, scan, engine, tmp_path, layout, dtype, buckets):
    options = Options(layout=layout, dtype=dtype, buckets=buckets)
    plan, report = _convert(engine, scan(pictures), tmp_path / "stack", options)
    sizes = tuple((tmp_path / "stack" / array.file).stat().st_size for array in report.arrays)
    assert sizes == estimate(plan, engine.resources("")).array_bytes
    assert len(sizes) == buckets


@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
@pytest.mark.parametrize("count", [1, 2])
def test_workers_format_the_manifest_and_nobody_can_tell(tmp_path, monkeypatch, count, storage):
    (folder := _tiles(tmp_path / "in", 11)).joinpath("5.png").write_bytes(b"no picture")
    asked = []
    submit = Workers.submit

    def noted(self, function, arguments, timeout_s=None):
        asked.append(arguments[0] if function is tasks.call else None)
        return submit(self, function, arguments, timeout_s)

    with Engine(count) as engine:
        catalog = engine.scan([str(folder)], Control())
        _convert(engine, catalog, tmp_path / "here", storage=storage)
        monkeypatch.setattr(Workers, "submit", noted)
        monkeypatch.setattr(manifest, "CHUNK_ROWS", 2)
        _convert(engine, catalog, tmp_path / "spread", storage=storage)
    assert asked.count(lines_of) == 6
    for name in (CSV_FILE, JSON_FILE):
        assert (tmp_path / "spread" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
