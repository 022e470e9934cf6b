"""What to type if something cannot be done or read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.ways import Way
from stackgui.core.plan.manifest_form import is_listed

TYPED = {
    Way.REPLACE: "--replace replaces it when the new one is done",
    Way.OTHER_NAME: "--out names another place",
    Way.NO_REPORT: "without --report none is written",
    Way.RESUME: "--resume continues it",
    Way.REDO_CHANGED: "--resume --redo-changed redoes those files",
    Way.RESTART: "--restart throws away what it made",
    Way.FILE_STORAGE: "--storage file does not need that memory",
    Way.BLANK_ON_ERROR: "--on-error blank leaves such a row blank and continues",
    Way.FEWER_WORKERS: "--workers 1 needs the least memory",
    Way.SAMPLE_SECONDS: "--sample-seconds allows more time for each",
    Way.SAMPLE_MEMORY: "--sample-memory allows more memory for each",
    Way.FOLLOW_LINKS: "--follow-links follows links that lead elsewhere",
    Way.LIST_ROOT: "--list-root names the folder in which the files of lists are",
    Way.PATH_COLUMN: "--path-column names the column of files",
    Way.LABEL_COLUMN: "--label-column names the column of labels",
    Way.LABELS: "--labels says where labels come from",
    Way.GROUPS: "--group-by says which pictures belong together",
    Way.ARCHIVES: "without --no-archives they are opened",
    Way.ARRAY: "--array names the one to use",
    Way.FRAMES: "--frames chooses another, or all",
    Way.CHANNELS: "--channels auto keeps them as they are",
    Way.RGB: "--channels rgb makes three",
    Way.DTYPE: "--dtype chooses how pixels are stored",
    Way.SCALE: "--scale 0..1 scales them into range",
    Way.REDUCE: "--reduce min-max scales them into range",
    Way.REDUCE_FULL: "--reduce full-range counts the largest possible value as white",
    Way.UNSCALED: "--scale none leaves them as they are",
    Way.NON_FINITE: "--non-finite keep or zero accepts such pictures",
    Way.FILL: "--fill chooses the value of padding",
    Way.SIZE: "--size 480x640 (480 high, 640 wide), for example, sets it",
    Way.SMALLER: "a smaller --size, --buckets or --dtype uint8 needs less",
    Way.SHRINK: "--shrink-from names pictures to shrink",
    Way.EXCLUDE: "--exclude-from names pictures to leave out",
    Way.OTHER_VERSIONS: "--allow-other-versions goes on, and the stack records both",
    Way.RESIZER: "--resizer pillow scales by Pillow",
    Way.SHRINK_LARGER: "--larger shrink makes them smaller",
    Way.EMPTY_SOURCES: "if they were deleted on purpose, --allow-empty-sources marks them as gone",
}


_OPTION = re.compile("--[a-z-]+")


def lines(ways: Iterable[Way], shown: str = "") -> list[str]:
    """Return what to type, except options that `shown` names already."""
    named = set(_OPTION.findall(shown))
    return [TYPED[way] for way in dict.fromkeys(ways) if not named & set(_OPTION.findall(TYPED[way])[:1])]


def sentences(ways: Iterable[Way], shown: str = "") -> str:
    """Return what to type in a sentence, except options that `shown` names already."""
    parts = lines(ways, shown)
    return f"{_capital('; '.join(parts))}." if parts else ""


def explained(error: StackguiError) -> str:
    """Return what went wrong, and what to type now."""
    return f"{error} {sentences(error.ways, str(error))}".rstrip()


def _capital(text: str) -> str:
    return text if text.startswith("-") else f"{text[:1].upper()}{text[1:]}"


def lists_all(rows: int) -> str:
    """Return where all failed rows of a stack of so many rows are listed."""
    return "manifest.csv lists all" if is_listed(rows) else "its manifest lists all"
