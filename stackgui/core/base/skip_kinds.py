"""The kinds of files that a scan sees but does not take, with their names in singular and plural."""

from __future__ import annotations

from collections.abc import Mapping

from stackgui.core.base.units import format_count

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
EXCLUDED = "pictures excluded"

_NAMES: Mapping[str, tuple[str, str]] = {
    HIDDEN_FILES: ("hidden file", HIDDEN_FILES),
    HIDDEN_FOLDERS: ("hidden folder", HIDDEN_FOLDERS),
    SYSTEM_FILES: ("system file", SYSTEM_FILES),
    UNREADABLE: ("unreadable file", UNREADABLE),
    UNREADABLE_FOLDERS: ("unreadable folder", UNREADABLE_FOLDERS),
    NOT_A_PICTURE: ("file that is not a picture", "files that are not pictures"),
    BROKEN_LINKS: ("broken link", BROKEN_LINKS),
    LINK_LOOPS: ("link that leads back to a folder above it", "links that lead back to a folder above them"),
    LINKS_OUTSIDE: ("link to another place", LINKS_OUTSIDE),
    SPECIAL_FILES: ("special file", SPECIAL_FILES),
    STACKS: ("stack", STACKS),
    ARCHIVES: ("archive", ARCHIVES),
    DAMAGED_ARCHIVES: ("damaged archive", DAMAGED_ARCHIVES),
    UNSAFE_NAMES: ("unsafe name in an archive", UNSAFE_NAMES),
    LINKS_IN_ARCHIVES: ("link in an archive", LINKS_IN_ARCHIVES),
    NESTED_ARCHIVES: ("archive in an archive", NESTED_ARCHIVES),
    REPLACED: ("file that an archive holds twice", REPLACED),
    LINES_WITHOUT_FILE: ("line of a list without a file", LINES_WITHOUT_FILE),
    OUTSIDE_LIST: ("file outside the folder of its list", OUTSIDE_LIST),
    UNUSED_LINES: ("line of labels without a picture", UNUSED_LINES),
    EXCLUDED: ("picture excluded", EXCLUDED),
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
