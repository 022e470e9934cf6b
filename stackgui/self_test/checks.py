"""What is checked without a window: sample pictures, every kind of file, and workers that die."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from pebble import ProcessExpired

from stackgui import resources
from stackgui.core.base.choices import Channels
from stackgui.core.base.errors import StackguiError
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.report import Report
from stackgui.core.run.run_options import RunOptions
from stackgui.core.viewing.opened import Reading
from stackgui.engine import Control, Engine
from stackgui.engine.workers.workers import Workers
from stackgui.imaging.registry.declared import FORMATS, LIBRARIES
from stackgui.imaging.registry.registry import decoder_versions
from stackgui.self_test.kinds import KindFile, by_folder, unpacked

DAMAGED = {"cut-off.jpg"}
"""The sample picture that is there to show what becomes of damaged ones."""

AS_THEY_ARE = Options(channels=Channels.AUTO)
"""Whatever channels a file has are those of its row."""

LIMIT_S = 60.0
"""Time for a worker to start and to answer."""


NOT_LOOKED_AT = "not looked at"
"""Said of what an extra would bring that is not installed."""


class SelfTestError(Exception):
    """What does not work, as a sentence."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the checks work.

    Attributes
    ----------
    engine : Engine
    folder : str
        An empty folder of their own.
    """

    engine: Engine
    folder: str

    def scanned(self, source: str) -> Catalog:
        """Search a folder."""
        return self.engine.scan([source], Control(), cache=False)

    def converted(self, source: str, name: str, options: Options) -> Report:
        """Make the stack `name` of all that is in a folder."""
        run = RunOptions(destination=os.path.join(self.folder, name))
        return self.engine.convert(resolve(options, self.scanned(source)), run, Control())


def sample_pictures(bench: Bench) -> str:
    """Convert the sample pictures, and verify the stack."""
    report = bench.converted(str(resources.path("samples")), "samples", Options())
    failed = {os.path.basename(each.file): each.reason for each in report.failures}
    if failed.keys() != DAMAGED:
        raise SelfTestError(f"other sample pictures failed than should: {failed}")
    if not bench.engine.verify(report.stack, Control()).is_sound:
        raise SelfTestError("the stack of the sample pictures is not sound")
    return f"{report.rows - len(failed)} converted and verified, and a damaged one was found"


def every_kind(bench: Bench) -> str:
    """Decode a file of every kind, and compare what comes out."""
    folder = os.path.join(bench.folder, "kinds")
    listed = unpacked(folder)
    known = [kind for kind in listed if all(map(find_spec, kind.needs))]
    wrong = [
        problem
        for name, kinds in by_folder(known).items()
        for problem in _wrong(bench, os.path.join(folder, name), kinds)
    ]
    if wrong:
        raise SelfTestError(f"{len(wrong)} of {len(known)} come out otherwise: {'; '.join(wrong)}")
    told = f"come out as they should: {len(known)}"
    lacking = sorted({module for kind in listed for module in kind.needs if not find_spec(module)})
    if lacking:
        told += f"; {NOT_LOOKED_AT}, for want of {', '.join(lacking)}: {len(listed) - len(known)}"
    return told


def decoders(_bench: Bench) -> str:
    """Load every library that turns files into pixels."""
    versions = decoder_versions(format_.name for format_ in FORMATS)
    lacking = sorted({library.module for library in LIBRARIES} - versions.keys())
    needed = [library.module for library in LIBRARIES if library.module in lacking and not library.extra]
    if needed:
        raise SelfTestError(f"not to be loaded: {', '.join(needed)}")
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{told}; {NOT_LOOKED_AT}: {', '.join(lacking)}" if lacking else told


def _wrong(bench: Bench, folder: str, kinds: dict[str, KindFile]) -> Iterator[str]:
    """Yield the kinds in a folder that do not come out as they should."""
    try:
        report = bench.converted(folder, f"of-{os.path.basename(folder)}", AS_THEY_ARE)
    except StackguiError as error:
        yield f"{', '.join(kind.name for kind in kinds.values())} ({error})"
        return
    reasons = {os.path.basename(failure.file): failure.reason for failure in report.failures}
    rows = bench.engine.view(report.stack, Reading(), Control())
    try:
        names = [os.path.basename(facts.name) for facts in rows.facts(range(report.rows))]
        places = {name: row for row, name in enumerate(names)}
        for name, kind in kinds.items():
            if name in reasons or name not in places:
                yield f"{kind.name} ({reasons.get(name, 'it was not found')})"
                continue
            row = places[name]
            height, width = rows.size(row)
            if not kind.agrees_with(rows.pixels(row, (0, 0, height, width))):
                yield f"{kind.name} (other pixels)"
    finally:
        rows.close()


def workers_that_die(_bench: Bench) -> str:
    """Let a worker crash, as a decoder may, and have another do the next piece of work."""
    workers = Workers(1)
    try:
        if (found := workers.submit(_answer, (), LIMIT_S).result()) == os.getpid():
            raise SelfTestError("pictures would be decoded in the window’s own process")
        try:
            workers.submit(_crash, (), LIMIT_S).result()
        except ProcessExpired:
            after = workers.submit(_answer, (), LIMIT_S).result()
        else:
            raise SelfTestError("nobody noticed that a worker crashed")
        if after == found:
            raise SelfTestError("a worker that crashed still answers")
    finally:
        workers.close()
    return "one crashed, and another took its place"


def _answer() -> int:
    """In a worker: tell which process it is."""
    return os.getpid()


def _crash() -> None:
    """In a worker: crash."""
    signal.raise_signal(signal.SIGSEGV)


def programs_of_the_desktop(_bench: Bench) -> str:
    """Start a program of the system, which must not see the libraries that came with this one."""
    own = os.path.dirname(os.path.abspath(getattr(sys, "_MEIPASS", "") or sys.executable))
    printer = shutil.which("env")
    if printer is None:
        return "not looked at, because this system has no such program"
    printed = subprocess.run([printer], capture_output=True, text=True, check=True).stdout  # noqa: S603
    seen = [
        line.partition("=")[0]
        for line in printed.splitlines()
        if line.partition("=")[0] in LOADER_VARIABLES and own in line
    ]
    if getattr(sys, "frozen", False) and seen:
        raise SelfTestError(f"they would load libraries of StackGUI, by {', '.join(seen)}")
    return "see nothing of this one"


LOADER_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
"""Variables by which one program's libraries get into another."""
