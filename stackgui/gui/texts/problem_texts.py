"""Sentences about problems."""

from __future__ import annotations

import re
from itertools import islice

from stackgui.core.advice.health import Decoded
from stackgui.core.advice.problem_files import ProblemFile
from stackgui.core.advice.problem_words import Severity
from stackgui.core.advice.problems import LEAVES_OUT, Deed, Problem, Problems
from stackgui.core.base.choice_table import Declared, FlagSpelling, Spelling, choices_of
from stackgui.core.base.kinds import OneOf
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_done
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.options.options import Options
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.texts import ways_out
from stackgui.gui.texts.language import tr, tr_many
from stackgui.gui.texts.stored import tr_stored

NOT_CHECKED = say(
    "So far only the beginnings of the files were read. A check also finds damaged files, exact copies, and "
    "pictures that are blank, very dark or very light."
)
NOTHING = say("Nothing is wrong with the files, as far as is known.")
HEADINGS = {
    Severity.CANNOT_BE_USED: say("Cannot be used"),
    Severity.LOOK_AT_IT: say("Look at it"),
    Severity.LEFT_ASIDE: say("Left aside"),
}
TIPS = {
    Severity.CANNOT_BE_USED: say("Pictures and files that cannot get into the stack as they are."),
    Severity.LOOK_AT_IT: say("What can be used, but may not be what you meant."),
    Severity.LEFT_ASIDE: say("What is not taken, and needs nothing from you."),
}
DEEDS = {
    Deed.LOOK: (say("Look at them"), "pictures", say("Shows these pictures.")),
    Deed.LEAVE_OUT: (
        say("Leave out"),
        "minus",
        say("Leaves these pictures out of the stack; their files stay as they are."),
    ),
    Deed.TAKE_IN: (say("Take in"), "plus", say("Puts these pictures back into the stack.")),
    Deed.RETRY: (
        say("Retry failed"),
        "retry",
        say("Reads the pictures of failed rows again, once you have repaired or replaced them."),
    ),
    Deed.SEARCH_AGAIN: (say("Look again"), "redo", say("Searches all sources once more.")),
    Deed.REMOVE: (say("Remove"), "minus", say("Takes these sources off the list; Undo puts them back.")),
}
"""Label, icon and tooltip of the button for each deed."""

SHOWN_FILES = 3


def deed_label(deed: Deed, count: int) -> str:
    """Return the label of the button for a deed about so many pictures."""
    return tr("Look at it") if deed is Deed.LOOK and count == 1 else tr(DEEDS[deed][0])


def checked_line(progress: FillProgress | None, trouble: str, decoded: Decoded) -> str:
    """Say how far the check of a plan's pictures has come, and what a run has read of them before."""
    if progress is not None:
        return tr("{pictures} checked.", pictures=format_done(progress.rows_done, progress.rows, "picture"))
    if trouble:
        return tr("The pictures could not be checked: {trouble}", trouble=trouble)
    pictures, checked, converted = decoded.pictures, decoded.checked, decoded.converted
    if checked is None and converted is not None:
        return _converted_line(converted, pictures)
    if checked is None:
        return tr(NOT_CHECKED)
    if checked < pictures:
        return tr("{pictures} were checked.", pictures=format_done(checked, pictures, "picture"))
    return tr("All pictures were checked.")


def _converted_line(converted: int, pictures: int) -> str:
    if converted < pictures:
        return tr(
            "{pictures} were read when the stack was made. A check reads them all, and also finds exact "
            "copies, and pictures that are blank, very dark or very light.",
            pictures=format_done(converted, pictures, "picture"),
        )
    return tr(
        "All pictures were read when the stack was made. A check also finds exact copies, and pictures that "
        "are blank, very dark or very light."
    )


def _spelled() -> dict[str, Declared]:
    """Return the choice for each option of the terminal."""
    return {
        spelling.option: each
        for declared in (Options, ScanOptions, RunOptions)
        for each in choices_of(declared).values()
        for spelling in each.spellings
        if isinstance(spelling, Spelling | FlagSpelling)
    }


_SPELLED = _spelled()
_OPTION = re.compile(r"(--[a-z][a-z-]*)(?: ([\w.]*\w))?")


def in_window(text: str) -> str:
    """Return a text of the core in the window's words: with captions where it names options.

    Pictures are left out by a button, and so that option has its label.
    """
    return _OPTION.sub(_captioned, tr(text))


def _captioned(found: re.Match[str]) -> str:
    option, value = found[1], found[2]
    if option not in _SPELLED:
        return found[0]
    each = _SPELLED[option]
    caption = tr(DEEDS[Deed.LEAVE_OUT][0] if option == LEAVES_OUT else each.caption)
    if isinstance(each.kind, OneOf) and value in {str(name) for name in each.kind.names}:
        return tr("“{caption}: {value}”", caption=caption, value=value)
    return tr("“{caption}”", caption=caption) + (f" {value}" if value else "")


def advice(problem: Problem) -> str:
    """Say what to do about a problem, and which choices may help."""
    return f"{tr(problem.advice)} {tr(ways_out.sentences(problem.ways))}".strip()


def file_line(file: ProblemFile) -> str:
    """Return the name of a file and what is wrong with it."""
    name = printable(file.name)
    return tr("{name}: {why}", name=name, why=tr_stored(file.why)) if file.why else name


def first_files(problem: Problem) -> str:
    """Name the first places of a problem or, where none are told, the first files; one a line."""
    if problem.places:
        return "\n".join(map(printable, problem.places[:SHOWN_FILES]))
    return "\n".join(file_line(file) for file in islice(problem.files, SHOWN_FILES))


def all_files(problem: Problem) -> str:
    """Name all files of a problem with their full paths, one a line, ready to be copied."""
    return "\n".join(
        f"{printable(file.path)}\t{tr_stored(file.why)}" if file.why else printable(file.path)
        for file in problem.files
    )


def list_label(count: int) -> str:
    """Return the label of the button that lists so many files."""
    return tr_many(count, "Show it", "List all {count:,}")


def heading(problems: Problems, severity: Severity) -> str:
    """Return the heading of a severity with the number of its problems."""
    return tr("{heading} ({count:,})", heading=HEADINGS[severity], count=len(problems.of(severity)))


def tab_title(title: str, problems: Problems) -> tuple[str, str]:
    """Return the title of the tab with the number of problems that need a person, and that number alone."""
    told, count = tr(title), problems.serious
    if not count:
        return told, ""
    return tr("{title} {count:,}", title=told, count=count), tr("{count:,}", count=count)


def count_label(problems: Problems) -> str:
    """Return the label of the button that leads to the problems that need a person."""
    return tr_many(problems.serious, "{count:,} problem", "{count:,} problems")


def look_first(problems: Problems) -> str:
    """Say that the problems that need a person should be looked at first, or ``""``."""
    if not problems.serious:
        return ""
    return tr_many(problems.serious, "Look at the problem first.", "Look at the problems first.")
