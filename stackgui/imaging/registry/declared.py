"""The table of all formats, collected from the modules that decode them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import chain
from operator import attrgetter
from types import MappingProxyType

from stackgui.core.base import decoding
from stackgui.imaging import dicom, pictures, tensors
from stackgui.imaging.base.declaration import Format, Library
from stackgui.imaging.base.unsupported import REFUSED

ROOMS = (dicom, pictures, tensors)
"""Packages whose modules declare formats.

Modules whose names start with an underscore are skipped: they import a library at the top, so they must be
imported lazily.
"""


def _found() -> Iterator[Format]:
    for room in ROOMS:
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            if not module.name.rpartition(".")[2].startswith("_"):
                yield from getattr(import_module(module.name), "FORMATS", ())


FORMATS: tuple[Format, ...] = tuple(sorted(_found(), key=attrgetter("name")))
"""All formats, by name."""

BY_NAME: Mapping[str, Format] = MappingProxyType({format_.name: format_ for format_ in FORMATS})

LIBRARIES: tuple[Library, ...] = tuple(
    sorted({library for each in FORMATS for library in each.libraries}, key=attrgetter("module"))
)
"""All decoding libraries, whether installed or not."""

PICTURE_SUFFIXES = frozenset(
    chain.from_iterable([*(each.suffixes for each in FORMATS), *(each.suffixes for each in REFUSED)])
)
"""Lower-case file name suffixes of all picture and array formats, readable or not."""

if len(BY_NAME) < len(FORMATS):
    raise ImportError("two formats have one name")
decoding.declare({format_.name: format_.decoding for format_ in FORMATS})
