"""How much each kind of problem matters, and what to do about it, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from stackgui.core.advice.annotation_warnings import TURNED
from stackgui.core.advice.health import HealthKind
from stackgui.core.advice.mask_warnings import DAMAGED_MASKS, MISFITS
from stackgui.core.base import skip_kinds
from stackgui.core.base.skip_kinds import format_skipped
from stackgui.core.base.wording import Wording, say, say_many


class Severity(StrEnum):
    """How much a problem matters, the worst first."""

    CANNOT_BE_USED = "cannot be used"
    LOOK_AT_IT = "look at it"
    LEFT_ASIDE = "left aside"


UNREADABLE = "unreadable"
UNFIT = "unfit"
FAILED_ROWS = "failed rows"
"""Kinds of problems that are neither findings, nor warnings, nor skipped files."""

_SKIPPED: Mapping[str, Severity] = {
    skip_kinds.MISSING_SOURCES: Severity.CANNOT_BE_USED,
    skip_kinds.USELESS_LISTS: Severity.CANNOT_BE_USED,
    skip_kinds.UNREADABLE: Severity.CANNOT_BE_USED,
    skip_kinds.UNREADABLE_FOLDERS: Severity.CANNOT_BE_USED,
    skip_kinds.BROKEN_LINKS: Severity.CANNOT_BE_USED,
    skip_kinds.DAMAGED_ARCHIVES: Severity.CANNOT_BE_USED,
    skip_kinds.LINES_WITHOUT_FILE: Severity.CANNOT_BE_USED,
    skip_kinds.LINKS_OUTSIDE: Severity.LOOK_AT_IT,
    skip_kinds.OUTSIDE_LIST: Severity.LOOK_AT_IT,
    skip_kinds.UNSAFE_NAMES: Severity.LOOK_AT_IT,
    skip_kinds.NESTED_ARCHIVES: Severity.LOOK_AT_IT,
}
"""Kinds of skipped files that may have been meant as pictures; all others are left aside.

