"""Makes the libraries of a bundle smaller: no symbols for debuggers, no languages that Qt never asks for."""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

ELF = b"\x7fELF"

KEPT_BY_ICU = re.compile(
    r"""
    (root|pool|res_index|supplementalData|likelySubtags|icustd|icuver|keyTypeData|numberingSystems)\.res |
    (zoneinfo64|timezoneTypes|metaZones|windowsZones)\.res |
    (\w+/)?(en|de|es|fr|pt|pt_BR|zh|zh_Hans|ja)\.res |  # as the window speaks
    coll/(root|res_index|ucadata)\.\w+ |
    \w+/(res_index|pool)\.res |
    cnvalias\.icu | ulayout\.icu | uemoji\.icu | \w+\.nrm | \w+\.cfu
    """,
    re.VERBOSE,
)
"""What Qt may ask of ICU: how to order names of files, and what it reads at its start.

Names of languages, regions, currencies and units, old character sets and transliterations are four fifths of
the data. Qt has its own, or the program never shows them.
"""


def strip(program: Path) -> None:
    """Strip Python and extension modules; the libraries that wheels bring may not survive it."""
    for file in sorted(program.rglob("*.so*")):
        inside = file.relative_to(program).parts
        of_a_wheel = any(part.endswith(".libs") for part in inside)
        if not of_a_wheel and not file.is_symlink() and file.read_bytes()[:4] == ELF:
            subprocess.run(["strip", "--strip-unneeded", str(file)], check=True)


def shrink_icu(program: Path) -> None:
    """Leave in ICU's data only what Qt may ask for."""
    for file in sorted(program.rglob("libicudata.so*")):
        if file.is_symlink():
            continue
        symbol, data = _data_of(file)
        _link(file, symbol, shortened(data, lambda name: KEPT_BY_ICU.fullmatch(name) is not None))


def shortened(data: bytes, keeps: Callable[[str], bool]) -> bytes:
    """Leave entries out of a package of ICU's data (see “udata.h”: a header, a table, then the entries).

    Parameters
    ----------
    data
        The package, as it lies in memory.
    keeps
        Whether an entry stays, by its name without that of the package.
    """
    (header,) = struct.unpack_from("<H", data)
    (count,) = struct.unpack_from("<I", data, header)
    places = [struct.unpack_from("<II", data, header + 4 + 8 * number) for number in range(count)]
    ends = [start for _name, start in places[1:]] + [len(data) - header]
    entries = []
    for (name, start), end in zip(places, ends, strict=False):
        whole = data[header + name : data.index(b"\0", header + name)]
        if keeps(whole.decode("ascii").partition("/")[2]):
            entries.append((whole + b"\0", data[header + start : header + end]))
    return data[:header] + _package(entries)


def _package(entries: list[tuple[bytes, bytes]]) -> bytes:
    """Write the table of a package and its entries, each at a multiple of 16 bytes."""
    names = 4 + 8 * len(entries)
    start = _aligned(names + sum(len(name) for name, _ in entries))
    table, texts, body = [struct.pack("<I", len(entries))], b"", b""
    for name, entry in entries:
        table.append(struct.pack("<II", names + len(texts), start + len(body)))
        texts += name
        body += entry.ljust(_aligned(len(entry)), b"\0")
    return (b"".join(table) + texts).ljust(start, b"\0") + body


def _aligned(size: int) -> int:
    return -(-size // 16) * 16


def _data_of(file: Path) -> tuple[str, bytes]:
    """Read the name and the contents of the only object in a library."""
    told = subprocess.run(["objdump", "-T", str(file)], capture_output=True, text=True, check=True).stdout
    found = re.search(
        r"^([0-9a-f]+) g +DO \S+\s+([0-9a-f]+)\s+(?:\S+\s+)?(icudt\w+_dat)$", told, re.MULTILINE
    )
    if found is None:
        raise SystemExit(f"{file} is not the data of ICU as it was known")
    start = int(found[1], 16)  # in this library, its address is its place in the file
    return found[3], file.read_bytes()[start : start + int(found[2], 16)]


def _link(file: Path, symbol: str, data: bytes) -> None:
    """Write a library with nothing but `data`, under the name `symbol`."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "data"), Path(folder, "data.o")
        source.write_bytes(data)
        subprocess.run(
            [
                *("objcopy", "-I", "binary", "-O", "elf64-x86-64", "-B", "i386:x86-64"),
                *("--rename-section", ".data=.rodata,alloc,load,readonly,data,contents"),
                *("--set-section-alignment", ".data=16", "--add-symbol", f"{symbol}=.rodata:0,global,object"),
                *("--strip-symbol", "_binary_data_start", "--strip-symbol", "_binary_data_end"),
                *("--strip-symbol", "_binary_data_size", "data", "data.o"),
            ],
            cwd=folder,
            check=True,
        )
        linker = ["ld", "-shared", "-z", "noexecstack", "-soname", file.name, "-o", str(file), str(made)]
        subprocess.run(linker, check=True)
