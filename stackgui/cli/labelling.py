"""Reading the list of classes that is named on the command line."""

from __future__ import annotations

import argparse
import os

from stackgui.cli.choosing import file_of
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.labels.class_list import read_classes
from stackgui.engine.sources.reading import not_read

CLASSES_FILE = "classes.json"
"""The file in a stack's folder that lists its classes."""


def classes_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Return the classes in the list that was typed, or else those of the plan or the preset.

    Raises
    ------
    UsageError
        When the list cannot be read, or is not a list of classes.
    """
    file = getattr(arguments, file_of("classes"))
    if not file:
        classes: tuple[str, ...] = arguments.classes
        return classes
    try:
        with open(os.path.join(file, CLASSES_FILE) if os.path.isdir(file) else file, "rb") as opened:
            return read_classes(opened.read())
    except OSError as error:
        raise not_read("list of classes", file, error) from error
    except UsageError as error:
        raise UsageError(f"{printable(file)} is not a list of classes. {error}") from error
