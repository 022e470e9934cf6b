"""What goes into a bundle, derived from the program, its formats and its libraries.

The spec of PyInstaller asks here. It runs in the environment from which the bundle is built.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

PROGRAM = "stackgui"
PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

STANDARD_LIBRARY = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
"""Folder that a bundle calls its standard library."""

LEFT_OUT = {
    "all": "the others, and what is left out with them",
    "cluster": "the hosts of a cluster have Python environments, and the program belongs into theirs",
    "parquet": "pyarrow is as large as a third of all the rest, and writes one of many formats",
    "remote": "its library would make the package larger than 70 MB, and few annotators have a bucket",
}
"""Extras that a bundle does without, and why."""

UNUSED = (
    "IPython",
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtUiTools",
    "idlelib",
    "lib2to3",
    "matplotlib",
    "pip",
    "pkg_resources",
    "curses",
    "pyqtgraph.examples",
    "readline",
    "scipy",
    "setuptools",
    "tkinter",
)
"""Modules that libraries mention and the program never loads. Not pydoc: pyqtgraph needs it for a plot."""

QT_PLUGINS = re.compile(
    r"""
    platforms/\w*(xcb|wayland|offscreen|windows|cocoa)\b |  # with a screen and without
    platforms/libqwayland |
    platforminputcontexts/\w*(compose|ibus) |  # accents; Chinese and Japanese
    platformthemes/\w*xdgdesktopportal |  # the desktop’s own colours and fonts
    wayland-shell-integration/libxdg-shell | wayland-decoration-client/ |
    iconengines/ | imageformats/\w*(jpeg|svg|gif|ico|webp)\b |
    styles/
    """,
    re.VERBOSE,
)
"""Qt's plugins that are used. Those for OpenGL, tablets, databases and printers are not."""

OF_THE_SYSTEM = re.compile(
    r"""
    lib(stdc\+\+|gcc_s)\.so |  # those of the system are newer, and its drivers need them
    lib(glib-2\.0|gthread-2\.0|gobject-2\.0|gio-2\.0|gmodule-2\.0)\.so |
    lib(dbus-1|systemd|fontconfig|freetype|expat|uuid|z|bsd|md|cap|selinux)\.so |
    lib(X11|X11-xcb|Xau|Xdmcp)\.so |
    lib(GL|EGL|OpenGL|GLX|GLdispatch|drm|gbm)\.so | libwayland-
    """,
    re.VERBOSE,
)
"""Libraries that every desktop has, and that have to suit it: its fonts, its session, its graphics."""


def extras() -> list[str]:
    """Name the extras whose libraries are in the bundle."""
    import tomllib  # noqa: PLC0415 - not there in the old Python that is told so by other scripts

    declared = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return sorted(set(declared) - set(LEFT_OUT))


def distributions() -> list[str]:
    """Name the program and all that it requires, whose metadata it asks for."""
    from packaging.requirements import Requirement  # noqa: PLC0415 - not there before the set-up

    asked, found = [(PROGRAM, tuple(extras()))], {}
    while asked:
        name, wanted = asked.pop()
        for line in importlib.metadata.requires(name) or ():
            needed = Requirement(line)
            counts = needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *wanted)
            )
            if counts and needed.name.lower() not in found:
                asked.append((needed.name, tuple(needed.extras)))
        found[name.lower()] = name
    return sorted(found.values(), key=str.lower)


