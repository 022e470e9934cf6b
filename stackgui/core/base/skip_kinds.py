"""The kinds of what a scan sees and does not take, each in one and in several."""

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

_SAID: Mapping[str, tuple[str, str]] = {
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
"""For every kind, as it stands in stacks and in JSON, how one and how several are called."""


def one_of(kind: str) -> str:
    """What one of `kind` is called, for example ``"hidden file"``."""
    return _SAID.get(kind, (kind, kind))[0]


def several_of(kind: str) -> str:
    """What several of `kind` are called, for example ``"hidden files"``."""
    return _SAID.get(kind, (kind, kind))[1]


def format_skipped(counts: Mapping[str, int]) -> str:
    """What was left aside, for example ``"1 hidden file and 2 files that are not pictures"``."""
    said = [format_count(count, *_SAID.get(kind, (kind, kind))) for kind, count in counts.items()]
    return " and ".join((*([", ".join(said[:-1])] if said[1:] else []), *said[-1:]))
