"""What can be typed behind ``stackgui``."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import stackgui
from stackgui.cli.arranging import add_arranging
from stackgui.cli.complaints import plain
from stackgui.cli.dashes import joined
from stackgui.cli.given import add_given, given_in, use_as_defaults
from stackgui.cli.labelling import add_labelling, classes_of
from stackgui.cli.reading import deep, megabytes, number, pixels, reader, seconds, workers
from stackgui.core.base.choices import (
    Alpha,
    Anchor,
    Channels,
    Choice,
    Decode,
    Fit,
    Icc,
    Layout,
    NonFinite,
    Numbers,
    OnError,
    OnWarning,
    Reduce,
    Resample,
    Scale,
    Storage,
    TensorLayout,
)
from stackgui.core.base.colour import WHITE, Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.base.units import capital
from stackgui.core.catalog.frames import FIRST, Frames
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.run.run import IfUnfinished, Limits

COMMANDS = ("scan", "plan", "convert", "resume", "verify", "retry")

DEEP_ROWS = 1000
"""Rows that ``--deep`` makes again when it is not told how many."""

EPILOG = "Without a sub-command the window opens. Exit status: 0 complete, 3 complete but some pictures failed, 2 wrong usage or a plan that cannot be met, 1 failed, 130 cancelled."  # noqa: E501 - one sentence for argparse to fold


class Parser(argparse.ArgumentParser):
    """Says in one sentence what is wrong, and what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage and leaving the program."""
        end = "" if message.endswith(("?", ".")) else "."
        raise UsageError(f"{plain(message)}{end} “{self.prog} --help” lists what there is.")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
        """Refuse unknown options where the parser that knows the right ones can name the nearest."""
        words = sys.argv[1:] if args is None else args
        found, unknown = super().parse_known_args(joined(words, self._actions), namespace)
        options = [word for word in unknown if word.startswith("-")]
        if options:
            word = options[0].split("=", 1)[0]
            known = [option for action in self._actions for option in action.option_strings]
            near = difflib.get_close_matches(word, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            if os.path.lexists(options[0]):
                hint = f"; the file or folder of that name is written {os.path.join(os.curdir, options[0])}"
            self.error(f"there is no option {word}{hint}")
        return found, unknown


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line.

    Raises
    ------
    UsageError
        When it makes no sense.
    """
    given = given_in(arguments)
    parser = Parser(
        prog="stackgui",
        description="Turn folders of pictures into one NumPy array.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"stackgui {stackgui.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser, metavar="COMMAND")
    _scan(_command(commands, "scan", "show what is in folders, archives and lists"))
    plan = _command(commands, "plan", "show what a conversion would make and need, without writing anything")
    _sources(plan)
    _options(plan, given)
    convert = _command(commands, "convert", "make a stack: pictures as rows of NumPy arrays, in a folder")
    _sources(convert)
    _options(convert, given)
    _run(convert)
    resume = _command(commands, "resume", "go on with an unfinished conversion")
    resume.add_argument("partial", metavar="STACK.partial", help="the folder that it left")
    _redo_changed(resume)
    _common(resume)
    verify = _command(commands, "verify", "check that a stack is as it was made")
    verify.add_argument("stack", metavar="STACK", help="the folder to check")
    verify.add_argument(
        "--deep",
        nargs="?",
        type=deep,
        default=0,
        const=DEEP_ROWS,
        metavar="N|all",
        help=f"also make N rows ({DEEP_ROWS:,}), or all, again from their pictures, and compare",
    )
    _common(verify)
    retry = _command(commands, "retry", "make the failed rows of a stack again, in place")
    retry.add_argument("stack", metavar="STACK", help="the folder of the stack")
    _common(retry)
    return parser.parse_args(arguments)


def _command(commands: Any, name: str, meaning: str) -> Parser:  # noqa: ANN401 - argparse does not export it
    """The parser of a sub-command."""
    made: Parser = commands.add_parser(
        name, help=meaning, description=f"{capital(meaning)}.", allow_abbrev=False
    )
    return made


def options_of(arguments: argparse.Namespace) -> Options:
    """The plan's options that were typed."""
    return Options(
        size=arguments.size,
        fit=arguments.fit,
        anchor=arguments.anchor,
        fill=arguments.fill,
        channels=arguments.channels,
        dtype=arguments.dtype,
        scale=arguments.scale,
        layout=arguments.layout,
        labels=arguments.labels,
        classes=classes_of(arguments),
        resample=arguments.resample,
        reduce=arguments.reduce,
        non_finite=arguments.non_finite,
        alpha=arguments.alpha,
        background=arguments.background,
        icc=arguments.icc,
        decode=arguments.decode,
    )


def scan_options_of(arguments: argparse.Namespace) -> ScanOptions:
    """The scan's choices that were typed."""
    return ScanOptions(
        follow_links=arguments.follow_links,
        tensor_layout=arguments.tensor_layout,
        frames=arguments.frames,
        array=arguments.array,
        open_archives=not arguments.no_archives,
        path_column=arguments.path_column,
        label_column=arguments.label_column,
        split_column=arguments.split_column,
        list_root=os.path.abspath(arguments.list_root) if arguments.list_root else "",
        label_list=os.path.abspath(arguments.label_list) if arguments.label_list else "",
    )


def _scan(parser: argparse.ArgumentParser) -> None:
    _sources(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="decode every picture, to find damaged, repeated, blank, very dark and very light ones",
    )


def _sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a folder, searched with all below it; a ZIP or TAR file; a list of files (.csv, .tsv, .jsonl, "
        ".json, .txt); or a single file",
    )
    parser.add_argument(
        "--follow-links", action="store_true", help="follow symbolic links that lead out of the folders"
    )
    parser.add_argument(
        "--frames",
        type=reader(Frames.parse),
        default=FIRST,
        metavar="first|all|channels|N",
        help="which frames or pages of a picture become rows; channels joins the pages of a TIFF (first)",
    )
    _choice(parser, "--tensor-layout", TensorLayout.AUTO, "what the axes of arrays are; auto tells by shape")
    parser.add_argument(
        "--array",
        default="",
        metavar="NAME",
        help="the array of files that hold several; '*' for each of them",
    )
    _lists(parser)
    _common(parser)


def _lists(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-archives", action="store_true", help="leave archives in folders aside")
    for what in ("path", "label", "split"):
        parser.add_argument(
            f"--{what}-column", default="", metavar="TITLE", help=f"the column of lists that holds the {what}"
        )
    parser.add_argument(
        "--list-root",
        default="",
        metavar="FOLDER",
        help="the folder that names in lists are relative to (the list's own)",
    )
    parser.add_argument(
        "--label-list", default="", metavar="FILE", help="a list that says the labels of the pictures found"
    )


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-cache", action="store_true", help="open every file again, also those known from an earlier scan"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument(
        "--workers", type=workers, metavar="N", help="processes that decode (one for each processor)"
    )
    limits = Limits()
    parser.add_argument(
        "--sample-seconds",
        type=seconds,
        default=limits.sample_s,
        metavar="S",
        help=f"seconds that one picture may take ({limits.sample_s:g})",
    )
    parser.add_argument(
        "--sample-memory",
        type=megabytes,
        default=limits.sample_bytes,
        metavar="MB",
        help="megabytes of memory that one picture may take (half of the machine's)",
    )
    parser.add_argument(
        "--sample-pixels",
        type=pixels,
        default=limits.sample_px,
        metavar="N",
        help=f"pixels that one picture may have, for example 2G ({limits.sample_px // 10**6}M)",
    )


def _options(parser: argparse.ArgumentParser, given: SharedPlan | None) -> None:
    add_given(parser)
    parser.add_argument(
        "--size",
        type=reader(Size.parse),
        default=Size(),
        metavar="max|HxW|p95",
        help="height and width of a row: the largest found (max), pixels (480x640), or a percentile (p95)",
    )
    add_arranging(parser)
    _choice(parser, "--fit", Fit.PAD, "how a picture is fitted into that size")
    _choice(parser, "--anchor", Anchor.TOP_LEFT, "where a picture lies in a row that is larger than it")
    parser.add_argument("--fill", type=number, default=0.0, metavar="VALUE", help="value of the padding (0)")
    _choice(parser, "--channels", Channels.RGB, "what a pixel is made of")
    _choice(parser, "--dtype", Numbers.AUTO, "kind of numbers; auto loses nothing")
    _choice(parser, "--scale", Scale.UNIT, "what black and white become in an array of floats")
    _choice(parser, "--reduce", Reduce.FULL_RANGE, "what counts as black and white where numbers are scaled")
    _choice(parser, "--non-finite", NonFinite.KEEP, "what becomes of NaN and infinity")
    _choice(parser, "--alpha", Alpha.DROP, "what becomes of transparency that has no channel")
    parser.add_argument(
        "--background",
        type=reader(Colour.parse),
        default=WHITE,
        metavar="#rrggbb",
        help="the colour on which transparency is composed (#ffffff)",
    )
    _choice(parser, "--icc", Icc.KEEP, "colours whose profile is not sRGB: as they are, or converted to sRGB")
    _choice(parser, "--layout", Layout.NHWC, "order of the axes")
    add_labelling(parser)
    _choice(parser, "--resample", Resample.BILINEAR, "filter where a picture is scaled")
    parser.add_argument(
        "--draft",
        dest="decode",
        action="store_const",
        const=Decode.DRAFT,
        default=Decode.EXACT,
        help="decode JPEG that are made smaller at a reduced size: faster, and a little different",
    )
    if given is not None:
        use_as_defaults(given, parser)


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="STACK", help="the folder to make")
    _choice(parser, "--storage", Storage.AUTO, "what holds the rows while they are written")
    _choice(
        parser,
        "--on-error",
        OnError.BLANK,
        "what to do about a picture that fails",
    )
    _choice(parser, "--on-warning", OnWarning.GO_ON, "what a warning before the run means")
    parser.add_argument("--replace", action="store_true", help="replace a stack of that name in the end")
    unfinished = parser.add_mutually_exclusive_group()
    unfinished.add_argument(
        "--resume",
        dest="unfinished",
        action="store_const",
        const=IfUnfinished.RESUME,
        default=IfUnfinished.REFUSE,
        help="go on with an unfinished conversion, if there is one",
    )
    unfinished.add_argument(
        "--restart",
        dest="unfinished",
        action="store_const",
        const=IfUnfinished.RESTART,
        help="throw away what an unfinished conversion made, and begin anew",
    )
    _redo_changed(parser)


def _redo_changed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--redo-changed",
        action="store_true",
        help="when resuming, do those pictures again that were changed since",
    )


def if_unfinished(arguments: argparse.Namespace) -> IfUnfinished:
    """What was typed about an unfinished conversion.

    Raises
    ------
    UsageError
        When it makes no sense.
    """
    chosen: IfUnfinished = arguments.unfinished
    if not arguments.redo_changed:
        return chosen
    if chosen is not IfUnfinished.RESUME:
        raise UsageError("--redo-changed says how to resume; write --resume too.")
    return IfUnfinished.REDO


def _choice(parser: argparse.ArgumentParser, name: str, default: Choice, meaning: str) -> None:
    kind = type(default)
    names = "|".join(choice.value for choice in kind)
    parser.add_argument(
        name, type=reader(kind.parse), default=default, metavar=names, help=f"{meaning} ({default.value})"
    )
