"""The kinds of files that a scan sees but does not take, and how many there are in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stackgui.core.base.units import enumerated
from stackgui.core.base.wording import Wording, counted, say

HIDDEN_FILES = "hidden files"
HIDDEN_FOLDERS = "hidden folders"
SYSTEM_FILES = "system files"
UNREADABLE = "unreadable files"
UNREADABLE_FOLDERS = "unreadable folders"
NOT_A_PICTURE = "not pictures"
BROKEN_LINKS = "broken links"
LINK_LOOPS = "link loops"
LINKS_OUTSIDE = "links to other places"
SPECIAL_FILES = "special files"
STACKS = "stacks"
ARCHIVES = "archives"
DAMAGED_ARCHIVES = "damaged archives"
UNSAFE_NAMES = "unsafe names in archives"
LINKS_IN_ARCHIVES = "links in archives"
NESTED_ARCHIVES = "archives in archives"
REPLACED = "files that an archive holds twice"
LINES_WITHOUT_FILE = "lines of lists without a file"
OUTSIDE_LIST = "files outside the folder of their list"
UNUSED_LINES = "lines of labels without a picture"
ANNOTATION_FILES = "annotation files"
LISTS = "lists"
EXCLUDED = "pictures excluded"
MISSING_SOURCES = "missing sources"
USELESS_LISTS = "lists that cannot be used"
OTHER_MASKS = "further masks"


SOURCES = frozenset({MISSING_SOURCES, USELESS_LISTS})
"""Kinds of sources that were given and left out."""


_COUNTED: Mapping[str, Callable[[int], Wording]] = {
    HIDDEN_FILES: counted("{count:,} hidden file", "{count:,} hidden files"),
    HIDDEN_FOLDERS: counted("{count:,} hidden folder", "{count:,} hidden folders"),
    SYSTEM_FILES: counted("{count:,} system file", "{count:,} system files"),
    UNREADABLE: counted("{count:,} unreadable file", "{count:,} unreadable files"),
    UNREADABLE_FOLDERS: counted("{count:,} unreadable folder", "{count:,} unreadable folders"),
    NOT_A_PICTURE: counted("{count:,} file that is not a picture", "{count:,} files that are not pictures"),
    BROKEN_LINKS: counted("{count:,} broken link", "{count:,} broken links"),
    LINK_LOOPS: counted(
        "{count:,} link that leads back to a folder above it",
        "{count:,} links that lead back to a folder above them",
    ),
    LINKS_OUTSIDE: counted("{count:,} link to another place", "{count:,} links to other places"),
    SPECIAL_FILES: counted("{count:,} special file", "{count:,} special files"),
    STACKS: counted("{count:,} stack", "{count:,} stacks"),
    ARCHIVES: counted("{count:,} archive", "{count:,} archives"),
    DAMAGED_ARCHIVES: counted("{count:,} damaged archive", "{count:,} damaged archives"),
    UNSAFE_NAMES: counted("{count:,} unsafe name in an archive", "{count:,} unsafe names in archives"),
    LINKS_IN_ARCHIVES: counted("{count:,} link in an archive", "{count:,} links in archives"),
    NESTED_ARCHIVES: counted("{count:,} archive in an archive", "{count:,} archives in archives"),
    REPLACED: counted(
        "{count:,} file that an archive holds twice", "{count:,} files that an archive holds twice"
    ),
    LINES_WITHOUT_FILE: counted(
        "{count:,} line of a list without a file", "{count:,} lines of lists without a file"
    ),
    OUTSIDE_LIST: counted(
        "{count:,} file outside the folder of its list", "{count:,} files outside the folder of their list"
    ),
    UNUSED_LINES: counted(
        "{count:,} line of labels without a picture", "{count:,} lines of labels without a picture"
    ),
    ANNOTATION_FILES: counted("{count:,} annotation file", "{count:,} annotation files"),
    LISTS: counted("{count:,} list", "{count:,} lists"),
    MISSING_SOURCES: counted("{count:,} source out of reach", "{count:,} sources out of reach"),
    USELESS_LISTS: counted("{count:,} list that cannot be used", "{count:,} lists that cannot be used"),
    EXCLUDED: counted("{count:,} picture excluded", "{count:,} pictures excluded"),
    OTHER_MASKS: counted(
        "{count:,} further mask of the same picture", "{count:,} further masks of the same pictures"
    ),
}
"""How many of each kind; stacks and JSON store the key."""


def format_skipped(counts: Mapping[str, int]) -> Wording:
    """Return the counts as text, for example ``"1 hidden file and 2 files that are not pictures"``."""
    return enumerated(
        [
            _COUNTED[kind](count) if kind in _COUNTED else say("{count:,} {kind}", count=count, kind=kind)
            for kind, count in counts.items()
        ]
    )
