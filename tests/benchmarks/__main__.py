"""Measure StackGUI against its targets, beside what one could use instead and what no program can beat.

python3 packaging/benchmark.py [--only NAME] [--json FILE] [--picture FILE] [--documents]
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from tests.benchmarks import documents, drawing, machine, profiled, running
from tests.benchmarks.data import REAL
from tests.benchmarks.parts import PARTS
from tests.benchmarks.record import Record
from tests.benchmarks.terminal import say, totals

FAILED, INTERRUPTED = 1, 130


def main() -> int:
    """Run the parts that were asked for; exit status 0 whatever they measure, 1 if a part failed."""
    wanted = _parse()
    try:
        if wanted.profile:
            profiled.main(wanted)
            return 0
        if wanted.compare_pictures:
            for line in running.compare_pictures(wanted):
                say(line)
            return 0
        record = Record.load(wanted.use) if wanted.use else running.run(wanted)
        if not wanted.use:
            _sum_up(record)
        _save(record, wanted)
    except KeyboardInterrupt:
        say("\nInterrupted. Temporary files are deleted; nothing was saved.", sys.stderr)
        return INTERRUPTED
    except (OSError, ValueError) as error:
        say(f"Nothing more can be done: {error}", sys.stderr)
        return FAILED
    return FAILED if record.failed else 0


def _save(record: Record, wanted: argparse.Namespace) -> None:
    for file, save in ((wanted.json, record.save), (wanted.picture, partial(drawing.save, record))):
        if file:
            save(file)
            say(f"Saved {file}")
    if wanted.documents:
        for file in documents.renew(record):
            say(f"Renewed {file}")


def _sum_up(record: Record) -> None:
    say(f"\n{totals(record.rows)}, in {record.seconds / 60:.1f} minutes; {record.pictures}")
    say(machine.in_words(record.machine, record.stolen))
    for outcome in record.outcomes:
        if outcome.problem:
            say(f"{outcome.name} failed: {outcome.problem.splitlines()[-1]}", sys.stderr)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 packaging/benchmark.py",
        description="Measure StackGUI against its targets. All of it takes about twelve minutes.",
        epilog="Parts:\n" + "\n".join(_about(name) for name in PARTS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--only", action="append", choices=PARTS, metavar="PART", help="may be given several times")
    add("--rounds", type=_count, default=5, help="how often each is measured (5)")
    add("--workers", type=_count, default=2, help="processes, also of the peers (2)")
    add("--quick", action="store_true", help="a handful of files: the figures mean nothing")
    add("--profile", action="store_true", help="show where processor time goes, by part, in µs a row")
    add("--folder", type=Path, help="where the temporary files go, hence whose disk is measured")
    add("--json", type=Path, metavar="FILE", help="save the figures, and on what machine")
    add("--picture", type=Path, metavar="FILE", help="draw the table as SVG")
    add("--documents", action="store_true", help="renew the tables and the picture in README.md and docs")
    add("--use", type=Path, metavar="FILE", help="measure nothing, and take what --json saved")
    add(
        "--compare-pictures",
        action="store_true",
        help=f"measure nothing, and compare the made pictures with the real ones that {REAL} names",
    )
    wanted = parser.parse_args()
    if wanted.documents and (wanted.only or wanted.quick):
        parser.error("the documents hold one whole run: --documents goes with neither --only nor --quick")
    for file in filter(None, (wanted.json, wanted.picture)):
        if not file.absolute().parent.is_dir():  # told now, not after twelve minutes
            parser.error(f"the folder of {file} does not exist")
    if wanted.profile and not set(wanted.only or ()) <= set(profiled.JOBS):
        parser.error(f"--profile knows {', '.join(profiled.JOBS)}")
    return wanted


def _about(name: str) -> str:
    return f"  {name:<12} {PARTS[name].title} (about {PARTS[name].expected_s:.0f} s)"


def _count(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
