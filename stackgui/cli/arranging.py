"""What can be typed about which pictures get a row, of which size, in which order and part of the data."""

from __future__ import annotations

import argparse
from dataclasses import replace

from stackgui.cli.reading import reader, whole
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import MAX_SIDE_PX
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree, format_count
from stackgui.core.base.warnings import EXAMPLES, DataWarning, warning_line
from stackgui.core.buckets.buckets import MAX_BUCKETS
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import NOTHING, SampleSet
from stackgui.core.labels.splits import LARGEST_SEED, Split
from stackgui.core.lists.sample_list import read_list
from stackgui.core.options.options import MAX_MULTIPLE, Options
from stackgui.engine.sources.reading import not_read


def add_arranging(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    # What a plan's file has of these; nobody types single samples.
    parser.set_defaults(exclude=NOTHING, shrink=NOTHING)
    parser.add_argument(
        "--buckets",
        type=whole(1, MAX_BUCKETS),
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


def arranged(options: Options, arguments: argparse.Namespace, catalog: Catalog) -> tuple[Options, Catalog]:
    """`options` with what was typed about the rows of `catalog`, and `catalog` with what is doubtful in that.

    Raises
    ------
    UsageError
        When a list cannot be read, or names nothing.
    """
    exclude, not_excluded = _listed("--exclude-from", arguments.exclude_from, catalog)
    shrink, not_shrunk = _listed("--shrink-from", arguments.shrink_from, catalog)
    options = replace(
        options,
        buckets=arguments.buckets,
        multiple=arguments.multiple,
        smallest_px=arguments.smallest,
        exclude=arguments.exclude | exclude,
        shrink=arguments.shrink | shrink,
        split=arguments.split,
        shuffle=arguments.shuffle,
        seed=arguments.seed,
    )
    return options, replace(catalog, warnings=(*catalog.warnings, *not_excluded, *not_shrunk))


def _listed(option: str, file: str, catalog: Catalog) -> tuple[SampleSet, tuple[DataWarning, ...]]:
    """The samples that a list behind `option` names, and a warning of names that are none."""
    if not file:
        return NOTHING, ()
    try:
        with open(file, "rb") as opened:
            written = opened.read()
    except OSError as error:
        raise not_read("list", file, error) from error
    try:
        samples, unknown = read_list(written, catalog)
    except UsageError as error:
        raise UsageError(f"{printable(file)}: {error}") from error
    if not unknown:
        return samples, ()
    text = (
        f"{printable(file)} ({option}) names {format_count(len(unknown), 'file')} that "
        f"{agree(len(unknown), 'is', 'are')} not there. Names are absolute, or relative to the folders."
    )
    warning = DataWarning("names-not-found", text, len(unknown), unknown[:EXAMPLES])
    if not samples:
        raise UsageError(warning_line(warning))
    return samples, (warning,)
