"""What the set-up shows while pip works: one moving line, or a line for each large package."""

from __future__ import annotations

import re
import subprocess
import sys
import time

LARGE_BYTES = 1000 * 1000
"""Smaller packages are there before anybody could read their names."""

REDRAW_S = 0.2
WIDTH = 76

_UNITS = {"bytes": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3}
_BEGUN = re.compile(r"\s*(Downloading|Using cached) (\S+?)(?:\.metadata)? \(([\d.]+) (bytes|kB|MB|GB)\)")
_GOES_ON = re.compile(r"Progress (\d+) of (\d+)")


def say(line: str) -> None:
    """Write to the terminal, and not to stdout, which belongs to the application."""
    print(line, file=sys.stderr, flush=True)


def megabytes(size_bytes: int) -> str:
    """Give a size in megabytes, as pip does."""
    return (
        "%.1f MB" % (size_bytes / 1000**2) if size_bytes < 10 * 1000**2 else "%d MB" % (size_bytes // 1000**2)
    )


class Downloads:
    """Reads pip's lines, and says how far it is.

    Parameters
    ----------
    moves
        Whether one line is written over and over, as at a terminal.
    """

    def __init__(self, moves: bool) -> None:  # noqa: FBT001 - of one meaning
        self._moves = moves
        self._package, self._here, self._whole = "", 0, 0
        self._before = 0
        self._drawn = -REDRAW_S

    @property
    def so_far(self) -> int:
        """Bytes of packages that were downloaded in this step."""
        return self._before + self._here

    def hear(self, line: str) -> str:
        """Take one line of pip's; give what to show now, or ``""``."""
        if begun := _BEGUN.match(line):
            return self._begin(begun[1], begun[2], round(float(begun[3]) * _UNITS[begun[4]]))
        if goes_on := _GOES_ON.match(line):
            self._here = int(goes_on[1])
            return self._now() if self._moves and self._is_due() else ""
        if line.startswith("Installing collected packages") and "," in line:
            size = " (%s downloaded)" % megabytes(self.so_far) if self.so_far else ""
            return "Installing %d packages%s ..." % (line.count(",") + 1, size)
        return ""

    def _begin(self, how: str, file: str, size: int) -> str:
        self._before, self._here = self.so_far, 0
        self._package, self._whole = file.partition("-")[0], size
        if how != "Downloading" or size < LARGE_BYTES:
            return ""
        return self._now()

    def _now(self) -> str:
        size = megabytes(self._whole)
        if self._moves:
            size = "%s of %s" % (megabytes(self._here), size)
        before = ", after %s of other packages" % megabytes(self._before) if self._before else ""
        return "Downloading %s: %s%s" % (self._package, size, before)

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now - self._drawn < REDRAW_S:
            return False
        self._drawn = now
        return True


def run(command: list[str], folder: str) -> tuple[int, str]:
    """Run one step in `folder` and show how far it is; give its exit status and all that it wrote."""
    moves = sys.stderr.isatty()
    downloads = Downloads(moves)
    output = []
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as step:
        for line in step.stdout:
            if not _GOES_ON.match(line):
                output.append(line)
            if shown := downloads.hear(line):
                _show(shown, moves)
    if moves:
        _show("", moves)
    return step.returncode, "".join(output)


def _show(text: str, moves: bool) -> None:  # noqa: FBT001 - of one meaning
    if moves:
        print("\r  " + text[:WIDTH].ljust(WIDTH), end="\r", file=sys.stderr, flush=True)
    else:
        say("  " + text)
