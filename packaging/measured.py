"""What a bundle consists of: sizes part by part, and the oldest C library on which it starts."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

MAX_INSTALLED_BYTES = 250_000_000
MAX_PACKED_BYTES = 70_000_000
MEGABYTE = 1e6

PARTS = {
    "licences and metadata": r"[^/]*\.dist-info|licences",
    "Qt": r"PySide6/Qt/|PySide6/lib|shiboken6/lib",
    "PySide": r"PySide6|shiboken6",
    "imagecodecs": r"imagecodecs",
    "NumPy": r"numpy",
    "Pillow": r"PIL|pillow",
    "HDF5 (h5py)": r"h5py",
    "Zarr (numcodecs)": r"numcodecs|google_crc32c",
    "scaling (cykooz-resizer)": r"cykooz_resizer",
    "camera RAW (rawpy)": r"rawpy",
    "HEIC (pi-heif)": r"_?pi_heif",
    "DICOM (pydicom)": r"pydicom",
    "other libraries for files": r"zstandard|simplejpeg|pycocotools|msgspec|xxhash|yaml|_yaml|tifffile|zarr",
    "StackGUI and all modules of Python": r"(program/)?stackgui|base_library",
    "Python": r"libpython|lib-dynload|python3|lib/python3",
    "libraries of the system": r"lib[^/]*\.so",
}
"""Parts by their paths in the folder of PyInstaller; the first that matches counts."""

C_LIBRARY = re.compile(r"\bGLIBC_(\d+)\.(\d+)")
CPP_LIBRARY = re.compile(r"\bGLIBCXX_(\d+)\.(\d+)\.(\d+)")

Version = tuple[int, ...]


def part_of(path: str) -> str:
    """Name the part that a file belongs to, by its path in the bundle."""
    inside = path.partition("_internal/")[2] or path
    return next((name for name, pattern in PARTS.items() if re.match(pattern, inside)), "others")


def sizes(files: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up files, given as paths and bytes, by part; the largest part first."""
    found: dict[str, int] = {}
    for path, size in files:
        found[part_of(path)] = found.get(part_of(path), 0) + size
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def files_of(bundle: Path) -> list[tuple[str, int]]:
    """List the files of a bundle with their sizes; links take no room."""
    return [
        (file.relative_to(bundle).as_posix(), file.stat().st_size)
        for file in sorted(bundle.rglob("*"))
        if file.is_file() and not file.is_symlink()
    ]


def newest(told: str, pattern: re.Pattern[str]) -> Version:
    """Give the newest version that a listing of symbols names; empty if there is none."""
    return max((tuple(map(int, found)) for found in pattern.findall(told)), default=())


def needed(bundle: Path) -> tuple[dict[str, Version], dict[str, Version]]:
    """Give the versions of the libraries for C and C++ that each file of a bundle needs."""
    c_library, cpp_library = {}, {}
    for path, _size in files_of(bundle):
        file = bundle / path
        with file.open("rb") as stream:
            if stream.read(4) != b"\x7fELF":
                continue
        told = subprocess.run(
            ["objdump", "-T", str(file)], capture_output=True, text=True, check=False
        ).stdout
        c_library[path], cpp_library[path] = newest(told, C_LIBRARY), newest(told, CPP_LIBRARY)
    return c_library, cpp_library


def table(parts: dict[str, int]) -> list[str]:
    """Write sizes as a table in Markdown."""
    rows = [f"| {name} | {size / MEGABYTE:.1f} MB |" for name, size in parts.items()]
    return [
        "| part | size |",
        "| --- | ---: |",
        *rows,
        f"| **all** | **{sum(parts.values()) / MEGABYTE:.1f} MB** |",
    ]


def lines(bundle: Path) -> list[str]:
    """Tell what a bundle consists of, and what it needs."""
    c_library, cpp_library = needed(bundle)
    told = table(sizes(files_of(bundle)))
    for name, each in (("glibc", c_library), ("libstdc++ (GLIBCXX)", cpp_library)):
        highest = max(each.values(), default=())
        because = sorted(path for path, version in each.items() if version == highest)
        if highest:
            others = f" and {len(because) - 1} more" if because[1:] else ""
            told.append(f"It needs {name} {'.'.join(map(str, highest))}: {because[0]}{others}.")
    return told
