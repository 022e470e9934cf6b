"""What the program is made of: its parts with their versions and licences, from what is installed."""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import stackgui
from stackgui import resources

OPTIONAL = ("cluster", "dicom", "hdf5", "parquet", "raw", "remote", "zarr")
"""Extras whose libraries are used where they are installed."""

OF_QT = re.compile(r"PySide6|shiboken6", re.IGNORECASE)
QT = "PySide6-Essentials"
"""It has the version of the Qt that it brings."""

LGPL = ("LGPL-3.0.txt", "GPL-3.0.txt")
"""The licence of Qt, which its packages name but leave out; the first refers to the second."""

OF_DEBIAN = "licences"
"""Folder of a bundle with ``NAME_VERSION.txt`` for each package of Debian from which it has a library."""

_TEXTS = re.compile(r"licen[cs]e|copying|notice|authors|patents", re.IGNORECASE)
_CODE = {".py", ".pyc", ".pyi"}


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the program that has a licence of its own.

    Attributes
    ----------
    name, version : str
    licence : str
        Its name, as the component gives it; ``""`` if only its text says so.
    texts : tuple of Path
        Files with the complete licence, with those of what the component contains, and with notices.
    page : str
        Address of the component, or ``""``.
    """

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]
    page: str = ""

    def text(self) -> str:
        """Return the complete licence, each file of several under its name; ``""`` if it came without."""
        texts: dict[str, str] = {}
        for each in self.texts:  # some lie there twice
            texts.setdefault(each.read_text(encoding="utf-8", errors="replace").strip(), each.name)
        named = [f"{name}\n\n{text}" for text, name in texts.items()]
        return "\n\n\n".join(named if len(named) > 1 else texts)


def components() -> tuple[Component, ...]:
    """Return the program, Python, Qt, every library that is installed and used by name, and the system's."""
    qt = tuple(resources.path("licences", name) for name in LGPL)
    return (
        Component("StackGUI", stackgui.__version__, "MIT", _own_licence()),
        Component("Python", platform.python_version(), "PSF-2.0", _python_licence(),
                  "https://docs.python.org/3/license.html"),
        Component("Qt", _qt_version(), "LGPL-3.0-only", qt, "https://www.qt.io"),
        *sorted(map(_component, _libraries()), key=lambda each: each.name.lower()),
        *_of_the_system(),
    )  # fmt: skip


def _of_the_system() -> Iterator[Component]:
    """Yield the packages of Debian from which a bundle has libraries, whose licences lie in it."""
    bundle = getattr(sys, "_MEIPASS", "")
    for text in sorted(Path(bundle, OF_DEBIAN).glob("*.txt")) if bundle else ():
        name, _, version = text.stem.partition("_")  # as Debian names the files of packages
        yield Component(name, version.replace("%3a", ":"), "", (text,), f"https://packages.debian.org/{name}")


def _qt_version() -> str:
    try:
        return distribution(QT).version
    except PackageNotFoundError:
        return ""


def _own_licence() -> tuple[Path, ...]:
    try:
        found = _texts(distribution("stackgui"))
    except PackageNotFoundError:
        found = ()
    beside = resources.path().parent / "LICENSE"
    return found or ((beside,) if beside.is_file() else ())


def _python_licence() -> tuple[Path, ...]:
    folder = Path(sysconfig.get_path("stdlib"))
    return tuple(file for file in (folder / "LICENSE.txt",) if file.is_file())


def _libraries() -> Iterator[Distribution]:
    """Yield what the program requires, and what that requires, as far as it is installed."""
    seen = {"stackgui"}
    asked = ["stackgui"]
    while asked:
        name = asked.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:  # an extra, or meant for another system
            continue
        if name != "stackgui":
            yield found
        extras = OPTIONAL if name == "stackgui" else ()
        new = {_normal(each) for each in _required(found, extras)} - seen
        seen |= new
        asked += sorted(new)


def _required(found: Distribution, extras: tuple[str, ...]) -> Iterator[str]:
    for line in found.requires or ():
        requirement, _, condition = line.partition(";")
        extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", condition)
        if extra is None or extra[1] in extras:
            yield re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(found: Distribution) -> Component:
    name = found.metadata["Name"]
    texts = _texts(found)
    if not texts and OF_QT.match(name):
        texts = tuple(resources.path("licences", each) for each in LGPL)
    beside = resources.path("licences") / f"{_normal(name)}.txt"
    if not texts and beside.is_file():
        texts = (beside,)  # the library itself comes without
    return Component(name, found.version, _licence(found), texts, _page(found))


def _texts(found: Distribution) -> tuple[Path, ...]:
    """Return the files with licences: in the metadata first, then of libraries that lie in the package."""
    files = [file for file in found.files or () if _TEXTS.search(file.name) and file.suffix not in _CODE]
    there = [file for file in (Path(str(found.locate_file(each))) for each in files) if file.is_file()]
    return tuple(sorted(there, key=lambda file: (".dist-info" not in str(file), file)))


def _licence(found: Distribution) -> str:
    given = _first(found, "License-Expression") or _first(found, "License")
    if given:
        return given.splitlines()[0]
    classified = [each for each in found.metadata.get_all("Classifier") or () if each.startswith("License")]
    return str(classified[0].rpartition("::")[2].strip()) if classified else ""


def _page(found: Distribution) -> str:
    urls = [each.rpartition(", ")[2] for each in found.metadata.get_all("Project-URL") or ()]
    return _first(found, "Home-page") or next(iter(urls), "")


def _first(found: Distribution, name: str) -> str:
    return str(next(iter(found.metadata.get_all(name) or ()), ""))
