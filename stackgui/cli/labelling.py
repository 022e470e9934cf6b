"""The list of classes that was named at the terminal."""

from __future__ import annotations

import argparse
import os

from stackgui.cli.choosing import file_of
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.labels.class_list import read_classes
from stackgui.engine.sources.reading import not_read

CLASSES_FILE = "classes.json"
"""The list of classes in a stack."""


def classes_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The classes of the list that was typed, else those that a plan or a preset has.

    Raises
    ------
    UsageError
        When it cannot be read, or is not a list of classes.
    """
    file = getattr(arguments, file_of("classes"))
    if not file:
        kept: tuple[str, ...] = arguments.classes
        return kept
    try:
        with open(os.path.join(file, CLASSES_FILE) if os.path.isdir(file) else file, "rb") as opened:
            return read_classes(opened.read())
    except OSError as error:
        raise not_read("list of classes", file, error) from error
    except UsageError as error:
        raise UsageError(f"{printable(file)} is not a list of classes. {error}") from error