def sources(package: str, *words: str) -> Iterator[ast.Module]:
    """Yield the syntax of every module of a package in which one of `words` stands."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return
    origin = Path(spec.origin)
    for file in sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]:
        text = file.read_text(encoding="utf-8")
        if any(word in text for word in words):
            yield ast.parse(text)


def asked_of(library: str, trees: Iterable[ast.AST]) -> set[str]:
    """Name what is imported from a library, or looked up in it."""
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.ImportFrom) and node.module == library:
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id == library else set()
    return found


def codecs() -> list[str]:
    """Name the modules of imagecodecs that the program's formats need.

    They are those of functions that the program calls, or that a library which decodes one of its formats
    calls, and the modules that these load in turn.
    """
    import imagecodecs.imagecodecs as table  # noqa: PLC0415 - the tests ask for other facts without it

    from stackgui.imaging.registry.declared import LIBRARIES  # noqa: PLC0415 - as above

    users = [each.module for each in LIBRARIES if _mentions(each.distribution, "imagecodecs")]
    callers = [PROGRAM, *users]
    names = {name for caller in callers for name in asked_of("imagecodecs", sources(caller, "imagecodecs"))}
    functions = {
        node.name: node
        for node in ast.parse(Path(table.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    for name in sorted(names & functions.keys()):  # written in Python, they call others
        names |= asked_of("imagecodecs", [functions[name]])
    decoding = {name for name in names if not name.endswith("_encode")} | (
        asked_of("imagecodecs", sources(PROGRAM, "imagecodecs"))
    )
    wanted = {table._ATTRIBUTES.get(name, "") for name in decoding} - {""}  # noqa: SLF001 - its only table
    return sorted(f"imagecodecs.{name}" for name in _with_others(Path(table.__file__).parent, wanted))


def _mentions(distribution: str, other: str) -> bool:
    """Return whether a library says in its metadata that it uses another, be it for an extra."""
    return distribution != other and any(
        re.match(rf"{other}\b", line) for line in importlib.metadata.requires(distribution) or ()
    )


def _with_others(folder: Path, wanted: set[str]) -> set[str]:
    """Add the extension modules that extension modules load, by the names that stand in them."""
    files = {
        file.name.partition(".")[0]: file for file in folder.glob("_*.*") if file.suffix in {".so", ".pyd"}
    }
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in found or name not in files:
            continue
        found.add(name)
        named = re.findall(rb"imagecodecs\.(_[a-z0-9_]+)", files[name].read_bytes())
        wanted |= {each.decode() for each in named} - found
    return found


def named_modules(trees: Iterable[ast.AST], libraries: Iterable[str]) -> set[str]:
    """Name the modules of libraries that stand in texts of the program, since it loads them by name."""
    heads = {f"{library}." for library in libraries}
    texts = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {
        text
        for text in texts
        if any(map(text.startswith, heads)) and re.fullmatch(r"[a-zA-Z_][\w.]*\w", text) and _exists(text)
    }


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def licences() -> Iterator[tuple[str, str]]:
    """Yield the licences that lie in packages, and their folders in the bundle; the others are metadata."""
    from stackgui.made_of import components  # noqa: PLC0415 - as above

    site = Path(str(importlib.metadata.distribution("imagecodecs").locate_file("")))
    for text in (text for each in components() for text in each.texts):
        if text.is_relative_to(site) and ".dist-info" not in text.relative_to(site).parts[0]:
            yield str(text), str(text.relative_to(site).parent)


def hidden_imports() -> list[str]:
    """Name the modules that are loaded by name, beside those of the program itself."""
    from stackgui.imaging.registry.declared import LIBRARIES  # noqa: PLC0415 - as above

    libraries = [each.module for each in LIBRARIES]
    named = sources(PROGRAM, *(f'"{library}.' for library in libraries))
    return sorted({*libraries, *codecs(), *named_modules(named, libraries)})


def is_wanted(name: str, languages: Iterable[str]) -> bool:
    """Whether a collected file belongs into the bundle; `name` is its path there."""
    path = name.replace("\\", "/")
    if path.startswith("PySide6/"):
        if (found := re.search(r"/plugins/(.+)", path)) is not None:
            return QT_PLUGINS.match(found[1]) is not None
        if (found := re.search(r"/translations/(.+)", path)) is not None:
            spoken = {part for each in languages for part in (each, each.partition("_")[0])}
            return any(found[1] == f"qtbase_{language}.qm" for language in spoken)
        return "/qml/" not in path
    return OF_THE_SYSTEM.match(path.rpartition("/")[2]) is None and not path.endswith(
        (".pyi", ".pxd", ".pyx")
    )
