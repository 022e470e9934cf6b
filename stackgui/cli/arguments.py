"""The parser of the command line."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from stackgui.cli.choosing import add_choices, typed
from stackgui.cli.clustering import add_cluster, add_cluster_parts
from stackgui.cli.command_names import COMMANDS, OPEN
from stackgui.cli.complaints import plain
from stackgui.cli.dashes import joined
from stackgui.cli.exporting import add_exporting, add_snippet
from stackgui.cli.given import add_given, given_in, project_in, use_as_defaults, without_annotation_files
from stackgui.cli.labelling import classes_of
from stackgui.cli.masks import mask_classes_of
from stackgui.cli.reading import deep, reader, workers
from stackgui.cli.reporting import add_report
from stackgui.cli.updating import add_updating
from stackgui.cli.versions import add_versions
from stackgui.core.base.choice_table import Group
from stackgui.core.base.choices import OnWarning
from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import capital
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.groups import Groups
from stackgui.core.options.group_column import reading_groups
from stackgui.core.options.options import Options
from stackgui.core.plan.shared_plan import SharedPlan
from stackgui.core.project.project import SUFFIX, Project
from stackgui.core.run.run_options import IfUnfinished, Limits, RunOptions
from stackgui.engine.power import Power

DEEP_ROWS = 1000
"""Rows that ``--deep`` makes again if no number is given."""

Given = SharedPlan | Project | None
"""Choices that serve as defaults."""

EPILOG = "Without a sub-command the window opens, with the files and folders that are named. Exit status: 0 complete, 3 complete but some pictures failed, 2 wrong usage or a plan that cannot be met, 1 failed, 130 cancelled."  # noqa: E501 - one sentence for argparse to fold


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that says in one sentence what is wrong, and what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage and leaving the program."""
        end = "" if message.endswith(("?", ".")) else "."
        raise UsageError(f"{plain(message)}{end} See “{self.prog} --help”.")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
        """Refuse unknown options here, in the parser that knows the right ones and can name the nearest."""
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
    """Parse the command line.

    Raises
    ------
    UsageError
        When it cannot be understood.
    """
    parsed = parser_for(given_in(arguments))[0].parse_args(arguments)
    project = project_in(getattr(parsed, "sources", ()))
    if project is None:
        return without_annotation_files(parsed)
    if getattr(parsed, "plan", "") or getattr(parsed, "preset", ""):
        raise UsageError("A project has choices of its own: leave out --plan and --preset.")
    parsed = parser_for(project)[0].parse_args(arguments)
    parsed.sources = list(project.sources)
    return parsed


