"""The kinds of files that a scan sees but does not take, with their names in singular and plural."""

from __future__ import annotations

from collections.abc import Mapping

from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say

HIDDEN_FILES = say("hidden files")
HIDDEN_FOLDERS = say("hidden folders")
SYSTEM_FILES = say("system files")
UNREADABLE = say("unreadable files")
UNREADABLE_FOLDERS = say("unreadable folders")
NOT_A_PICTURE = say("not pictures")
BROKEN_LINKS = say("broken links")
LINK_LOOPS = say("link loops")
LINKS_OUTSIDE = say("links to other places")
SPECIAL_FILES = say("special files")
STACKS = "stacks"
ARCHIVES = "archives"
DAMAGED_ARCHIVES = say("damaged archives")
UNSAFE_NAMES = say("unsafe names in archives")
LINKS_IN_ARCHIVES = say("links in archives")
NESTED_ARCHIVES = say("archives in archives")
REPLACED = say("files that an archive holds twice")
LINES_WITHOUT_FILE = say("lines of lists without a file")
OUTSIDE_LIST = say("files outside the folder of their list")
UNUSED_LINES = say("lines of labels without a picture")
EXCLUDED = say("pictures excluded")

_NAMES: Mapping[str, tuple[str, str]] = {
    HIDDEN_FILES: (say("hidden file"), HIDDEN_FILES),
    HIDDEN_FOLDERS: (say("hidden folder"), HIDDEN_FOLDERS),
    SYSTEM_FILES: (say("system file"), SYSTEM_FILES),
    UNREADABLE: (say("unreadable file"), UNREADABLE),
    UNREADABLE_FOLDERS: (say("unreadable folder"), UNREADABLE_FOLDERS),
    NOT_A_PICTURE: (say("file that is not a picture"), say("files that are not pictures")),
    BROKEN_LINKS: (say("broken link"), BROKEN_LINKS),
    LINK_LOOPS: (
        say("link that leads back to a folder above it"),
        say("links that lead back to a folder above them"),
    ),
    LINKS_OUTSIDE: (say("link to another place"), LINKS_OUTSIDE),
    SPECIAL_FILES: (say("special file"), SPECIAL_FILES),
    STACKS: ("stack", STACKS),
    ARCHIVES: ("archive", ARCHIVES),
    DAMAGED_ARCHIVES: (say("damaged archive"), DAMAGED_ARCHIVES),
    UNSAFE_NAMES: (say("unsafe name in an archive"), UNSAFE_NAMES),
    LINKS_IN_ARCHIVES: (say("link in an archive"), LINKS_IN_ARCHIVES),
    NESTED_ARCHIVES: (say("archive in an archive"), NESTED_ARCHIVES),
    REPLACED: (say("file that an archive holds twice"), REPLACED),
    LINES_WITHOUT_FILE: (say("line of a list without a file"), LINES_WITHOUT_FILE),
    OUTSIDE_LIST: (say("file outside the folder of its list"), OUTSIDE_LIST),
    UNUSED_LINES: (say("line of labels without a picture"), UNUSED_LINES),
    EXCLUDED: (say("picture excluded"), EXCLUDED),
}
"""Singular and plural of every kind; stacks and JSON store the key."""


def one_of(kind: str) -> str:
    """Return the singular of `kind`, for example ``"hidden file"``."""
    return _NAMES.get(kind, (kind, kind))[0]


def several_of(kind: str) -> str:
    """Return the plural of `kind`, for example ``"hidden files"``."""
    return _NAMES.get(kind, (kind, kind))[1]


def format_skipped(counts: Mapping[str, int]) -> str:
    """Return the counts as text, for example ``"1 hidden file and 2 files that are not pictures"``."""
    parts = [format_count(count, *_NAMES.get(kind, (kind, kind))) for kind, count in counts.items()]
    return " and ".join((*([", ".join(parts[:-1])] if parts[1:] else []), *parts[-1:]))
