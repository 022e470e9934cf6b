"""What is said of a stack that is brought up to date."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLocale, QTime

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_done
from stackgui.core.base.wording import Wording, say
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.update_report import FOUND, UpdateReport
from stackgui.gui.texts.language import tr

UPDATE_TIP = say("Shows what is new, changed or gone in its folders since, and takes it in.")

KINDS = {
    "new": say("new"),
    "changed": say("changed"),
    "renamed": say("renamed"),
    "retimed": say("written again"),
    "gone": say("gone"),
    "came_back": say("there again"),
    "relabelled": say("another label"),
    "annotated": say("other boxes"),
    "revalued": say("other values"),
}
"""What has become of a picture, in a table."""


def update_line(stack: str, report: UpdateReport | None, *, is_looking: bool) -> str:
    """Say in one line what was found or done."""
    name = printable(Path(stack).name)
    if is_looking or report is None:
        return tr("Looking what has changed in the folders of “{name}”.", name=name)
    if report.is_nothing and report.waiting:
        return tr("“{name}” waits for files that have only just changed.", name=name)
    if report.is_nothing:
        return tr("“{name}” is up to date: nothing is new, changed or gone.", name=name)
    if report.is_done:
        return tr("“{name}” is up to date again: {rows}.", name=name, rows=format_count(report.rows, "row"))
    return tr("“{name}” can be brought up to date.", name=name)


def update_details(report: UpdateReport | None) -> str:
    """Say how many pictures are new, changed and gone, and what else has to be known, in a line each."""
    if report is None:
        return ""
    counts = [tr(FOUND[kind](len(names))) for kind, names in report.found.items()]
    sentences: list[str] = [tr("{counts}.", counts=", ".join(counts))] if counts else []
    sentences += map(tr, report.remarks)
    if report.failures:
        sentences.append(tr("{rows} stayed blank.", rows=format_count(len(report.failures), "row")))
    return "\n".join(sentences)


def update_progress(progress: FillProgress, *, is_paused: bool = False) -> str:
    """Say how far an update is."""
    pictures = format_count(progress.rows_done, "picture")
    rows = format_done(progress.rows_done, progress.rows, "row")
    if is_paused:
        return tr("The update is paused: {rows}", rows=rows) if progress.rows else tr("The update is paused")
    match progress.phase:
        case Phase.SCANNING:
            return tr("Looking what has changed: {pictures}", pictures=pictures)
        case Phase.CHECKING:
            return tr("Comparing pictures that look the same: {rows}", rows=rows)
        case Phase.FILLING:
            return tr("Updating: {rows}", rows=rows)
        case Phase.SAVING | Phase.FINISHING:
            return tr("Bringing the new rows into the stack")
    return tr("Preparing the update")


def watching_line(looked_at: datetime | None, *, is_watched: bool) -> str:
    """Say that a stack is watched, and when that was last done."""
    if not is_watched:
        return ""
    if looked_at is None:
        return tr("Watching the folders.")
    time = QLocale().toString(
        QTime(looked_at.hour, looked_at.minute, looked_at.second), QLocale.FormatType.ShortFormat
    )
    return tr("Watching the folders; last looked at {time}.", time=time)


def kind_words(kind: str) -> Wording:
    """Say what has become of a picture."""
    return KINDS[kind]
