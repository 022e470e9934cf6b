"""Sentences and figures that several parts of the window show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from stackgui.core.advice.estimate import Estimate, Verdict
from stackgui.core.base.choices import Icc
from stackgui.core.base.text import printable
from stackgui.core.base.units import (
    DAY_S,
    agree_part,
    format_bytes,
    format_count,
    format_duration,
    format_part,
    format_rate,
    format_seconds,
    format_shape,
    format_share,
)
from stackgui.core.base.ways import ways_of_reasons
from stackgui.core.base.wording import capital
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.catalog.tensor_shapes import TensorShapes
from stackgui.core.plan.outputs import output_of
from stackgui.core.plan.plan import ArraySpec, Plan
from stackgui.core.run.run import FillProgress, Phase, Report, RetryReport, ScanProgress, Status, Unfinished
from stackgui.core.run.verify import VerifyReport
from stackgui.gui.texts import ways_out

SHAPES_SHOWN = 2
"""Number of array shapes that the window lists; the command ``scan`` lists them all."""

CHANNEL_NAMES = {1: "grey", 2: "grey with transparency", 3: "colour", 4: "colour with transparency"}


def pictures(count: int) -> str:
    """Return a count of pictures, such as ``"8,110 pictures"``."""
    return format_count(count, "picture")


def scan_line(progress: ScanProgress) -> str:
    """Say how far a scan has come, and that its figures are not final."""
    found = f"{pictures(progress.samples_found)} found so far"
    if progress.searching:
        return f"Searching the folders: {found}, still counting."
    return f"Examining the pictures: {progress.samples_read:,} of {progress.samples_found:,} so far."


def census(statistics: Statistics) -> str:
    """List the formats, colours and dtypes of the pictures, most frequent first."""
    formats = listed({name.upper(): count for name, count in statistics.formats.items()})
    channels = listed({channels_name(c): count for c, count in statistics.channels.items()})
    dtypes = listed(statistics.dtypes)
    return " · ".join(part for part in (formats, channels, dtypes) if part)


def channels_name(count: int) -> str:
    """Name a number of channels, such as ``"colour"`` for 3."""
    return CHANNEL_NAMES.get(count) or format_count(count, "channel")


def listed(counts: dict[str, int]) -> str:
    """List kinds with their counts, most frequent first; a single kind as ``"all …"``."""
    if not counts:
        return ""
    if len(counts) == 1:
        return f"all {next(iter(counts))}"
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{count:,} {name}" for name, count in ordered)


def spread_line(statistics: Statistics) -> str:
    """Return the range of widths and of heights in one line."""
    if statistics.height is None or statistics.width is None:
        return "No picture could be read."
    parts = [
        f"{name} {spread.smallest:,} to {spread.largest:,} px, typically {spread.median:,}"
        for name, spread in (("Width", statistics.width), ("Height", statistics.height))
    ]
    return " · ".join(parts)


def turned_line(statistics: Statistics) -> str:
    """Say what happens to pictures with an EXIF orientation; ``""`` if there are none."""
    if not statistics.turned:
        return ""
    one = statistics.turned == 1
    return (
        f"{pictures(statistics.turned)} {'has' if one else 'have'} an orientation mark from the camera and "
        f"will be turned upright."
    )


def frames(files: int, count: int) -> str:
    """Say how many files hold several frames or pages, and how many frames there are in all."""
    return f"{format_count(files, 'file')} with several, {count:,} in all."


def tensors(found: Sequence[TensorShapes], names: int) -> str:
    """Say how the shapes of arrays were interpreted, commonest first, and how many are ambiguous.

    Parameters
    ----------
    found
    names
        Number of array names to choose from.
    """
    lines = [f"The files hold arrays under {names:,} names: choose one."] if names > 1 else []
    lines += [each.evidence for each in found[:SHAPES_SHOWN]]
    if len(found) > SHAPES_SHOWN:
        lines.append(f"… and {format_count(len(found) - SHAPES_SHOWN, 'other shape')}")
    if doubtful := sum(each.samples for each in found if not each.is_certain):
        lines.append(f"{format_count(doubtful, 'array')} could also be read another way: check the pictures.")
    return "\n".join(lines)


def profiles_line(statistics: Statistics) -> str:
    """Count the pictures with a colour profile other than sRGB, and name the option; ``""`` without any."""
    if not statistics.profiles:
        return ""
    count = sum(statistics.profiles.values())
    names = ", ".join(f"{number:,} {printable(name)}" for name, number in statistics.profiles.items())
    return (
        f"{pictures(count)} {'has' if count == 1 else 'have'} a colour profile other than sRGB ({names}); "
        "“Colour profile” decides what happens to it."
    )


def _changes(plan: Plan) -> dict[str, int]:
    """Count the pictures that each kind of change affects, without kinds that affect none."""
    all_of_them = {
        "made smaller": plan.scaled_down,
        "made larger": plan.scaled_up,
        "cropped": plan.cropped,
        "converted to sRGB": sum(plan.profiles.values()) if plan.options.icc is Icc.SRGB else 0,
    }
    return {what: count for what, count in all_of_them.items() if count}


def fit_figures(plan: Plan) -> str:
    """Return the padding of `plan` and how many pictures it changes, a line each."""
    changed = (f"{count:,} {what}" for what, count in _changes(plan).items())
    return "\n".join((f"{format_share(plan.waste)} padding", *changed))


def effects(plan: Plan) -> str:
    """Say in a sentence what `plan` does to the pictures."""
    changed = [
        f"{pictures(count)} {'is' if count == 1 else 'are'} {what}" for what, count in _changes(plan).items()
    ]
    blank = plan.unusable
    if blank:
        changed.append(f"{format_count(blank, 'row')} {'stays' if blank == 1 else 'stay'} blank")
    if not changed:
        return "No picture is changed."
    sentence = "; ".join(changed)
    return f"{sentence[0].upper()}{sentence[1:]}."


def shape(plan: Plan) -> str:
    """Return shape and dtype of each array, such as ``"(120, 224, 224, 3) uint8"``."""
    return "; ".join(f"{format_shape(array.shape)} {array.dtype}" for array in plan.arrays)


def arrays(plan: Plan | None, *, working: bool) -> str:
    """Return number, size and padding of the arrays, or say that they are being planned."""
    if working:
        return "Planning the arrays…"
    if plan is None:
        return ""
    data_bytes = sum(array.data_bytes for array in plan.arrays)
    count = format_count(len(plan.arrays), "array")
    return f"{count}, {format_bytes(data_bytes)}, {format_share(plan.waste)} padding:"


def plan_size(plan: Plan, estimate: Estimate) -> str:
    """Return size on disk and share of padding."""
    return f"{format_bytes(estimate.stack_bytes)}, {format_share(plan.waste)} padding"


VERDICTS = {
    Verdict.FITS_IN_MEMORY: "Fits in memory",
    Verdict.USE_A_FILE: "Larger than memory: written to a file",
    Verdict.DOES_NOT_FIT: "Too large for the disk",
}

PHASES = {
    Phase.PREPARING: "Getting ready",
    Phase.MEASURING: "Measuring the pictures",
    Phase.CHECKING: "Checking the rows already written",
    Phase.FILLING: "Converting",
    Phase.PAUSED: "Paused",
    Phase.SAVING: "Saving the array",
    Phase.FINISHING: "Writing the list of files",
    Phase.EXPORTING: "Exporting",
}


def progress_line(progress: FillProgress, *, paused: bool, retrying: bool = False) -> str:
    """Return rows, rate, time left and failures of a run, or of a retry of its failed rows."""
    phase = PHASES[Phase.PAUSED] if paused else PHASES[progress.phase]
    if retrying and phase == PHASES[Phase.FILLING]:
        phase = "Retrying"
    parts = [phase, f"{progress.rows_done:,} of {format_count(progress.rows, 'row')}"]
    if progress.rows_per_s and not paused:
        parts.append(format_rate(progress.rows_per_s, "row"))
    if progress.seconds_left is not None and not paused:
        parts.append(f"{format_duration(progress.seconds_left)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} could not be read")
    return " · ".join(parts)


def check_line(stack: str, report: VerifyReport | None, problem: str) -> str:
    """Say whether a stack is sound, damaged, or still being verified."""
    name = printable(Path(stack).name)
    if problem:
        return problem
    if report is None:
        return f"Verifying “{name}”."
    return f"“{name}” is intact." if report.is_sound else f"“{name}” is damaged."


def check_progress(progress: FillProgress | None) -> str:
    """Say how many rows have been verified."""
    return f"{progress.rows_done:,} of {format_count(progress.rows, 'row')} checked" if progress else ""


def check_details(report: VerifyReport) -> str:
    """Say what was compared with what, and what to do about damage."""
    sentences = [f"{format_count(report.rows, 'row')} checked against their checksums."]
    if report.decoded:
        sentences.append(f"{format_count(report.decoded, 'row')} compared with the pictures.")
    if changed := len(report.not_compared):
        sentences.append(
            f"{format_count(changed, 'picture')} not compared: changed since the stack was made, or gone."
        )
    if not report.is_sound:
        sentences.append("Convert the pictures again, or fetch a fresh copy of the stack.")
    return " ".join(sentences)


def unfinished_line(unfinished: Unfinished, now_s: float) -> str:
    """Say which unfinished conversion was found, and how far it had come; `now_s` in seconds since 1970."""
    name = printable(Path(unfinished.destination).name)
    return (
        f"An unfinished conversion was found: “{name}”, {_rows_done(unfinished)}, "
        f"last saved {moment(unfinished.when_s, now_s)}."
    )


def unfinished_details(unfinished: Unfinished) -> str:
    """Say where the stack is going to be, and which folders its pictures come from."""
    folders = ", ".join(f"“{printable(Path(source).name or source)}”" for source in unfinished.sources)
    return f"The stack will be {printable(unfinished.destination)}, made from the pictures in {folders}."


def left_line(unfinished: Unfinished | None) -> str:
    """Say how many rows of a cancelled or failed run are kept."""
    left = "None of its rows are kept"
    if unfinished:
        done = unfinished.rows_done
        left = f"{capital(format_part(done, unfinished.rows, 'row'))} {agree_part(done, 'is', 'are')} kept"
    return f"{left}. Your pictures are unchanged."


def _rows_done(unfinished: Unfinished) -> str:
    return f"{unfinished.rows_done:,} of {format_count(unfinished.rows, 'row')}"


def moment(when_s: float, now_s: float) -> str:
    """Return a time such as ``"today at 10:12"``; both arguments in seconds since 1970."""
    when, now = time.localtime(when_s), time.localtime(now_s)
    clock = time.strftime("%H:%M", when)
    if when[:3] == now[:3]:
        return f"today at {clock}"
    if when[:3] == time.localtime(now_s - DAY_S)[:3]:
        return f"yesterday at {clock}"
    return f"on {time.strftime('%Y-%m-%d', when)} at {clock}"


def result_line(report: Report) -> str:
    """Say how many pictures a finished run put into which stack."""
    name = printable(Path(report.stack).name)
    failed = len(report.failures)
    filled = report.rows - failed
    part = capital(format_part(filled, report.rows, "picture"))
    rest = f"; {failed:,} could not be read" if failed else ""
    return f"{part} {agree_part(filled, 'is', 'are')} in “{name}”{rest}."


def retry_details(retry: RetryReport) -> str:
    """Say how many of the failed rows a retry has filled."""
    failed = len(retry.failures)
    rows = "Its row is" if retry.repaired == 1 else "Their rows are"
    done = f"{pictures(retry.repaired)} could be read this time. {rows} no longer blank."
    sentences = [done if retry.repaired else "No picture could be read this time."]
    if retry.status is Status.CANCELLED:
        sentences.append("You cancelled before all of them were tried.")
    elif failed:
        sentences.append(f"{failed:,} still {'fails' if failed == 1 else 'fail'}.")
    return " ".join([*sentences, "The other rows are unchanged."])


def result_details(report: Report) -> str:
    """Return arrays, time, rate and peak memory of a finished run."""
    arrays = ", ".join(_array(array) for array in report.arrays)
    rate = format_rate(report.images_per_s, "picture")
    way_out = ways_out.sentences(ways_of_reasons(failure.reason for failure in report.failures))
    return (
        f"{arrays}. It took {_time_taken(report.seconds)} ({rate}) and at most "
        f"{format_bytes(report.peak_rss_bytes)} of memory.{_taken(report)} {way_out}".rstrip()
    )


def _taken(report: Report) -> str:
    """Say where the labels and dataset splits of a stack come from, if it has any."""
    took = report.taken
    told = (("Labels", took.labels.told_by, took.labels.text), ("Parts", took.parts.told_by, took.parts.text))
    return "".join(f" {what}: {text}." for what, has, text in told if has)


def _array(array: ArraySpec) -> str:
    shape = format_shape(array.shape)
    return f"{array.file} (shape {shape}, {array.dtype}, {format_bytes(array.data_bytes)})"


def _time_taken(seconds: float) -> str:
    return format_seconds(seconds) if seconds < 60 else format_duration(seconds)  # noqa: PLR2004


def snippet(report: Report) -> str:
    """Return Python code that loads the stack with NumPy alone."""
    stack = Path(report.stack)
    labelled = (stack / "labels.npy").is_file()
    lines = ["import json"] if labelled else []
    lines += ["from pathlib import Path", "", "import numpy as np", "", f"stack = Path({report.stack!r})"]
    for array in report.arrays:
        name = Path(array.file).stem.replace("-", "_")
        loaded = output_of(array.file).loading.format(path=f'stack / "{array.file}"')
        lines.append(f"{name} = {loaded}  # {array.shape}, {array.dtype}")
    lines.append('valid = np.load(stack / "valid.npy")  # False where a picture could not be read')
    lines.append('placements = np.load(stack / "placements.npy")  # top, left, height, width of each picture')
    if labelled:
        lines.append('labels = np.load(stack / "labels.npy")')
        lines.append('classes = json.loads((stack / "classes.json").read_text(encoding="utf-8"))')
    return "\n".join(lines) + "\n"