def parser_for(given: Given = None) -> tuple[Parser, dict[str, Parser]]:
    """Return the parser of the command line, and those of its commands by name; `given` changes defaults."""
    parser = Parser(
        prog="stackgui",
        description="Turn folders of pictures into one NumPy array.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    add_versions(parser)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser, metavar="COMMAND")
    made = {name: _command(commands, name, meaning) for name, meaning in COMMANDS.items()}
    made[OPEN].add_argument("path", nargs="*", help="what to open; nothing opens what was open last")
    _scan(made["scan"], given)
    _plan(made["plan"], given)
    _convert(made["convert"], given)
    _resume(made["resume"])
    for name in ("scan", "plan", "convert", "resume", "verify", "update", "retry", "export"):
        add_cluster(made[name])
    add_cluster_parts(made["cluster"], Parser)
    _verify(made["verify"])
    _retry(made["retry"])
    _update(made["update"])
    add_exporting(made["export"])
    add_report(made["report"])
    add_snippet(made["snippet"])
    _queue(made["queue"], given)
    made["self-test"].add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    return parser, made


def _command(commands: Any, name: str, meaning: str) -> Parser:  # noqa: ANN401 - argparse does not export it
    """Add the parser of a sub-command."""
    made: Parser = commands.add_parser(
        name, help=meaning, description=f"{capital(meaning)}.", allow_abbrev=False
    )
    return made


def options_of(arguments: argparse.Namespace) -> Options:
    """Return the options that were typed; lists of samples are read later, when the samples are known."""
    return typed(Options, arguments, classes=classes_of(arguments), mask_classes=mask_classes_of(arguments))


def scan_options_of(arguments: argparse.Namespace) -> ScanOptions:
    """Return the scan options that were typed, with the column that groups come from."""
    return reading_groups(typed(ScanOptions, arguments), getattr(arguments, "group_by", Groups.NONE))


def run_options_of(arguments: argparse.Namespace) -> RunOptions:
    """Return the run options that were typed; raises UsageError if they contradict each other."""
    return typed(RunOptions, arguments, unfinished=if_unfinished(arguments))


def _scan(parser: Parser, given: Given) -> None:
    _sources(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="Decode every picture, to find damaged, repeated, blank, very dark and very light ones",
    )
    _common(parser)
    _on_warning(parser)
    add_choices(parser, ScanOptions, Limits)
    if isinstance(given, Project):
        use_as_defaults(given, parser)


def _plan(parser: Parser, given: Given) -> None:
    _sources(parser)
    _common(parser)
    _on_warning(parser)
    parser.add_argument(
        "--save",
        default="",
        metavar="FILE",
        help="Save the plan in FILE, with its table of pictures in a file beside it",
    )
    parser.add_argument(
        "--out",
        default="",
        metavar="STACK",
        help="Where the stack will be: tells what is free there, or what memory a bucket takes",
    )
    add_given(parser)
    add_choices(parser, ScanOptions, Options, Limits)
    if given is not None:
        use_as_defaults(given, parser)


def _convert(parser: Parser, given: Given) -> None:
    _sources(parser)
    _common(parser)
    _on_warning(parser)
    add_given(parser)
    run = add_choices(parser, ScanOptions, Options, RunOptions, Limits)[Group.RUN]
    _redo_changed(run)
    if given is not None:
        use_as_defaults(given, parser)


def _verify(parser: Parser) -> None:
    parser.add_argument("stack", metavar="STACK", help="the folder to check, or its address in a bucket")
    parser.add_argument(
        "--deep",
        nargs="?",
        type=deep,
        default=0,
        const=DEEP_ROWS,
        metavar="N|all",
        help=f"Also make N rows ({DEEP_ROWS:,}), or all, again from their pictures, and compare",
    )
    _common(parser)
    add_choices(parser, Limits)


def _resume(parser: Parser) -> None:
    parser.add_argument("partial", metavar="STACK.partial", help="the folder that it left")
    _redo_changed(parser)
    _common(parser)
    add_choices(parser, Limits)


def _retry(parser: Parser) -> None:
    parser.add_argument("stack", metavar="STACK", help="the folder of the stack")
    _common(parser)
    add_choices(parser, Limits)


def _update(parser: Parser) -> None:
    add_updating(parser)
    _common(parser)
    add_choices(parser, Limits)


QUEUE_COMMANDS = {
    "add": "keep a stack with all that it needs, to be made later",
    "list": "show what is in the queue",
    "run": "make the waiting stacks one after another",
    "move": "change the order",
    "pause": "pass stacks over until they are retried",
    "retry": "let stacks that failed, were cancelled or are paused wait again",
    "remove": "take stacks out of the queue",
    "clear": "take out the stacks that are done or were cancelled",
}


def _queue(parser: Parser, given: Given) -> None:
    commands = parser.add_subparsers(
        dest="queue_command", required=True, parser_class=Parser, metavar="COMMAND"
    )
    made = {name: _command(commands, name, meaning) for name, meaning in QUEUE_COMMANDS.items()}
    add, run = made.pop("add"), made.pop("run")
    _convert(add, given)
    _common(run)
    for each in (add, run):
        add_cluster(each)
    add_choices(run, Limits)
    run.add_argument(
        "--then",
        choices=list(Power),
        type=Power,
        metavar="|".join(Power),
        help="What the computer does when the queue is done",
    )
    for name in ("move", "pause", "retry", "remove"):
        count = 1 if name == "move" else "+"
        made[name].add_argument(
            "numbers", metavar="NUMBER", type=int, nargs=count, help="as the list shows it"
        )
    made["move"].add_argument("place", metavar="PLACE", type=int, help="its new place, counted from 1")
    for each in made.values():
        each.add_argument("--json", action="store_true", help="Print one JSON object and nothing else")


def _sources(parser: Parser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a folder, searched with all below it; a ZIP or TAR file; a list of files (.csv, .tsv, .jsonl, "
        ".json, .txt); a single file; or an address of any of these (s3://, gs://, az://, https://). "
        f"A project ({SUFFIX}) stands for its sources and choices",
    )


def _common(parser: Parser) -> None:
    parser.add_argument(
        "--no-cache", action="store_true", help="Open every file again, even those known from an earlier scan"
    )
    parser.add_argument("--json", action="store_true", help="Print one JSON object and nothing else")
    parser.add_argument(
        "--workers", type=workers, metavar="N", help="Processes that decode (one for each processor)"
    )


def _on_warning(parser: Parser) -> None:
    parser.add_argument(
        "--on-warning",
        type=reader(OnWarning.parse),
        default=OnWarning.GO_ON,
        metavar="|".join(OnWarning),
        help=f"What a warning means; stop ends with status 2, before anything is written ({OnWarning.GO_ON})",
    )


def _redo_changed(parser: Parser | argparse._ArgumentGroup) -> None:
    parser.add_argument(
        "--redo-changed",
        action="store_true",
        help="When resuming, redo pictures that have changed since",
    )


def if_unfinished(arguments: argparse.Namespace) -> IfUnfinished:
    """Return what to do with an unfinished conversion, as it was typed.

    Raises
    ------
    UsageError
        When ``--redo-changed`` was typed without ``--resume``.
    """
    chosen: IfUnfinished = arguments.unfinished
    if not arguments.redo_changed:
        return chosen
    if chosen is not IfUnfinished.RESUME:
        raise UsageError("--redo-changed says how to resume; write --resume too.")
    return IfUnfinished.REDO
