"""Ways out of problems: the choices that may help; the terminal and the window put them into words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto

from stackgui.core.base import skip_kinds


class Way(Enum):
    """A choice that may help; the terminal refers to it by its option, the window by its control."""

    REPLACE = auto()
    OTHER_NAME = auto()
    NO_REPORT = auto()
    RESUME = auto()
    REDO_CHANGED = auto()
    RESTART = auto()
    FILE_STORAGE = auto()
    BLANK_ON_ERROR = auto()
    FEWER_WORKERS = auto()
    SAMPLE_SECONDS = auto()
    SAMPLE_MEMORY = auto()
    FOLLOW_LINKS = auto()
    LIST_ROOT = auto()
    PATH_COLUMN = auto()
    LABEL_COLUMN = auto()
    LABELS = auto()
    GROUPS = auto()
    ARCHIVES = auto()
    ARRAY = auto()
    FRAMES = auto()
    CHANNELS = auto()
    RGB = auto()
    DTYPE = auto()
    SCALE = auto()
    REDUCE = auto()
    REDUCE_FULL = auto()
    UNSCALED = auto()
    NON_FINITE = auto()
    FILL = auto()
    SIZE = auto()
    SMALLER = auto()
    SHRINK = auto()
    EXCLUDE = auto()
    OTHER_VERSIONS = auto()
    RESIZER = auto()
    SHRINK_LARGER = auto()
    EMPTY_SOURCES = auto()


_OF_REASONS = (
    (re.compile("it is a link that leads out of the folder"), (Way.FOLLOW_LINKS, Way.LIST_ROOT)),
    (re.compile("there is no (?:such )?file"), (Way.LIST_ROOT,)),
    (re.compile("none of its columns is called"), (Way.PATH_COLUMN,)),
    (re.compile("it holds (?:several arrays|no array called)"), (Way.ARRAY,)),
    (re.compile("it has [0-9,]+ frames or pages, so none has"), (Way.FRAMES,)),
    (re.compile("it has [0-9,]+ channels?, which cannot become"), (Way.CHANNELS,)),
    (re.compile("it has [0-9,]+ channels? and no palette"), (Way.CHANNELS, Way.RGB, Way.EXCLUDE)),
    (re.compile("it has values above .* although its file says"), (Way.REDUCE,)),
    (re.compile("[0-9,]+ of its values (?:is|are) not finite"), (Way.NON_FINITE,)),
    (re.compile("reading it takes longer than"), (Way.SAMPLE_SECONDS,)),
    (re.compile("(?:reading it takes|it needs) more memory than"), (Way.SAMPLE_MEMORY,)),
)
"""Ways out by the beginning of the reason. Stacks keep reasons only as text, so the text has to suffice."""

_OF_KINDS = {
    skip_kinds.LINKS_OUTSIDE: (Way.FOLLOW_LINKS,),
    skip_kinds.OUTSIDE_LIST: (Way.LIST_ROOT,),
    skip_kinds.ARCHIVES: (Way.ARCHIVES,),
}


def ways_of_reasons(reasons: Iterable[str]) -> tuple[Way, ...]:
    """Return the ways out for samples that cannot be used for these reasons, each once."""
    each = dict.fromkeys(reasons)  # thousands of samples may have the same
    found = (ways for reason in each for pattern, ways in _OF_REASONS if pattern.match(reason))
    return tuple(dict.fromkeys(way for ways in found for way in ways))


def ways_of_kinds(kinds: Iterable[str]) -> tuple[Way, ...]:
    """Return the ways out for files of these kinds that a scan did not take, each once."""
    return tuple(dict.fromkeys(way for kind in kinds for way in _OF_KINDS.get(kind, ())))
