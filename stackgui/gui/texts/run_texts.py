"""Sentences about runs, checks and finished stacks."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QTime

from stackgui.core.base.addresses import is_address
from stackgui.core.base.skip_kinds import EXCLUDED
from stackgui.core.base.text import printable
from stackgui.core.base.units import (
    DAY_S,
    format_bytes,
    format_count,
    format_done,
    format_duration,
    format_part,
    format_rate,
    format_seconds,
    format_shape,
    singular_part,
)
from stackgui.core.base.ways import ways_of_reasons
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Report, RetryReport, Status, Unfinished
from stackgui.core.run.verify import VerifyReport
from stackgui.gui.texts import bucket_texts, ways_out
from stackgui.gui.texts.annotation_texts import boxes_line
from stackgui.gui.texts.language import locale, tr, tr_many

PHASES = {
    Phase.PREPARING: say("Getting ready"),
    Phase.SCANNING: say("Looking at the pictures again"),
    Phase.MEASURING: say("Measuring the pictures"),
    Phase.CHECKING: say("Checking the rows already written"),
    Phase.FILLING: say("Converting"),
    Phase.PAUSED: say("Paused"),
    Phase.SAVING: say("Saving the array"),
    Phase.FINISHING: say("Writing the list of files"),
    Phase.REPORTING: say("Writing the report"),
    Phase.EXPORTING: say("Exporting"),
    Phase.SENDING: say("Sending"),
}


_CANCELLED = {
    Phase.PREPARING: say("You cancelled while the conversion was getting ready."),
    Phase.SCANNING: say("You cancelled while the pictures were looked at again."),
    Phase.MEASURING: say("You cancelled while the pictures were measured."),
    Phase.CHECKING: say("You cancelled while the rows already written were checked."),
    Phase.SAVING: say("You cancelled while the stack was saved."),
    Phase.FINISHING: say("You cancelled while the list of files was written."),
}
"""What is said of runs that were cancelled before or after rows were written."""


def cancelled_line(phase: Phase) -> Wording:
    """Say what was going on when a run was cancelled; `left_line` says what it has left."""
    return _CANCELLED.get(phase, say("You cancelled the conversion."))


_OF_PICTURES = {Phase.SCANNING, Phase.MEASURING}
"""What counts pictures, before any row is written."""


def progress_line(progress: FillProgress, *, paused: bool, retrying: bool = False, still_s: int = 0) -> str:
    """Return rows, rate, time left and failures of a run, or of a retry of its failed rows.

    `still_s` are the seconds for which nothing has become of it, if that is worth saying.
    """
    phase = PHASES[Phase.PAUSED] if paused else PHASES[progress.phase]
    if retrying and phase == PHASES[Phase.FILLING]:
        phase = say("Retrying")
    parts = [tr(phase)]
    # At first, neither what is done nor what is to be done is known.
    is_counted = progress.rows > 0 and progress.phase is not Phase.PREPARING
    if is_counted and progress.phase in _OF_PICTURES:
        parts.append(tr(format_done(progress.rows_done, progress.rows, "picture")))
    elif is_counted:
        parts.append(tr(format_done(progress.rows_done, progress.rows, "row")))
    if progress.rows_per_s and not paused:
        parts.append(tr(format_rate(progress.rows_per_s, "row")))
    if progress.seconds_left is not None and not paused:
        parts.append(tr("{time} left", time=format_duration(progress.seconds_left)))
    if progress.failed:
        parts.append(tr("{failed:,} could not be read", failed=progress.failed))
    if still_s and not paused:
        parts.append(tr("nothing new for {seconds:,} s", seconds=still_s))
    return " · ".join(parts)


def check_line(stack: str, report: VerifyReport | None, problem: str) -> str:
    """Say whether a stack is sound, damaged, or still being verified."""
    name = printable(Path(stack).name)
    if problem:
        return tr(problem)
    if report is None:
        return tr("Verifying “{name}”.", name=name)
    return (
        tr("Verified: nothing has changed in “{name}”.", name=name)
        if report.is_sound
        else tr("“{name}” is damaged.", name=name)
    )


def check_progress(progress: FillProgress | None) -> str:
    """Say how many rows have been verified."""
    return (
        tr("{rows} checked", rows=format_done(progress.rows_done, progress.rows, "row")) if progress else ""
    )


def check_details(report: VerifyReport) -> str:
    """Say what was compared with what, and what to do about damage."""
    sentences = [tr("{rows} checked against their checksums.", rows=format_count(report.rows, "row"))]
    if report.decoded:
        sentences.append(tr("{rows} compared with the pictures.", rows=format_count(report.decoded, "row")))
    if changed := len(report.not_compared):
        sentences.append(
            tr(
                "{pictures} not compared: changed since the stack was made, gone, or made by other versions.",
                pictures=format_count(changed, "picture"),
            )
        )
    if report.gone:
        sentences.append(tr(report.gone_line))
    if not report.is_sound:
        sentences.append(tr("Convert the pictures again, or fetch a fresh copy of the stack."))
    return " ".join(sentences)


def unfinished_line(unfinished: Unfinished, now_s: float) -> str:
    """Say which unfinished conversion was found, and how far it had come; `now_s` in seconds since 1970."""
    name = printable(Path(unfinished.destination).name)
    return tr(
        "An unfinished conversion was found: “{name}”, {rows_done}, last saved {moment}.",
        name=name,
        rows_done=tr(format_done(unfinished.rows_done, unfinished.rows, "row")),
        moment=moment(unfinished.when_s, now_s),
    )


def unfinished_details(unfinished: Unfinished) -> str:
    """Say where the stack is going to be, and which folders its pictures come from."""
    folders = ", ".join(f"“{printable(Path(source).name or source)}”" for source in unfinished.sources)
    return tr(
        "The stack will be {destination}, made from the pictures in {folders}.",
        destination=printable(unfinished.destination),
        folders=folders,
    )


def left_line(unfinished: Unfinished | None) -> str:
    """Say how many rows of a cancelled or failed run are kept, which are those that resuming it finds."""
    if not unfinished:
        return tr("None of its rows are kept. Your pictures are unchanged.")
    done = unfinished.rows_done
    return tr_many(
        singular_part(done),
        "{rows:capital} is kept. Your pictures are unchanged.",
        "{rows:capital} are kept. Your pictures are unchanged.",
        rows=format_part(done, unfinished.rows, "row"),
    )


def moment(when_s: float, now_s: float) -> str:
    """Return a time such as ``"today at 10:12"``; both arguments in seconds since 1970."""
    when, now = time.localtime(when_s), time.localtime(now_s)
    clock = locale().toString(QTime(when.tm_hour, when.tm_min), QLocale.FormatType.ShortFormat)
    if when[:3] == now[:3]:
        return tr("today at {clock}", clock=clock)
    if when[:3] == time.localtime(now_s - DAY_S)[:3]:
        return tr("yesterday at {clock}", clock=clock)
    day = locale().toString(QDate(*when[:3]), QLocale.FormatType.ShortFormat)
    return tr("on {day} at {clock}", day=day, clock=clock)


def result_line(report: Report) -> str:
    """Say how many pictures a finished run put into which stack, and what became of the others."""
    failed, left_out = len(report.failures), report.skipped.get(EXCLUDED, 0)
    filled = report.rows - failed
    parts = (
        say_many(
            singular_part(filled),
            "{pictures:capital} is in “{name}”",
            "{pictures:capital} are in “{name}”",
            pictures=format_part(filled, report.rows, "picture"),
            name=printable(Path(report.stack).name),
        ),
        say("{failed:,} could not be read", failed=failed) if failed else "",
        say_many(left_out, "{count:,} was left out by you", "{count:,} were left out by you")
        if left_out
        else "",
    )
    return tr("{parts}.", parts=joined("; ", parts))


def ready_line(rows: int, size: str, empty: int) -> str:
    """Say what a conversion will make.

    Parameters
    ----------
    rows
    size
        Size and padding of the stack.
    empty
        Number of rows whose pictures cannot be used.
    """
    if not empty:
        return tr_many(
            rows,
            "Ready: {count:,} picture becomes {size}.",
            "Ready: {count:,} pictures become {size}.",
            size=size,
        )
    return tr_many(
        rows,
        "Ready: {count:,} picture becomes {size}; {places}.",
        "Ready: {count:,} pictures become {size}; {places}.",
        size=size,
        places=empty_places(empty),
    )


def empty_places(count: int) -> Wording:
    """Say how many places of the array stay empty, because their pictures cannot be used."""
    return say_many(count, "{count:,} place stays empty", "{count:,} places stay empty")


def retry_details(retry: RetryReport) -> str:
    """Say how many of the failed rows a retry has filled."""
    failed = len(retry.failures)
    done = tr_many(
        retry.repaired,
        "{count:,} picture could be read this time. Its place is filled now.",
        "{count:,} pictures could be read this time. Their places are filled now.",
    )
    sentences = [done if retry.repaired else tr("No picture could be read this time.")]
    if retry.status is Status.CANCELLED:
        sentences.append(tr("You cancelled before all of them were tried."))
    elif failed:
        sentences.append(tr_many(failed, "{count:,} still fails.", "{count:,} still fail."))
    return " ".join([*sentences, tr("The other rows are unchanged.")])


def result_details(report: Report) -> str:
    """Return arrays, time, rate and peak memory of a finished run."""
    is_bucket = is_address(report.stack)
    arrays = ", ".join(_array(array, is_file=not is_bucket) for array in report.arrays)
    rate = format_rate(report.images_per_s, "picture")
    way_out = ways_out.sentences(ways_of_reasons(failure.reason for failure in report.failures))
    where = bucket_texts.where_it_is(report.stack) if is_bucket else ""
    return tr(
        "{arrays}. It took {time_taken} ({rate}); StackGUI used at most {peak_rss} of memory.{taken} "
        "{way_out}",
        arrays=arrays,
        time_taken=_time_taken(report.seconds),
        rate=rate,
        peak_rss=format_bytes(report.peak_rss_bytes),
        taken=_taken(report),
        way_out=" ".join(filter(None, (where, way_out, tr(report.page_problem)))),
    ).rstrip()


def _taken(report: Report) -> str:
    """Say where the labels and dataset splits of a stack come from, if it has any."""
    took = report.taken
    told = (
        tr("Labels: {text}.", text=took.labels.text) if took.labels.told_by else "",
        tr("Parts: {text}.", text=took.parts.text) if took.parts.told_by else "",
        tr("{text}.", text=boxes_line(took.objects)) if took.objects is not None else "",
    )
    return "".join(f" {sentence}" for sentence in told if sentence)


def _array(array: ArraySpec, *, is_file: bool) -> str:
    shape = format_shape(array.shape)
    return tr(
        "{file} (shape {shape}, {dtype}, {data})",
        file=array.file if is_file else array.file.rpartition(".")[0],
        shape=shape,
        dtype=array.dtype,
        data=format_bytes(array.data_bytes),
    )


def _time_taken(seconds: float) -> str:
    return tr(format_seconds(seconds) if seconds < 60 else format_duration(seconds))  # noqa: PLR2004
