"""Sentences about problems."""

from __future__ import annotations

from itertools import islice

from stackgui.core.advice.problem_files import ProblemFile
from stackgui.core.advice.problem_words import Severity
from stackgui.core.advice.problems import Deed, Problem, Problems
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.run.run import FillProgress
from stackgui.gui.texts import ways_out

NOT_CHECKED = (
    "Only the headers of the files have been read so far. To find damaged files, exact copies, and pictures "
    "that are blank, very dark or very light, every picture has to be decoded."
)
NOTHING = "Nothing is wrong with the files, as far as is known."
HEADINGS = {
    Severity.CANNOT_BE_USED: "Cannot be used",
    Severity.LOOK_AT_IT: "Look at it",
    Severity.LEFT_ASIDE: "Left aside",
}
TIPS = {
    Severity.CANNOT_BE_USED: "Pictures and files that cannot get into the stack as they are.",
    Severity.LOOK_AT_IT: "What can be used, but may not be what you meant.",
    Severity.LEFT_ASIDE: "What is not taken, and needs nothing from you.",
}
DEEDS = {
    Deed.LOOK: ("Look at them", "pictures", "Shows these pictures."),
    Deed.LEAVE_OUT: (
        "Leave out", "minus", "Leaves these pictures out of the stack; their files stay as they are.",
    ),
    Deed.TAKE_IN: ("Take in", "plus", "Puts these pictures back into the stack."),
    Deed.RETRY: (
        "Retry failed", "retry",
        "Reads the pictures of failed rows again, once you have repaired or replaced them.",
    ),
}  # fmt: skip
"""Label, icon and tooltip of the button for each deed."""

SHOWN_FILES = 3


def checked_line(progress: FillProgress | None, trouble: str, checked: int | None, pictures: int) -> str:
    """Say how far the check of a plan's pictures has come; `checked` is None before the first."""
    if progress is not None:
        return f"{progress.rows_done:,} of {format_count(progress.rows, 'picture')} checked."
    if trouble:
        return f"The pictures could not be checked: {trouble}"
    if checked is None:
        return NOT_CHECKED
    if checked < pictures:
        return f"{checked:,} of {format_count(pictures, 'picture')} were checked."
    return "All pictures were checked."


def advice(problem: Problem) -> str:
    """Say what to do about a problem, and which choices may help."""
    return f"{problem.advice} {ways_out.sentences(problem.ways)}".strip()


def file_line(file: ProblemFile) -> str:
    """Return the name of a file and what is wrong with it."""
    return f"{printable(file.name)}: {file.why}" if file.why else printable(file.name)


def first_files(problem: Problem) -> str:
    """Name the first files of a problem, one a line."""
    return "\n".join(file_line(file) for file in islice(problem.files, SHOWN_FILES))


def all_files(problem: Problem) -> str:
    """Name all files of a problem with their full paths, one a line, ready to be copied."""
    return "\n".join(
        f"{printable(file.path)}\t{file.why}" if file.why else printable(file.path) for file in problem.files
    )


def heading(problems: Problems, severity: Severity) -> str:
    """Return the heading of a severity with the number of its problems."""
    return f"{HEADINGS[severity]} ({len(problems.of(severity)):,})"


def tab_title(title: str, problems: Problems) -> str:
    """Return the title of the tab with the number of problems that need a person."""
    return f"{title} {problems.serious:,}" if problems.serious else title