Lines of labels without a picture have a warning of their own.
"""

_ADVICE: Mapping[str, Callable[[int], Wording]] = {
    UNREADABLE: lambda count: say_many(
        count,
        "Its place in the array stays empty. Copy the file again, or leave it out.",
        "Their places in the array stay empty. Copy the files again, or leave them out.",
    ),
    FAILED_ROWS: lambda count: say_many(
        count,
        "Its place in that stack is empty. Copy the file again, and retry it.",
        "Their places in that stack are empty. Copy the files again, and retry them.",
    ),
    UNFIT: lambda count: say_many(
        count,
        "Its place in the array stays empty, unless you choose otherwise. You can also leave it out.",
        "Their places in the array stay empty, unless you choose otherwise. You can also leave them out.",
    ),
    MISFITS: lambda count: say_many(
        count,
        "Save the mask in the size of its picture and look again, or leave the picture out.",
        "Save the masks in the size of their pictures and look again, or leave the pictures out.",
    ),
    DAMAGED_MASKS: lambda count: say_many(
        count,
        "Copy the mask again and look again, or leave the picture out.",
        "Copy the masks again and look again, or leave the pictures out.",
    ),
    TURNED: lambda count: say_many(
        count,
        "Look at it. Orientation in the tab Boxes decides which way up its annotations are taken.",
        "Look at some. Orientation in the tab Boxes decides which way up their annotations are taken.",
    ),
    HealthKind.ODD_SIZE: lambda count: say_many(
        count,
        "It is far from the size of most pictures. Leave it out if it is not meant to be here.",
        "They are far from the size of most pictures. Leave out what is not meant to be here.",
    ),
    HealthKind.ODD_SHAPE: lambda count: say_many(
        count,
        "It is far wider or higher than most pictures are. Leave it out if it is not meant to be here.",
        "They are far wider or higher than most pictures are. Leave out what is not meant to be here.",
    ),
    HealthKind.DUPLICATE: lambda count: say_many(
        count,
        "It has the same pixels under another name. Leave it out to keep the first only.",
        "They have the same pixels under other names. Leave them out to keep only the first of each.",
    ),
    HealthKind.NEAR_DUPLICATE: lambda count: say_many(
        count,
        "It may be a copy in another size or quality. Leave it out to keep the first only.",
        "They may be copies in another size or quality. Leave them out to keep only the first of each.",
    ),
    HealthKind.BLANK: lambda count: say_many(
        count,
        "All its pixels are nearly the same. Leave it out if there is nothing to learn from it.",
        "All their pixels are nearly the same. Leave out those from which there is nothing to learn.",
    ),
    HealthKind.DARK: lambda count: say_many(
        count,
        "It is nearly black all over. Leave it out if there is nothing to learn from it.",
        "They are nearly black all over. Leave out those from which there is nothing to learn.",
    ),
    HealthKind.LIGHT: lambda count: say_many(
        count,
        "It is nearly white all over. Leave it out if there is nothing to learn from it.",
        "They are nearly white all over. Leave out those from which there is nothing to learn.",
    ),
    skip_kinds.MISSING_SOURCES: lambda count: say_many(
        count,
        "None of its pictures is here. Connect the disk or the network, or put it back, and look again.",
        "None of their pictures are here. Connect the disk or the network, or put them back, and look again.",
    ),
    skip_kinds.USELESS_LISTS: lambda count: say_many(
        count,
        "The pictures were searched without it. Remove it, or correct the list and look again.",
        "The pictures were searched without them. Remove them, or correct the lists and look again.",
    ),
    skip_kinds.UNREADABLE: lambda count: say_many(
        count,
        "It could not be opened. See that you are allowed to read it.",
        "They could not be opened. See that you are allowed to read them.",
    ),
    skip_kinds.UNREADABLE_FOLDERS: lambda count: say_many(
        count,
        "Whatever is in it is missing here. See that you are allowed to open it.",
        "Whatever is in them is missing here. See that you are allowed to open them.",
    ),
    skip_kinds.BROKEN_LINKS: lambda count: say_many(
        count,
        "The file to which it leads is gone. Put it back, or delete the link.",
        "The files to which they lead are gone. Put them back, or delete the links.",
    ),
    skip_kinds.DAMAGED_ARCHIVES: lambda count: say_many(
        count,
        "Whatever is in it is missing here. Copy it again from where it came from.",
        "Whatever is in them is missing here. Copy them again from where they came from.",
    ),
    skip_kinds.LINES_WITHOUT_FILE: lambda count: say_many(
        count,
        "See that the list spells the name as the file does, and that the file is there.",
        "See that the list spells the names as the files do, and that the files are there.",
    ),
    skip_kinds.LINKS_OUTSIDE: lambda count: say_many(
        count,
        "It leads out of your folders, so it was not followed. Add the folder to which it leads.",
        "They lead out of your folders, so they were not followed. Add the folders to which they lead.",
    ),
    skip_kinds.OUTSIDE_LIST: lambda count: say_many(
        count,
        "Lists may only name files below their own folder. Put the list where the file is.",
        "Lists may only name files below their own folder. Put the list where the files are.",
    ),
    skip_kinds.UNSAFE_NAMES: lambda count: say_many(
        count,
        "Its name leads out of the archive, so it was not taken. Unpack the archive to look at it.",
        "Their names lead out of the archive, so they were not taken. Unpack the archive to look at them.",
    ),
    skip_kinds.NESTED_ARCHIVES: lambda count: say_many(
        count,
        "It was not opened. If it holds pictures, unpack it first.",
        "They were not opened. If they hold pictures, unpack them first.",
    ),
    skip_kinds.EXCLUDED: lambda count: say_many(
        count,
        "It gets no place in the array; its file stays as it is.",
        "They get no places in the array; their files stay as they are.",
    ),
}
"""What to do about so many; no entry for what needs nothing."""


def severity_of_skipped(kind: str) -> Severity:
    """Return how much skipped files of this kind matter."""
    return _SKIPPED.get(kind, Severity.LEFT_ASIDE)


def advice_on(kind: str, count: int) -> str:
    """Return what to do about `count` pictures or files with this kind of problem, or ``""``."""
    return _ADVICE[kind](count) if kind in _ADVICE else ""


def skipped_words(kind: str, count: int) -> Wording:
    """Say how many files of this kind were skipped, or how many pictures were left out."""
    if kind == skip_kinds.EXCLUDED:
        return say_many(count, "{count:,} picture left out by you.", "{count:,} pictures left out by you.")
    if kind == skip_kinds.MISSING_SOURCES:
        return say_many(count, "{count:,} source cannot be reached.", "{count:,} sources cannot be reached.")
    if kind == skip_kinds.USELESS_LISTS:
        return say_many(
            count, "{count:,} list of files cannot be used.", "{count:,} lists of files cannot be used."
        )
    return say("{files}.", files=format_skipped({kind: count}))
