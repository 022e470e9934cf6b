"""What can be typed about which pictures get a row, of which size, in which order and part of the data."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from stackgui.cli.reading import os_sentence, reader, whole
from stackgui.core.buckets import MOST_BUCKETS
from stackgui.core.catalog import Catalog
from stackgui.core.errors import UsageError
from stackgui.core.options import MAX_MULTIPLE, Options
from stackgui.core.sample_list import read_list
from stackgui.core.sample_set import NOTHING, SampleSet
from stackgui.core.size import MAX_SIDE_PX
from stackgui.core.splits import LARGEST_SEED, Split
from stackgui.core.text import printable
from stackgui.core.units import agree, format_count

LISTED = 5
"""How many names are told that a list has and the folders have not."""


def add_arranging(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    # What a plan's file has of these; nobody types single samples.
    parser.set_defaults(exclude=NOTHING, shrink=NOTHING)
    parser.add_argument(
        "--buckets",
        type=whole(1, MOST_BUCKETS),
        default=1,
        metavar="K",
        help="arrays of different sizes, at most, to which pictures go so that little is padding (1)",
    )
    parser.add_argument(
        "--multiple",
        type=whole(1, MAX_MULTIPLE),
        default=1,
        metavar="M",
        help="make height and width of rows multiples of this, for example 32 (1)",
    )
    parser.add_argument(
        "--smallest",
        type=whole(1, MAX_SIDE_PX),
        default=1,
        metavar="PX",
        help="make no row lower or narrower than this many pixels (1)",
    )
    _add_choices(parser)
    _add_order(parser)


def _add_choices(parser: argparse.ArgumentParser) -> None:
    for name, meaning in (
        (
            "--exclude-from",
            "leave out the pictures that a list names: a file a line, or CSV with a column path",
        ),
        ("--shrink-from", "do not let the pictures that a list names count for the size; make them smaller"),
    ):
        parser.add_argument(name, default="", metavar="LIST", help=meaning)


def _add_order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--split",
        type=reader(Split.parse),
        default=Split(),
        metavar="none|found|80/10/10",
        help="parts of the data: as lists and folders (train, val, test) say, or by percentages, alike for "
        "each label (found)",
    )
    parser.add_argument("--shuffle", action="store_true", help="put rows in a random order")
    parser.add_argument(
        "--seed",
        type=whole(0, LARGEST_SEED),
        default=0,
        metavar="N",
        help="which random order and split it is (0); the same number gives the same one again",
    )


def arranged(options: Options, arguments: argparse.Namespace, catalog: Catalog) -> Options:
    """`options` with what was typed about the rows of `catalog`.

    Raises
    ------
    UsageError
        When a list cannot be read, or names nothing.
    """
    return replace(
        options,
        buckets=arguments.buckets,
        multiple=arguments.multiple,
        smallest_px=arguments.smallest,
        exclude=arguments.exclude | _listed(arguments.exclude_from, catalog),
        shrink=arguments.shrink | _listed(arguments.shrink_from, catalog),
        split=arguments.split,
        shuffle=arguments.shuffle,
        seed=arguments.seed,
    )


def _listed(file: str, catalog: Catalog) -> SampleSet:
    if not file:
        return NOTHING
    try:
        with open(file, "rb") as opened:
            text = opened.read()
    except OSError as error:
        raise UsageError(f"The list {printable(file)} cannot be read: {os_sentence(error)}.") from error
    try:
        samples, unknown = read_list(text, catalog)
    except UsageError as error:
        raise UsageError(f"{printable(file)}: {error}") from error
    if unknown:
        names = ", ".join(map(printable, unknown[:LISTED])) + (", …" if len(unknown) > LISTED else "")
        is_there = agree(len(unknown), "is", "are")
        message = (
            f"{printable(file)} names {format_count(len(unknown), 'file')} that {is_there} not there: {names}"
        )
        if not samples:
            raise UsageError(f"{message}. Names are absolute, or relative to the folders.")
        print(message, file=sys.stderr)
    return samples
