"""The same pictures from a folder, from archives, and in a shuffled order."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import Bench, Row, compared, paired

FOLDER, TAR, ZIP, SHUFFLED = "the same from a folder", ".tar", "stored .zip", "shuffled rows"


def archives(bench: Bench) -> Iterator[Row]:
    """20,000 JPEG of 64 × 64."""
    source = bench.pictures.repeated(bench.pictures.thumbnails, 2)
    plans = {
        FOLDER: bench.plan(source, Options()),
        TAR: bench.plan(_tar(source, bench.folder / "pictures.tar"), Options()),
        ZIP: bench.plan(_zip(source, bench.folder / "pictures.zip"), Options()),
        SHUFFLED: bench.plan(source, Options(shuffle=True)),
    }
    seconds = paired(
        bench, {name: partial(bench.convert, plan, Storage.FILE) for name, plan in plans.items()}
    )
    for name, limit in ((TAR, 0.95), (ZIP, 0.95), (SHUFFLED, 0.8)):
        work = f"{plans[name].rows:,} JPEG of 64 × 64, {name}"
        yield compared(seconds, work, name, FOLDER, limit)


def _tar(source: Path, archive: Path) -> Path:
    # The pictures are linked to several names, which tar would keep as links.
    with tarfile.open(archive, "w", dereference=True) as out:
        for file in files_in(source):
            out.add(file, file.relative_to(source))
    return archive


def _zip(source: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
        for file in files_in(source):
            out.write(file, file.relative_to(source))
    return archive
