"""What the benchmark tells while it runs: a line that moves, and the rows as they are found."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterable

from tests.benchmarks.measuring import Row, digits

REDRAW_S = 1.0
WIDE = 62
USUAL_COLUMNS = 140
"""Where no terminal tells how wide it is."""


class Terminal:
    """Tells how far it is on stderr, and what was found on stdout.

    Parameters
    ----------
    expected_s
        How long each part is expected to take, by its name, in order.
    """

    def __init__(self, expected_s: dict[str, float]) -> None:
        self._expected_s = expected_s
        self._began = self._part_began = time.monotonic()
        self._part, self._step, self._work = "", "", ""
        self._moves = sys.stderr.isatty()
        self._lock, self._over = threading.Lock(), threading.Event()
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        if self._moves:
            self._ticking.start()

    def begin(self, part: str, title: str) -> None:
        """Say which part begins."""
        with self._lock:
            self._clear()
            self._part_began, self._step, self._work = time.monotonic(), "", ""
            self._part = part
            say(f"\n{part}: {title}")
            if not self._moves:
                say(self._now(), sys.stderr)

    def step(self, what: str) -> None:
        """Note what is being done just now."""
        self._step = what

    def row(self, row: Row) -> None:
        """Print a row, below the work that it is about."""
        with self._lock:
            self._clear()
            if row.work != self._work:
                self._work = row.work
                say(f"  {row.work}")
            say(line(row, _columns()))

    def problem(self, sentence: str) -> None:
        """Say what went wrong."""
        with self._lock:
            self._clear()
            say(sentence, sys.stderr)

    def end(self) -> None:
        """Say nothing more."""
        self._over.set()
        with self._lock:
            self._clear()

    def _tick(self) -> None:
        while not self._over.wait(REDRAW_S):
            with self._lock:
                if self._part and not self._over.is_set():
                    sys.stderr.write("\r" + self._now().ljust(_width())[: _width()])
                    sys.stderr.flush()

    def _now(self) -> str:
        names = list(self._expected_s)
        place = f"[{names.index(self._part) + 1} of {len(names)}] {self._part}, {self._left()}"
        return f"{place}; {self._step}" if self._step else place

    def _left(self) -> str:
        """How much time is left; parts before tell how this computer compares with the one of the plan."""
        names = list(self._expected_s)
        here = names.index(self._part)
        done_s = sum(self._expected_s[name] for name in names[:here])
        pace = (self._part_began - self._began) / done_s if done_s else 1.0
        part_s = self._expected_s[self._part] * pace - (time.monotonic() - self._part_began)
        left_s = max(0.0, part_s) + pace * sum(self._expected_s[name] for name in names[here + 1 :])
        return f"about {left_s / 60:.0f} min left" if left_s >= 90 else f"about {max(left_s, 1):.0f} s left"

    def _clear(self) -> None:
        if self._moves:
            sys.stderr.write("\r" + " " * _width() + "\r")
            sys.stderr.flush()


def line(row: Row, width: int) -> str:
    """A row as a sentence, with its target and what stands behind it; in two lines where it is too long."""
    of_what = f"{row.unit} {row.against}" if row.is_ratio else f"{row.unit}: {row.against}"
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    target = f"target {row.target} {verdict}" if row.target else ""
    whole = f"{digits(row.measured):>9} {of_what:<{WIDE}} {target:<21} {row.note}".rstrip()
    if len(whole) <= width:
        return whole
    behind = "; ".join(filter(None, (target, row.note)))
    return f"{digits(row.measured):>9} {of_what}\n{'':>14}{behind}" if behind else whole


def totals(rows: Iterable[Row]) -> str:
    """How many targets were met."""
    verdicts = [row.met for row in rows if row.met is not None]
    return f"{sum(verdicts)} of {len(verdicts)} targets met"


def say(text: str, stream: object = None) -> None:
    """Write a line at once."""
    print(text, file=stream or sys.stdout, flush=True)


def _columns() -> int:
    return shutil.get_terminal_size((USUAL_COLUMNS, 24)).columns


def _width() -> int:
    return max(20, _columns() - 1)
