"""Sentences and figures that several parts of the window show."""

from __future__ import annotations

from collections.abc import Sequence

from stackgui.core.advice.estimate import Estimate, Verdict
from stackgui.core.base.addresses import is_address
from stackgui.core.base.choices import Icc
from stackgui.core.base.text import printable
from stackgui.core.base.units import (
    format_bytes,
    format_count,
    format_shape,
    format_share,
    format_size,
)
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.catalog.statistics import Statistics
from stackgui.core.catalog.tensor_shapes import TensorShapes
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import ScanProgress
from stackgui.gui.texts import run_texts
from stackgui.gui.texts.language import tr, tr_many

SHAPES_SHOWN = 2
"""Number of array shapes that the window lists; the command ``scan`` lists them all."""

CHANNEL_NAMES = {
    1: say("grey"),
    2: say("grey with transparency"),
    3: say("colour"),
    4: say("colour with transparency"),
}


def pictures(count: int) -> str:
    """Return a count of pictures, such as ``"8,110 pictures"``."""
    return tr(format_count(count, "picture"))


def files(count: int) -> str:
    """Return a count of files, which only a finished scan tells into pictures, masks and annotations."""
    return tr(format_count(count, "file"))


def scan_line(progress: ScanProgress) -> str:
    """Say how far a scan has come, and that its figures are not final."""
    if progress.searching:
        found = tr("{files} found so far", files=files(progress.samples_found))
        return tr("Searching the folders: {found}, still counting.", found=found)
    return _later_line(progress) or tr(
        "Examining the files: {samples_read:,} of {samples_found:,} so far.",
        samples_read=progress.samples_read,
        samples_found=progress.samples_found,
    )


def _later_line(progress: ScanProgress) -> str:
    """Say how far the stages are that come once all headers have been read."""
    if progress.sketches:
        return tr(
            "Looking for near-duplicates: {read:,} of {pictures:,} pictures so far.",
            read=progress.sketches_made,
            pictures=progress.sketches,
        )
    if progress.annotations == 1:
        return tr("Reading the annotations…")
    if progress.annotations:
        return tr(
            "Reading the annotations: {read:,} of {files:,} files so far.",
            read=progress.annotations_read,
            files=progress.annotations,
        )
    if progress.masks:
        return tr(
            "Looking through the masks: {read:,} of {masks:,} so far.",
            read=progress.masks_read,
            masks=progress.masks,
        )
    return ""


def scan_place(progress: ScanProgress) -> str:
    """Return where a scan is, or say of what it awaits an answer; a server always takes a while."""
    place = printable(progress.asked)
    if progress.asked_s and not place:  # the first folder is still on its way to a worker
        return tr("No answer for {seconds:,} s.", seconds=progress.asked_s)
    if not progress.asked_s:
        is_asked = is_address(progress.asked)
        return tr("Asking {place}…", place=place) if is_asked else printable(progress.current)
    if is_address(progress.asked):
        return tr("Asking {place} ({seconds:,} s).", place=place, seconds=progress.asked_s)
    return tr("Waiting for {place} ({seconds:,} s).", place=place, seconds=progress.asked_s)


def census(statistics: Statistics) -> str:
    """List the formats, colours and dtypes of the pictures, most frequent first."""
    formats = listed({name.upper(): count for name, count in statistics.formats.items()})
    channels = listed({channels_name(c): count for c, count in statistics.channels.items()})
    dtypes = listed(statistics.dtypes)
    return " · ".join(part for part in (formats, channels, dtypes) if part)


def channels_name(count: int) -> str:
    """Name a number of channels, such as ``"colour"`` for 3."""
    return tr(CHANNEL_NAMES.get(count) or format_count(count, "channel"))


def listed(counts: dict[str, int]) -> str:
    """List kinds with their counts, most frequent first; a single kind as ``"all …"``."""
    if not counts:
        return ""
    if len(counts) == 1:
        return tr("all {kind}", kind=next(iter(counts)))
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(tr("{count:,} {kind}", count=count, kind=name) for name, count in ordered)


def spread_line(statistics: Statistics) -> str:
    """Return the range of widths and of heights in one line."""
    if statistics.height is None or statistics.width is None:
        return tr("No picture could be read.")
    width, height = statistics.width, statistics.height
    if width.smallest == width.largest and height.smallest == height.largest:
        return tr("all {size} px", size=format_size(height.largest, width.largest))
    return tr(
        "Width {least_width:,} to {greatest_width:,} px, typically {usual_width:,} · "
        "Height {least_height:,} to {greatest_height:,} px, typically {usual_height:,}",
        least_width=width.smallest,
        greatest_width=width.largest,
        usual_width=width.median,
        least_height=height.smallest,
        greatest_height=height.largest,
        usual_height=height.median,
    )


def left_out_line(count: int) -> str:
    """Say that figures of all pictures count those that the person left out; ``""`` if there are none."""
    if not count:
        return ""
    return tr_many(
        count,
        "{count:,} picture is left out; the figures still count it.",
        "{count:,} pictures are left out; the figures still count them.",
    )


def turned_line(statistics: Statistics) -> str:
    """Say what happens to pictures with an EXIF orientation; ``""`` if there are none."""
    if not statistics.turned:
        return ""
    return tr_many(
        statistics.turned,
        "{count:,} picture has an orientation mark from the camera and will be turned upright.",
        "{count:,} pictures have an orientation mark from the camera and will be turned upright.",
    )


