"""What can be typed about labels and classes."""

from __future__ import annotations

import argparse
import os

from stackgui.cli.reading import reader
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.labels.class_list import read_classes
from stackgui.core.labels.labels import Labels
from stackgui.engine.sources.reading import not_read

CLASSES_FILE = "classes.json"
"""The list of classes in a stack."""


def add_labelling(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--labels",
        type=reader(Labels.parse),
        default=Labels.AUTO,
        metavar="auto|folders|level:N|given|name:PATTERN|regex:PATTERN|none",
        help="what says the labels: the first folders, those of another level (level:2, level:-1), lists and "
        "shards (given), or the files' names (name:{label}_*.jpg); auto",
    )
    parser.set_defaults(classes=())
    parser.add_argument(
        "--classes",
        dest="classes_from",
        default="",
        metavar="FILE",
        help="all classes in the order of their numbers, so that several stacks agree: a text with a name a "
        "line, JSON, or a stack",
    )


def classes_of(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The classes of the list that was typed, else those that a plan or a preset has.

    Raises
    ------
    UsageError
        When it cannot be read, or is not a list of classes.
    """
    file = arguments.classes_from
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
