"""What a package for Debian says of itself: what it needs, how large it is, whose work is in it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from email.parser import Parser
from pathlib import Path

import environment
import measured
import reaching

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
}
"""Packages by the libraries of the system that they bring; another than these is a mistake of the bundle."""

OF_C = re.compile(r"lib(c|m|dl|pthread|rt|util|resolv)\.so\.\d+|ld-linux.*")
LOADED_LATER = ("libegl1", "libgl1", "xkb-data")
"""What Qt opens by name: no library says that it needs it."""

RECOMMENDED = ("ca-certificates", "hicolor-icon-theme", "shared-mime-info", "xdg-utils")
SUGGESTED = ("fonts-noto-cjk",)

GCC_BY_CPP = {(3, 4, 29): "11", (3, 4, 30): "12", (3, 4, 32): "13", (3, 4, 33): "14"}
"""The package that first had a version of the C++ library."""

DESCRIPTION = """\
 StackGUI turns folders of pictures, however many and of whatever sizes, into
 one NumPy array on disk. Pick folders, see what is in them and what padding
 costs, see whether it fits in memory, and press one button. The result is a
 folder that opens with np.load. Damaged pictures do not stop it.
 .
 No programming is needed. The same works at the terminal without a window.
 Python and all libraries that it uses come with it.
"""


def version() -> str:
    """Give the version of the program, from the only place that declares it."""
    text = (environment.REPOSITORY / "stackgui" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    if found is None:
        raise SystemExit("stackgui/__init__.py names no version")
    return found[1]


def architecture() -> str:
    """Give Debian's name of this machine's architecture."""
    told = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def outside(program: Path) -> set[str]:
    """Name the libraries that the bundle needs and does not bring."""
    brought = {file.name for file in program.rglob("*.so*")}
    needed: set[str] = set()
    for path, _size in measured.files_of(program):
        if (program / path).open("rb").read(4) == b"\x7fELF":
            needed |= reaching.needed_by(str(program / path))
    return needed - brought


def depends(libraries: Iterable[str], glibc: measured.Version, cpp: measured.Version) -> list[str]:
    """List the packages that bring `libraries`, and the versions of the most basic ones."""
    found = set(LOADED_LATER)
    for library in libraries:
        if OF_C.fullmatch(library):
            continue
        if library not in PACKAGES:
            raise SystemExit(f"{library} is neither in the bundle nor in a package that it could depend on")
        found.add(PACKAGES[library])
    gcc = GCC_BY_CPP.get(max((known for known in GCC_BY_CPP if known <= cpp), default=()), "")
    versions = {"libstdc++6": f"libstdc++6 (>= {gcc})"} if gcc else {}
    return [f"libc6 (>= {'.'.join(map(str, glibc))})", *(versions.get(each, each) for each in sorted(found))]


def text(program: Path, size: int) -> str:
    """Write the control file of a package that takes `size` bytes."""
    c_library, cpp_library = measured.needed(program)
    needed = depends(outside(program), max(c_library.values()), max(cpp_library.values()))
    return (
        "Package: stackgui\n"
        f"Version: {version()}\n"
        f"Architecture: {architecture()}\n"
        "Maintainer: StackGUI developers <stackgui@users.noreply.github.com>\n"
        f"Installed-Size: {-(-size // 1024)}\n"
        f"Depends: {', '.join(needed)}\n"
        f"Recommends: {', '.join(RECOMMENDED)}\n"
        f"Suggests: {', '.join(SUGGESTED)}\n"
        "Section: science\n"
        "Priority: optional\n"
        f"Homepage: {environment.homepage()}\n"
        "Description: turn folders of pictures into one NumPy array, in a window\n"
        f"{DESCRIPTION}"
    )


def copyright_of(program: Path) -> str:
    """Write whose work is in the package, and where the full licences are, in Debian's form."""
    own = (environment.REPOSITORY / "LICENSE").read_text(encoding="utf-8").strip()
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: StackGUI",
        f"Source: {environment.homepage()}",
        "Comment: Beside StackGUI, the package holds Python, Qt and the libraries below, as published.",
        " Their full licences are in their folders NAME.dist-info, those of libraries of Debian in the",
        " folder licences, both in usr/lib/stackgui/_internal. Qt and PySide are used under the LGPL 3:",
        " each of their libraries is a file of its own that can be replaced by another.",
        "",
        "Files: *",
        next(line for line in own.splitlines() if line.startswith("Copyright")).replace(" ", ": ", 1),
        "License: MIT",
        *_indented(own),
    ]
    for found in sorted(program.glob("_internal/*.dist-info/METADATA")):
        told = Parser().parsestr(found.read_text(encoding="utf-8"), headersonly=True)
        if told["Name"] != "stackgui":
            lines += ["", f"Files: usr/lib/stackgui/_internal/{found.parent.name}/*", *_of(told)]
    return "\n".join(lines) + "\n"


def _of(told) -> list[str]:  # noqa: ANN001 - email.message.Message, of an old Python too
    """Write one library's stanza, from its metadata."""
    authors = told["Author"] or told["Author-email"] or told["Maintainer"] or f"the authors of {told['Name']}"
    named = next(iter((told["License"] or "").splitlines()), "")
    licence = told["License-Expression"] or named or "see-comment"
    return [
        f"Copyright: {' '.join(authors.split())}",
        f"License: {re.sub(r'[^A-Za-z0-9.+()-]+', '-', licence)}",
        f"Comment: {told['Name']} {told['Version']}; its licence is in that folder.",
    ]


def _indented(licence: str) -> list[str]:
    return [f" {line}" if line.strip() else " ." for line in licence.splitlines()]
