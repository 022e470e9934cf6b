"""Archives that tests make of folders or of bytes."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import zstandard

from stackgui.core.base.natural import natural_key

COMPRESS = {
    ".tar": lambda data: data,
    ".tar.gz": lambda data: gzip.compress(data, 1),
    ".tar.bz2": bz2.compress,
    ".tar.xz": lambda data: lzma.compress(data, preset=0),
    ".tar.zst": zstandard.compress,
}
KINDS = ("stored.zip", "deflated.zip", *(f"plain{ending}" for ending in COMPRESS))


def files_in(folder: Path) -> dict[str, bytes]:
    """Content by name, in natural order of the names on every level."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    return {name: found[name] for name in sorted(found, key=_order)}


def _order(name: str) -> list[tuple]:
    return [(natural_key(part), part) for part in name.split("/")]


def pack(archive: Path, files: Mapping[str, bytes]) -> Path:
    """Write `files` to `archive`, in the way that its name says."""
    if archive.name.endswith(".zip"):
        kind = zipfile.ZIP_STORED if archive.name.startswith("stored") else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(archive, "w", kind) as opened:
            for name, data in files.items():
                opened.writestr(name, data)
        return archive
    ending = next(ending for ending in reversed(COMPRESS) if archive.name.endswith(ending))
    archive.write_bytes(COMPRESS[ending](tar_of(files)))
    return archive


def tar_of(files: Mapping[str, bytes], **properties) -> bytes:
    """A TAR file with `files`, whose headers have `properties` (of `tarfile.TarInfo`)."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as opened:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in properties.items():
                setattr(info, key, value)
            opened.addfile(info, io.BytesIO(data))
    return target.getvalue()