def frames(files: int, count: int) -> str:
    """Say how many files hold several frames or pages, and how many frames there are in all."""
    return tr("{files} with several, {count:,} in all.", files=format_count(files, "file"), count=count)


def tensors(found: Sequence[TensorShapes], names: int) -> str:
    """Say how the shapes of arrays were interpreted, commonest first, and how many are ambiguous.

    Parameters
    ----------
    found
    names
        Number of array names to choose from.
    """
    lines = [tr("The files hold arrays under {names:,} names: choose one.", names=names)] if names > 1 else []
    lines += [tr(each.evidence) for each in found[:SHAPES_SHOWN]]
    if len(found) > SHAPES_SHOWN:
        lines.append(
            tr("… and {other_shapes}", other_shapes=format_count(len(found) - SHAPES_SHOWN, "other shape"))
        )
    if doubtful := sum(each.samples for each in found if not each.is_certain):
        lines.append(
            tr(
                "{arrays} could also be read another way: check the pictures.",
                arrays=format_count(doubtful, "array"),
            )
        )
    return "\n".join(lines)


def profiles_line(statistics: Statistics) -> str:
    """Count the pictures with a colour profile other than sRGB, and name the option; ``""`` without any."""
    if not statistics.profiles:
        return ""
    count = sum(statistics.profiles.values())
    names = ", ".join(
        tr("{count:,} {kind}", count=number, kind=printable(name))
        for name, number in statistics.profiles.items()
    )
    return tr_many(
        count,
        "{count:,} picture has a colour profile other than sRGB ({names}); “Colour profile” "
        "decides what happens to it.",
        "{count:,} pictures have a colour profile other than sRGB ({names}); “Colour profile” "
        "decides what happens to them.",
        names=names,
    )


def _changes(plan: Plan) -> list[tuple[Wording, Wording]]:
    """Count the pictures that each kind of change affects: briefly, and as a sentence."""
    smaller, larger, cropped = plan.scaled_down, plan.scaled_up, plan.cropped
    to_srgb = sum(plan.profiles.values()) if plan.options.icc is Icc.SRGB else 0
    told = (
        (
            smaller,
            say("{count:,} made smaller", count=smaller),
            say_many(smaller, "{count:,} picture is made smaller", "{count:,} pictures are made smaller"),
        ),
        (
            larger,
            say("{count:,} made larger", count=larger),
            say_many(larger, "{count:,} picture is made larger", "{count:,} pictures are made larger"),
        ),
        (
            cropped,
            say("{count:,} cropped", count=cropped),
            say_many(cropped, "{count:,} picture is cropped", "{count:,} pictures are cropped"),
        ),
        (
            to_srgb,
            say("{count:,} converted to sRGB", count=to_srgb),
            say_many(
                to_srgb, "{count:,} picture is converted to sRGB", "{count:,} pictures are converted to sRGB"
            ),
        ),
    )
    return [(brief, sentence) for count, brief, sentence in told if count]


def fit_figures(plan: Plan) -> tuple[str, ...]:
    """Return the padding of `plan` and how many pictures it changes, for a line each."""
    padding = say("{share} padding", share=format_share(plan.waste))
    return tuple(map(tr, (padding, *(brief for brief, _ in _changes(plan)))))


def effects(plan: Plan, empty: int) -> str:
    """Say in a sentence what `plan` does to the pictures, `empty` of which cannot be used."""
    changed = [sentence for _, sentence in _changes(plan)]
    if empty:
        changed.append(run_texts.empty_places(empty))
    if not changed:
        return tr("Every picture keeps its size.")
    return tr("{changes:capital}.", changes=joined("; ", changed))


def shape(plan: Plan) -> str:
    """Return shape and dtype of each array, such as ``"(120, 224, 224, 3) uint8"``."""
    return "; ".join(f"{format_shape(array.shape)} {array.dtype}" for array in plan.all_arrays)


def arrays(plan: Plan | None, *, working: bool) -> str:
    """Return number, size and padding of the arrays, or say that they are being planned."""
    if working:
        return tr("Planning the arrays…")
    if plan is None:
        return ""
    data_bytes = sum(array.data_bytes for array in plan.all_arrays)
    return tr(
        "{arrays}, {data}, {share} padding:",
        arrays=format_count(len(plan.arrays), "array"),
        data=format_bytes(data_bytes),
        share=format_share(plan.waste),
    )


def plan_size(plan: Plan, estimate: Estimate) -> str:
    """Return the size of the stack and the share of padding."""
    stack, share = format_bytes(estimate.stack_bytes), format_share(plan.waste)
    if estimate.verdict is Verdict.IS_SENT:
        return tr("{stack} before compression, {share} padding", stack=stack, share=share)
    return tr("{stack}, {share} padding", stack=stack, share=share)


VERDICTS = {
    Verdict.FITS_IN_MEMORY: say("Fits in memory"),
    Verdict.USE_A_FILE: say("Larger than memory: written to a file"),
    Verdict.IS_SENT: say("Sent to the bucket as it is made"),
    Verdict.DOES_NOT_FIT: say("Too large for the disk"),
}
