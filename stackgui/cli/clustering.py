"""Parts of a cluster, started from the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stackgui.cli.answers import COMPLETE, Answer
from stackgui.cli.printing import print_to_stream
from stackgui.cli.reading import reader, workers
from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.path_map import SIGN, PathMap
from stackgui.engine.cluster.extra import require_dask
from stackgui.engine.sources.reading import not_read

PORT = 8786
"""The one that Dask's own scheduler takes."""

ADDRESS = "tcp://HOST:PORT|FILE|local:N"

CLUSTER_COMMANDS = {
    "scheduler": "run the scheduler of a cluster; workers and conversions connect to it",
    "worker": "let this computer work for a scheduler",
}


def add_cluster(parser: argparse.ArgumentParser) -> None:
    """Add ``--cluster``."""
    parser.add_argument(
        "--cluster",
        type=reader(ClusterAddress.parse),
        metavar=ADDRESS,
        help="Let a Dask cluster do the work: its scheduler’s address or file, or workers on this computer",
    )


def add_cluster_parts(parser: argparse.ArgumentParser, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add the sub-commands of ``stackgui cluster``."""
    commands: Any = parser.add_subparsers(
        dest="cluster_command", required=True, parser_class=parser_class, metavar="COMMAND"
    )
    made = {name: commands.add_parser(name, help=text) for name, text in CLUSTER_COMMANDS.items()}
    made["scheduler"].add_argument("--host", default="", help="Address to listen at (all of this computer)")
    made["scheduler"].add_argument(
        "--port", type=int, default=PORT, help=f"Port to listen at ({PORT}); 0 takes one that is free"
    )
    made["scheduler"].add_argument(
        "--scheduler-file", default="", metavar="FILE", help="Write the address into this file"
    )
    made["worker"].add_argument(
        "address",
        metavar="ADDRESS",
        type=reader(ClusterAddress.parse),
        help="the scheduler’s address or file",
    )
    made["worker"].add_argument(
        "--workers", type=workers, default=1, metavar="N", help="Processes that decode here (1)"
    )
    made["worker"].add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FOLDER=FOLDER|FILE",
        help="A folder that has another name here: its name for whoever converts, “=”, and its name here; "
        "or a file of such lines; may be repeated",
    )
    for each in made.values():
        each.add_argument("--json", action="store_true", help="Print one JSON object and nothing else")


def run_part(arguments: argparse.Namespace) -> Answer:
    """Run a part of a cluster until it ends."""
    require_dask()
    from stackgui.engine.cluster import hosting  # noqa: PLC0415 - Dask is slow to import, and an extra

    if arguments.cluster_command == "scheduler":
        hosting.run_scheduler(arguments.host, arguments.port, arguments.scheduler_file, _announce)
    elif arguments.address.local_workers:
        raise UsageError("A worker needs the address or the file of a scheduler that runs somewhere.")
    else:
        hosting.run_worker(arguments.address, arguments.workers, _paths(arguments.map), _announce)
    return COMPLETE, {"status": "complete"}, []


def _paths(typed: Sequence[str]) -> PathMap:
    """Read what was typed about folders that have other names here; raises UsageError."""
    lines: list[str] = []
    for text in typed:
        if SIGN in text:
            lines.append(text)
            continue
        try:
            lines += Path(text).read_text("utf-8").splitlines()
        except OSError as error:
            raise not_read("list of folders", text, error) from error
        except ValueError as error:
            raise UsageError(f"{printable(text)} is not a text file in UTF-8.") from error
    return PathMap.parse(lines)


def _announce(sentence: str) -> None:
    print_to_stream(sentence, sys.stderr)
