"""What a person could do instead, and the bound: the same files read and decoded, and nothing else."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image

CHUNKS_PER_WORKER = 16


class Peers:
    """Warm processes, as many as StackGUI has workers, in which the peers run."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: Pool = multiprocessing.get_context("spawn").Pool(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.terminate()
        self._pool.join()

    def run(self, task: Callable[..., None], files: Sequence[Path], *arguments: object) -> None:
        """Run `task` over `files` in all processes."""
        chunk = max(1, len(files) // (self.workers * CHUNKS_PER_WORKER))
        jobs = [
            self._pool.apply_async(
                task, ([os.fspath(f) for f in files[begin : begin + chunk]], begin, *arguments)
            )
            for begin in range(0, len(files), chunk)
        ]
        for job in jobs:
            job.get()


_scratch = np.empty(0, np.uint8)


def read(file: str) -> bytes:
    """A whole file, by the fewest calls."""
    handle = os.open(file, os.O_RDONLY)
    try:
        return os.read(handle, 2**30)
    finally:
        os.close(handle)


def decode_jpegs(files: Iterable[str], _begin: int) -> None:
    """The bound: read and decode JPEG files into a buffer that stays in place."""
    global _scratch  # noqa: PLW0603 - one process, one buffer
    import simplejpeg

    for file in files:
        data = read(file)
        height, width, _colours, _sampling = simplejpeg.decode_jpeg_header(data)
        if len(_scratch) < height * width * 3:
            _scratch = np.empty(height * width * 3, np.uint8)
        simplejpeg.decode_jpeg(data, "RGB", buffer=_scratch, strict=True)


def decode_with_pillow(files: Iterable[str], _begin: int) -> None:
    """Decode with Pillow, and keep nothing."""
    for file in files:
        with Image.open(file) as picture:
            np.asarray(picture.convert("RGB"))


def resize_with_pillow(files: Iterable[str], _begin: int, side_px: int) -> None:
    """Decode and letterbox with Pillow, and keep nothing."""
    for file in files:
        with Image.open(file) as picture:
            shrink = side_px / max(picture.size)
            size = max(1, round(picture.width * shrink)), max(1, round(picture.height * shrink))
            np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BILINEAR))


def copy_tensors(files: Iterable[str], begin: int, target: str, header_bytes: int) -> None:
    """Read tensors whose headers are known to be `header_bytes` long, and ``pwrite`` their numbers."""
    out = os.open(target, os.O_WRONLY)
    try:
        for row, file in enumerate(files, begin):
            data = memoryview(read(file))[header_bytes:]
            os.pwrite(out, data, row * len(data))
    finally:
        os.close(out)


def plain_loop(files: Sequence[Path], rows: np.ndarray) -> None:
    """The script that everybody writes: one picture after the other with Pillow into one array."""
    for row, file in zip(rows, files, strict=True):
        with Image.open(file) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        row[: pixels.shape[0], : pixels.shape[1]] = pixels


def opencv_threads(files: Sequence[Path], rows: np.ndarray, threads: int) -> None:
    """``cv2.imread`` in threads into one array."""
    import cv2

    cv2.setNumThreads(1)

    def work(row: int) -> None:
        pixels = cv2.imread(os.fspath(files[row]))
        rows[row, : pixels.shape[0], : pixels.shape[1]] = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, range(len(files)), chunksize=64):
            pass
