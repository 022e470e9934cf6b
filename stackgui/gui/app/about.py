"""What the program is made of: versions and licences, from what is installed."""

from __future__ import annotations

import platform
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from PySide6.QtCore import qVersion

import stackgui
from stackgui import resources
from stackgui.gui.app.faults import about_program
from stackgui.gui.texts.language import tr

OPTIONAL = ("dicom", "hdf5", "parquet", "raw", "zarr")
"""Extras whose libraries are used where they are installed."""

OF_QT = re.compile(r"PySide6|shiboken6", re.IGNORECASE)
LGPL = ("LGPL-3.0.txt", "GPL-3.0.txt")
"""The licence of Qt, which its packages name but leave out; the first refers to the second."""

_TEXTS = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the program that has a licence of its own.

    Attributes
    ----------
    name, version : str
    licence : str
        Its name, as the component gives it.
    texts : tuple of Path
        Files with the complete licence, and with notices that belong to it.
    page : str
        Address of the component, or ``""``.
    """

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]
    page: str = ""

    def text(self) -> str:
        """Return the complete licence."""
        if not self.texts:
            return tr(
                "{name} came without the text of its licence, {licence}. See {page}",
                name=self.name,
                licence=self.licence,
                page=self.page,
            )
        return "\n\n\n".join(each.read_text(encoding="utf-8", errors="replace") for each in self.texts)


def components() -> tuple[Component, ...]:
    """Return the program, Python, Qt, and every library that is installed and used, by name."""
    qt = tuple(resources.path("licences", name) for name in LGPL)
    return (
        Component("StackGUI", stackgui.__version__, "MIT", _own_licence()),
        Component("Python", platform.python_version(), "PSF-2.0", _python_licence(),
                  "https://docs.python.org/3/license.html"),
        Component("Qt", qVersion() or "", "LGPL-3.0-only", qt, "https://www.qt.io"),
        *sorted(map(_component, _libraries()), key=lambda each: each.name.lower()),
    )  # fmt: skip


def versions() -> str:
    """Return the versions of everything as lines of text, to be copied into a message."""
    return about_program() + "".join(f"{each.name} {each.version}\n" for each in components()[2:])


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
    files = [file for file in found.files or () if ".dist-info" in file.parts[0]]
    named = [Path(str(found.locate_file(file))) for file in files if _TEXTS.search(file.name)]
    return tuple(sorted(file for file in named if file.is_file()))


def _licence(found: Distribution) -> str:
    given = _first(found, "License-Expression") or _first(found, "License")
    if given:
        return given.splitlines()[0]
    classified = [each for each in found.metadata.get_all("Classifier") or () if each.startswith("License")]
    return str(classified[0].rpartition("::")[2].strip()) if classified else tr("see its text")


def _page(found: Distribution) -> str:
    urls = [each.rpartition(", ")[2] for each in found.metadata.get_all("Project-URL") or ()]
    return _first(found, "Home-page") or next(iter(urls), "")


def _first(found: Distribution, name: str) -> str:
    return str(next(iter(found.metadata.get_all(name) or ()), ""))
