"""Converting: small pictures, large ones, scaled ones, PNG, tensors, and both storages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs.npy import NPY
from stackgui.core.plan.plan import Plan
from tests.benchmarks import peers
from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import MUCH, Bench, Row, bounded, compared, paired, taken_bytes

OURS = "StackGUI"
LOOP = "plain loop with Pillow into np.zeros"
MAP_LOOP = "plain loop with Pillow into np.memmap"
THREADS = "cv2.imread in threads"
PILLOW = "Pillow in as many processes"
COPY = "read and pwrite in as many processes"
PAGE_BYTES = 4096


def small(bench: Bench) -> Iterator[Row]:
    """30,000 JPEG of 64 × 64."""
    source = bench.pictures.repeated(bench.pictures.thumbnails, 3)
    files, plan = files_in(source), bench.plan(source, Options())
    shape, few = plan.arrays[0].shape, files[::5]
    seconds = paired(
        bench,
        {
            OURS: partial(bench.convert, plan, Storage.FILE),
            LOOP: lambda: peers.plain_loop(few, np.zeros((len(few), *shape[1:]), np.uint8)),
            THREADS: lambda: peers.opencv_threads(files, np.zeros(shape, np.uint8), bench.workers),
            **bench.bounds(files, plan),
        },
        {LOOP: len(few) / len(files)},
    )
    work = f"{len(files):,} JPEG of 64 × 64, storage file"
    yield bounded(seconds, work, OURS, 0.75)
    yield compared(seconds, work, OURS, LOOP, 5.0)
    yield compared(seconds, work, OURS, THREADS, 2.5)


def large(bench: Bench) -> Iterator[Row]:
    """The photographs four times, padded to the largest."""
    source = bench.pictures.repeated(bench.pictures.photos, 4)
    files, plan = files_in(source), bench.plan(source, Options())
    array, few = plan.arrays[0], files[::4]
    seconds = paired(
        bench,
        {
            OURS: partial(bench.convert, plan, Storage.FILE),
            MAP_LOOP: lambda: _loop_into_map(few, bench.folder, (len(few), *array.shape[1:])),
            **bench.bounds(files, plan),
        },
        {MAP_LOOP: len(few) / len(files)},
    )
    work = f"{len(files):,} photographs padded to {array.shape[1]} × {array.shape[2]}, storage file"
    yield bounded(seconds, work, OURS, 0.9)
    yield compared(seconds, work, OURS, MAP_LOOP, 5.0)
    bench.convert(plan, Storage.FILE)
    taken = taken_bytes(bench.folder / "stack" / array.file)
    bench.clear()
    needed_bytes = _bytes_with_pixels(plan)
    figures = (
        f"{taken / 1e6:,.0f} MB of {array.data_bytes / 1e6:,.0f} MB; "
        f"pixels alone: {(1 - plan.waste) * array.data_bytes / 1e6:,.0f} MB"
    )
    against = "the pages that hold pixels"
    yield Row(work, against, taken / needed_bytes, 1.1, at_least=False, unit=MUCH, note=figures)


def _bytes_with_pixels(plan: Plan) -> int:
    """Bytes of all pages of the array's file that hold any pixel: what a file with holes has to take."""
    (bucket,) = plan.buckets
    row_bytes = bucket.array.row_bytes
    line_bytes = row_bytes // bucket.height
    pixel_bytes = line_bytes // bucket.width
    starts, ends = [], []
    for row, (top, left, height, width) in enumerate(
        plan.geometry(bucket, bucket.samples).placement.tolist()
    ):
        first = len(NPY.header(bucket.array)) + row * row_bytes + left * pixel_bytes
        lines = first + (top + np.arange(height, dtype=np.int64)) * line_bytes
        starts.append(lines // PAGE_BYTES)
        ends.append((lines + width * pixel_bytes - 1) // PAGE_BYTES + 1)
    last = int(max(part.max() for part in ends))
    change = np.zeros(last + 1, np.int64)
    np.add.at(change, np.concatenate(starts), 1)
    np.add.at(change, np.concatenate(ends), -1)
    return int(np.count_nonzero(np.cumsum(change))) * PAGE_BYTES


def _loop_into_map(files: list[Path], folder: Path, shape: tuple[int, ...]) -> None:
    file = folder / "map.npy"
    rows = np.lib.format.open_memmap(file, mode="w+", dtype=np.uint8, shape=shape)
    peers.plain_loop(files, rows)
    rows.flush()
    del rows
    file.unlink()


def png(bench: Bench) -> Iterator[Row]:
    """Every other photograph as PNG, twice."""
    source = bench.pictures.repeated(bench.pictures.png, 2)
    files, plan = files_in(source), bench.plan(source, Options())
    seconds = paired(
        bench,
        {
            OURS: partial(bench.convert, plan, Storage.FILE),
            PILLOW: partial(bench.peers.run, peers.decode_with_pillow, files),
            **bench.bounds(files, plan, peers.inflate_pngs),
        },
    )
    work = f"{len(files):,} PNG, storage file"
    yield bounded(seconds, work, OURS)
    yield compared(seconds, work, OURS, PILLOW, 1.2)


def tensors(bench: Bench) -> Iterator[Row]:
    """One ``.npy`` tensor a file, small and large."""
    for side_px, times in ((64, 40), (512, 2)):
        source = bench.pictures.repeated(bench.pictures.tensors(side_px), times)
        files, plan = files_in(source), bench.plan(source, Options())
        row_bytes = plan.arrays[0].row_bytes
        target, header_bytes = bench.folder / "copy", os.stat(files[0]).st_size - row_bytes

        def copy(files=files, row_bytes=row_bytes, target=target, header_bytes=header_bytes) -> None:
            with target.open("wb") as out:
                out.truncate(len(files) * row_bytes)
                bench.peers.run(peers.copy_tensors, files, str(target), header_bytes)
                os.fsync(out.fileno())
            target.unlink()

        seconds = paired(bench, {OURS: partial(bench.convert, plan, Storage.FILE), COPY: copy})
        work = f"{len(files):,} tensors of {side_px} × {side_px} × 3, storage file"
        yield compared(seconds, work, OURS, COPY, 0.8)


def storages(bench: Bench) -> Iterator[Row]:
    """Filling in memory against filling a file."""
    pictures = bench.pictures
    for name, source in (
        ("JPEG of 64 × 64", pictures.repeated(pictures.thumbnails, 3)),
        ("photographs, padded", pictures.photos),
    ):
        plan = bench.plan(source, Options())
        seconds = paired(
            bench,
            {
                "storage memory": partial(bench.convert, plan, Storage.MEMORY),
                "storage file": partial(bench.convert, plan, Storage.FILE),
            },
        )
        work = f"{plan.rows:,} {name}, storage memory"
        yield compared(seconds, work, "storage memory", "storage file", 0.95)
