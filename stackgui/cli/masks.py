"""Describing masks and reading their classes at the terminal."""

from __future__ import annotations

import argparse

from stackgui.cli.choosing import file_of
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_class_files import read_mask_classes
from stackgui.core.catalog.mask_classes import MaskClasses
from stackgui.core.plan.masks_taken import masks_found, values_text
from stackgui.engine.sources.reading import not_read


def mask_lines(catalog: Catalog) -> list[str]:
    """Describe the masks that a scan has found; nothing without masks."""
    if (found := masks_found(catalog)) is None:
        return []
    lines = [f"  masks     {found} --masks none takes them for pictures."]
    if values := values_text(catalog):
        lines.append(f"            {values}")
    return lines


def mask_classes_of(arguments: argparse.Namespace) -> MaskClasses:
    """Return the classes of masks in the file that was typed, or else those of the plan or the preset.

    Raises
    ------
    UsageError
        When the file cannot be read, or is not a table of classes.
    """
    file = getattr(arguments, file_of("mask_classes"))
    if not file:
        classes: MaskClasses = arguments.mask_classes
        return classes
    try:
        with open(file, "rb") as opened:
            return read_mask_classes(opened.read())
    except OSError as error:
        raise not_read("table of classes", file, error) from error
    except UsageError as error:
        raise UsageError(f"{printable(file)} is not a table of classes. {error}") from error
