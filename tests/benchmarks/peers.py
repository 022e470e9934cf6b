"""What a person could do instead, and the bound: the same files read and decoded, and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image

CHUNKS_PER_WORKER = 16
WRITE_BYTES = 2**23
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

STUCK_S = 600.0
"""A process that died never answers."""

Task = Callable[..., None]


class Peers:
    """Warm processes, as many as StackGUI has workers, in which the peers run."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        # Ctrl+C is for the benchmark, which ends them; so they must not hear it, from their start on.
        ignored = signal.SIGINT, signal.SIG_IGN
        before = signal.signal(*ignored)
        self._pool: Pool = multiprocessing.get_context("spawn").Pool(workers, signal.signal, ignored)
        signal.signal(signal.SIGINT, before)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.terminate()
        self._pool.join()

    def run(self, task: Task, files: Sequence[Path], *arguments: object) -> None:
        """Run `task` over `files` in all processes."""
        chunk = max(1, len(files) // (self.workers * CHUNKS_PER_WORKER))
        jobs = [
            self._pool.apply_async(
                task, ([os.fspath(f) for f in files[begin : begin + chunk]], begin, *arguments)
            )
            for begin in range(0, len(files), chunk)
        ]
        for job in jobs:
            job.get(STUCK_S)

    def write(self, file: Path, size_bytes: int) -> None:
        """Write so many bytes durably, by one process."""
        self._pool.apply_async(write_durably, (os.fspath(file), size_bytes)).get(STUCK_S)


_scratch = np.empty(0, np.uint8)


def read(file: str) -> bytes:
    """A whole file, by the fewest calls."""
    handle = os.open(file, os.O_RDONLY)
    try:
        # Asked for much more than there is, Python takes longer for the buffer than the system for the file.
        return os.read(handle, os.fstat(handle).st_size)
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


def inflate_pngs(files: Iterable[str], _begin: int) -> None:
    """The bound for PNG: read and inflated by the quickest library, without making pixels of it."""
    import imagecodecs

    for file in files:
        data = read(file)
        begin, parts = len(PNG_SIGNATURE), []
        while begin < len(data):
            size = int.from_bytes(data[begin : begin + 4])
            if data[begin + 4 : begin + 8] == b"IDAT":
                parts.append(data[begin + 8 : begin + 8 + size])
            begin += size + 12  # with its length, name and checksum
        width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
        line_bytes = 1 + (width * depth * PNG_CHANNELS[kind] + 7) // 8
        imagecodecs.zlib_decode(b"".join(parts), out=height * line_bytes)


def write_durably(file: str, size_bytes: int) -> None:
    """The other bound: write bytes that nobody has to make, and wait until they are on the disk."""
    part = memoryview(np.random.default_rng(0).bytes(min(size_bytes, WRITE_BYTES)))
    with open(file, "wb", buffering=0) as out:
        out.writelines(part[: size_bytes - begin] for begin in range(0, size_bytes, WRITE_BYTES))
        os.fsync(out.fileno())


def decode_with_pillow(files: Iterable[str], _begin: int) -> None:
    """Decode with Pillow, and keep nothing."""
    for file in files:
        with Image.open(file) as picture:
            np.asarray(picture.convert("RGB"))


def resize_with_pillow(
    files: Iterable[str],
    _begin: int,
    side_px: int,
    resample: Image.Resampling = Image.Resampling.BILINEAR,
) -> None:
    """Decode and letterbox with Pillow, and keep nothing."""
    for file in files:
        with Image.open(file) as picture:
            shrink = side_px / max(picture.size)
            size = max(1, round(picture.width * shrink)), max(1, round(picture.height * shrink))
            np.asarray(picture.convert("RGB").resize(size, resample))


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
