"""What to type where something cannot be done or read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.ways import Way

TYPED = {
    Way.REPLACE: "--replace replaces it when the new one is done",
    Way.RESUME: "--resume goes on with it",
    Way.REDO_CHANGED: "--resume --redo-changed does those files again",
    Way.RESTART: "--restart throws away what it made",
    Way.FILE_STORAGE: "--storage file does without that memory",
    Way.BLANK_ON_ERROR: "--on-error blank leaves such a row blank and goes on",
    Way.FEWER_WORKERS: "--workers 1 takes the least memory",
    Way.SAMPLE_SECONDS: "--sample-seconds allows more time for each",
    Way.SAMPLE_MEMORY: "--sample-memory allows more memory for each",
    Way.FOLLOW_LINKS: "--follow-links follows links that lead elsewhere",
    Way.LIST_ROOT: "--list-root says in which folder the files of lists lie",
    Way.PATH_COLUMN: "--path-column names the column of files",
    Way.LABEL_COLUMN: "--label-column names the column of labels",
    Way.LABELS: "--labels says where labels come from",
    Way.ARCHIVES: "without --no-archives they are looked into",
    Way.ARRAY: "--array names the one to take",
    Way.FRAMES: "--frames takes another, or all",
    Way.CHANNELS: "--channels auto takes them as they are",
    Way.RGB: "--channels rgb makes three",
    Way.DTYPE: "--dtype chooses the kind of numbers",
    Way.SCALE: "--scale 0..1 brings them into range",
    Way.REDUCE: "--reduce min-max brings them into range",
    Way.REDUCE_FULL: "--reduce full-range takes all that they can hold",
    Way.UNSCALED: "--scale none leaves them as they are",
    Way.NON_FINITE: "--non-finite keep or zero takes such pictures all the same",
    Way.FILL: "--fill chooses the value of padding",
    Way.SIZE: "--size 480x640, for example, gives it",
    Way.SMALLER: "a smaller --size, --buckets or --dtype uint8 takes less",
    Way.SHRINK: "--shrink-from names those that are made smaller",
    Way.EXCLUDE: "--exclude-from names those that are left out",
}


_OPTION = re.compile("--[a-z-]+")


def lines(ways: Iterable[Way], said: str = "") -> list[str]:
    """What leads on, but for what `said` names already."""
    named = set(_OPTION.findall(said))
    return [TYPED[way] for way in dict.fromkeys(ways) if not named & set(_OPTION.findall(TYPED[way])[:1])]


def sentences(ways: Iterable[Way], said: str = "") -> str:
    """What leads on as sentences, but for what `said` names already."""
    parts = lines(ways, said)
    return f"{_capital('; '.join(parts))}." if parts else ""


def told(error: StackguiError) -> str:
    """What went wrong, and what to type now."""
    return f"{error} {sentences(error.ways, str(error))}".rstrip()


def _capital(text: str) -> str:
    return text if text.startswith("-") else f"{text[:1].upper()}{text[1:]}"
