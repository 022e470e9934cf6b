"""Sets of pictures to measure with, in a temporary folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from tests.benchmarks import photographs
from tests.shared_data import archive, unpack

REAL = "STACKGUI_TEST_DATA"
"""The variable that names the folder with real pictures; where it is not set, they are made."""

QUICK_FILES = 12
THUMBNAILS, SAME = 2_500, 4
FOLDERS = 20


class Pictures:
    """The sets, each made when first asked for.

    Parameters
    ----------
    folder
        Where they are put; the caller deletes it.
    quick
        Take a handful of each, to see that everything works.
    made
        Make them even where the environment names real ones.

    Raises
    ------
    FileNotFoundError
        There are no real ones where they should be.
    """

    def __init__(self, folder: Path, *, quick: bool, made: bool = False) -> None:
        self._folder = folder
        self._quick = quick
        self._real = bool(os.environ.get(REAL)) and not made
        for name in ("photos", "thumbnails") if self._real else ():
            if not archive(name).is_file():
                raise FileNotFoundError(
                    f"{archive(name)} is missing. {REAL} names a folder that has to hold it; without that "
                    "variable, pictures are made."
                )

    @property
    def about(self) -> str:
        """Which pictures they are, for the record."""
        return "real pictures" if self._real else "pictures made by the benchmark"

    @cached_property
    def photos(self) -> Path:
        """250 photographs as JPEG."""
        if self._real:
            return self._first(unpack("photos", self._folder / "shared"))
        return self._written("photos", photographs.photographs(self._count(None)), 1)

    @cached_property
    def thumbnails(self) -> Path:
        """10,000 JPEG of 64 × 64; of those that are made, four at a time are the same."""
        if self._real:
            return self._first(unpack("thumbnails", self._folder / "shared"))
        return self._written("thumbnails", photographs.thumbnails(self._count(THUMBNAILS)), SAME)

    @cached_property
    def png(self) -> Path:
        """Every other photograph as PNG, compressed as Pillow does it by default."""
        return self._made("png", ".png", lambda picture, target: picture.save(target), 2)

    def tensors(self, side_px: int) -> Path:
        """The photographs as ``.npy`` tensors of `side_px` × `side_px` × 3, uint8."""

        def save(picture: Image.Image, target: Path) -> None:
            np.save(target, np.asarray(picture.resize((side_px, side_px))))

        return self._made(f"npy{side_px}", ".npy", save)

    def repeated(self, source: Path, times: int) -> Path:
        """`source` as often as asked for, by hard links, in a folder of its own each time."""
        times = 1 if self._quick else times
        target = self._folder / f"{source.name}-{times}"
        if not target.exists():
            files = files_in(source)
            for number in range(times):
                for file in files:
                    link = target / str(number) / file.relative_to(source)
                    link.parent.mkdir(parents=True, exist_ok=True)
                    _link(file, link)
        return target

    def _made(
        self, name: str, suffix: str, save: Callable[[Image.Image, Path], None], every: int = 1
    ) -> Path:
        target = self._folder / name
        if not target.exists():
            target.mkdir()
            for file in files_in(self.photos)[::every]:
                with Image.open(file) as picture:
                    save(picture.convert("RGB"), target / (file.stem + suffix))
        return target

    def _count(self, whole: int | None) -> int | None:
        return QUICK_FILES if self._quick else whole

    def _written(self, name: str, files: Iterable[bytes], times: int) -> Path:
        for number, data in enumerate(files):
            folder = self._folder / "made" / name / f"{number % FOLDERS:02}"
            folder.mkdir(parents=True, exist_ok=True)
            first = folder / f"{number:05}-0.jpg"
            first.write_bytes(data)
            for time in range(1, times):
                _link(first, folder / f"{number:05}-{time}.jpg")
        return self._folder / "made" / name

    def _first(self, folder: Path) -> Path:
        for file in files_in(folder)[QUICK_FILES:] if self._quick else []:
            file.unlink()
        return folder


def _link(file: Path, link: Path) -> None:
    try:
        os.link(file, link)
    except OSError:  # a file system without links
        shutil.copyfile(file, link)


def files_in(folder: Path) -> list[Path]:
    """All files below `folder`, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
