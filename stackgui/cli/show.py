"""Results as JSON values and as lines for people."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from stackgui.cli import ways_out
from stackgui.cli.listed import MAX_LISTED, failure_line, listed
from stackgui.cli.masks import mask_lines
from stackgui.core.advice.estimate import Estimate
from stackgui.core.base.choices import Icc
from stackgui.core.base.skip_kinds import format_skipped
from stackgui.core.base.units import (
    agree,
    agree_part,
    format_bytes,
    format_count,
    format_part,
    format_rate,
    format_seconds,
    format_shape,
    format_share,
)
from stackgui.core.base.warnings import DataWarning, warning_line
from stackgui.core.base.ways import Way, ways_of_kinds, ways_of_reasons
from stackgui.core.base.wording import capital
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.statistics import Spread, Statistics
from stackgui.core.catalog.tensor_shapes import TensorShapes, tensor_shapes
from stackgui.core.plan.masks_taken import mask_sentences, masks_json
from stackgui.core.plan.nothing_found import nothing_found
from stackgui.core.plan.objects_taken import ObjectsTaken, annotations_json, source_lines
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.plan_text import Each
from stackgui.core.plan.taken import LabelsAndParts, labels_and_parts
from stackgui.core.run.findings import Damage
from stackgui.core.run.report import Failure, Report, RetryReport, Status
from stackgui.core.run.verify import VerifyReport


def scan_json(catalog: Catalog, statistics: Statistics, warnings: Iterable[DataWarning]) -> dict[str, Any]:
    """Return the result of a scan as JSON values."""
    return {
        "sources": list(catalog.sources),
        "samples": statistics.samples,
        "usable": statistics.usable,
        "file_bytes": statistics.file_bytes,
        "pixels": statistics.pixels,
        "height": _spread_json(statistics.height),
        "width": _spread_json(statistics.width),
        "formats": statistics.formats,
        "dtypes": statistics.dtypes,
        "channels": {str(count): samples for count, samples in statistics.channels.items()},
        "profiles": statistics.profiles,
        "several_frames": {"files": statistics.several_frames, "frames": statistics.frames},
        "turned": statistics.turned,
        "tensors": [
            {"axes": found.axes, "shape": found.shape, "reason": found.reason, "samples": found.samples}
            for found in statistics.tensors
        ],
        "arrays": list(catalog.arrays),
        "lists": list(catalog.lists),
        **masks_json(catalog),
        **annotations_json(catalog),
        "warnings": warnings_json(warnings),
        "skipped": statistics.skipped,
        "problems": [
            {"file": catalog.file(sample), "reason": catalog.problem[sample]} for sample in _unusable(catalog)
        ],
        "skipped_files": [
            {"file": path, "kind": kind, "detail": detail}
            for path, kind, detail in zip(
                catalog.skipped.path, catalog.skipped.kind, catalog.skipped.detail, strict=True
            )
        ],
    }


def scan_lines(catalog: Catalog, statistics: Statistics, warnings: Sequence[DataWarning]) -> list[str]:
    """Describe the result of a scan for people, apart from the problems of the pictures that it found."""
    if not statistics.samples:
        nothing = nothing_found(catalog)
        lines = [str(nothing), *warning_lines(warnings)]
        return lines + way_lines(nothing.ways, lines)
    lines = [f"{format_count(statistics.samples, 'picture')}, {format_bytes(statistics.file_bytes)} in all"]
    for name, kinds in (
        ("formats", _counted(statistics.formats)),
        ("channels", _channels(statistics.channels)),
        ("numbers", _counted(statistics.dtypes)),
    ):
        if kinds:
            lines.append(f"  {name:<9} {kinds}")
    for name, spread in (("width", statistics.width), ("height", statistics.height)):
        if spread:
            lines.append(f"  {name:<9} {_sides(spread)}")
    lines += tensor_lines(statistics.tensors)
    if statistics.several_frames:
        lines.append(f"  frames    {frames_line(catalog, statistics)}")
    if statistics.profiles:
        lines.append(f"  colours other than sRGB: {_counted(statistics.profiles)}")
    if statistics.turned:
        lines.append(f"  {format_count(statistics.turned, 'picture')} will be put upright")
    if catalog.annotations is not None:
        lines += [f"  boxes     {each}" for each in source_lines(catalog.annotations.sources)]
    return [*lines, *mask_lines(catalog), *list_lines(catalog, warnings)]


def _sides(spread: Spread) -> str:
    if spread.smallest == spread.largest:
        return f"{spread.largest:,} px"
    figures = f"{spread.smallest:,} to {spread.largest:,} px, median {spread.median:,}"
    return f"{figures}, 99 % up to {spread.percentile_99:,}"


def frames_line(catalog: Catalog, statistics: Statistics) -> str:
    """Say how many files hold several frames or pages, and which of these become rows."""
    files, frames = format_count(statistics.several_frames, "file"), catalog.scan_options.frames
    of_each = agree(statistics.several_frames, "", " of each")
    taken = {0: "all are taken", 1: f"the first{of_each} is taken"}
    if frames.as_channels:
        taken = {0: f"the pages{of_each} are its channels"}
    chosen = taken.get(frames.number, f"number {frames.number:,}{of_each} is taken")
    return f"{files} with several frames or pages, {statistics.frames:,} in all; {chosen} (--frames)"


def tensor_lines(tensors: Sequence[TensorShapes]) -> list[str]:
    """Describe for people how the shapes of tensors were read."""
    lines = [f"  tensors   {found.evidence}" for found in tensors]
    if doubtful := sum(found.samples for found in tensors if not found.is_certain):
        lines.append(
            f"  {format_count(doubtful, 'tensor')} could be read in another way: see --tensor-layout"
        )
    return lines


def taken_lines(took: LabelsAndParts, *, classes: bool = False) -> list[str]:
    """Describe the labels and parts of a plan for people, and with `classes` also the first few classes."""
    lines = [f"  labels    {took.labels.text}", f"  parts     {took.parts.text}"]
    if took.groups is not None:
        lines.append(f"  groups    {took.groups.text}")
    if classes and (counts := took.labels.counts):
        shown = dict(list(counts.items())[:MAX_LISTED])
        lines.insert(1, f"            {_counted(shown)}{', …' if len(counts) > MAX_LISTED else ''}")
    return lines + object_lines(took.objects, classes=classes)


def object_lines(took: ObjectsTaken | None, *, classes: bool) -> list[str]:
    """Describe the boxes of a plan for people, and with `classes` also where they come from."""
    if took is None:
        return []
    lines = [f"  boxes     {took.text}"]
    if classes:
        shown = dict(list(took.counts.items())[:MAX_LISTED])
        lines.append(f"            {_counted(shown)}{', …' if len(took.counts) > MAX_LISTED else ''}")
        lines += [f"            {each}" for each in source_lines(took.sources)]
    return lines + [f"            {each}" for each in took.details()]


def estimate_json(needed: Estimate) -> dict[str, Any]:
    """Return an estimate as JSON values."""
    return {
        "array_bytes": list(needed.array_bytes),
        "stack_bytes": needed.stack_bytes,
        "working_bytes": needed.working_bytes,
        "peak_file_bytes": needed.peak_file_bytes,
        "peak_memory_bytes": needed.peak_memory_bytes,
        "free_memory_bytes": needed.free_memory_bytes,
        "free_disk_bytes": needed.free_disk_bytes,
        "verdict": needed.verdict.value,
        "storage": needed.storage.value,
        "reason": needed.reason,
    }


def plan_lines(plan: Plan, needed: Estimate, warnings: Sequence[DataWarning]) -> list[str]:
    """Describe a plan and its estimate for people."""
    lines = [
        f"{array.file}: shape {format_shape(array.shape)}, {array.dtype}, {format_bytes(size)}"
        for array, size in zip(plan.all_arrays, needed.array_bytes, strict=True)
    ]
    lines.append(f"  padding   {format_share(plan.waste)} of the array")
    lines += tensor_lines(tensor_shapes(plan.catalog))
    for count, what in (
        (plan.scaled_down, "made smaller"),
        (plan.scaled_up, "made larger"),
        (plan.cropped, "cropped"),
        (plan.unusable, "left blank"),
        (plan.excluded, "excluded"),
    ):
        if count:
            lines.append(f"  {format_count(count, 'picture')} {what}")
    if profiles := plan.profiles:
        converts = plan.options.icc is Icc.SRGB
        what = "converted to sRGB" if converts else "in colours other than sRGB, which --icc srgb converts"
        lines.append(f"  {format_count(sum(profiles.values()), 'picture')} {what}: {_counted(profiles)}")
    lines += taken_lines(labels_and_parts(plan), classes=True)
    lines += [f"  masks     {sentence}" for sentence in mask_sentences(plan)]
    lines += list_lines(plan.catalog, warnings)
    aside = plan.catalog.skipped.left_aside
    if aside:
        lines.append(f"  left aside: {format_skipped(aside)}")
    lines += warning_lines(warnings)
    lines += way_lines((*ways_of_kinds(aside), *ways_of_reasons(plan.problem.counts())), lines)
    lines.append(f"  verdict   {needed.verdict.value}: {needed.reason}")
    lines.append(f"  {plan.fingerprint}")
    return lines


def report_json(report: Report) -> dict[str, Any]:
    """Return the result of a conversion as JSON values."""
    return {
        "status": report.status.value,
        "stack": report.stack,
        "rows": report.rows,
        "resumed": report.resumed_rows,
        "failed": len(report.failures),
        "skipped": report.skipped,
        "arrays": [array.to_json() for array in report.arrays],
        "storage": report.storage.value,
        "fingerprint": report.fingerprint,
        "seconds": report.seconds,
        "images_per_s": report.images_per_s,
        "peak_rss_bytes": report.peak_rss_bytes,
        "non_finite": {"rows": report.non_finite.rows, "values": report.non_finite.values},
        **report.taken.to_json(),
        "warnings": warnings_json(report.warnings),
        "failures": Each(report.failures, _failure_json),
        **({"report": report.page} if report.page else {}),
        **({"report_problem": report.page_problem} if report.page_problem else {}),
    }


def warnings_json(warnings: Iterable[DataWarning]) -> list[dict[str, Any]]:
    """Return warnings as JSON values."""
    return [warning.to_json() for warning in warnings]


def list_sentences(lists: Sequence[str], warnings: Sequence[DataWarning]) -> list[str]:
    """Return the sentences on how lists were read, except those with which a warning begins."""
    return [each for each in lists if not any(warning.text.startswith(each) for warning in warnings)]


def list_lines(catalog: Catalog, warnings: Sequence[DataWarning]) -> list[str]:
    """Describe for people how lists were read."""
    return [f"  list      {sentence}" for sentence in list_sentences(catalog.lists, warnings)]


def warning_lines(warnings: Iterable[DataWarning]) -> list[str]:
    """Return warnings for people, each with its examples."""
    return [f"  warning: {warning_line(warning)}" for warning in warnings]


def report_lines(report: Report, printed: Sequence[DataWarning] = ()) -> list[str]:
    """Describe the result of a conversion for people, without warnings that were `printed` before it."""
    filled = report.rows - len(report.failures)
    part = capital(format_part(filled, report.rows, "picture"))
    lines = [
        f"{part} {agree_part(filled, 'is', 'are')} in {report.stack}",
        f"  {format_seconds(report.seconds)}, {format_rate(report.images_per_s, 'picture')}",
        f"  at most {format_bytes(report.peak_rss_bytes)} of memory",
        *taken_lines(report.taken),
    ]
    if report.non_finite.rows:
        values = format_count(report.non_finite.values, "value")
        lines.append(
            f"  not finite (NaN or infinity): {values} in {format_count(report.non_finite.rows, 'picture')}"
        )
    if report.resumed_rows:
        lines.append(f"  {format_count(report.resumed_rows, 'picture')} had been done before")
    if report.skipped:
        lines.append(f"  left aside: {format_skipped(report.skipped)}")
    if report.page:
        lines.append(f"  report    {report.page}")
    lines += warning_lines(warning for warning in report.warnings if warning not in printed)
    if report.page_problem:
        again = f"stackgui report {shlex.quote(report.stack)} writes it"
        lines.append(f"  warning: {report.page_problem} {again}")
    lines += listed(
        ("could not be read",) * 2, report.failures, failure_line, ways_out.lists_all(report.rows)
    )
    return lines + way_lines(ways_of_reasons(failure.reason for failure in report.failures), lines)


def retry_json(report: RetryReport) -> dict[str, Any]:
    """Return the result of a retry as JSON values."""
    return {
        "status": report.status.value,
        "stack": report.stack,
        "sources": list(report.sources),
        "retried": report.retried,
        "repaired": report.repaired,
        "failed": len(report.failures),
        "seconds": report.seconds,
        "failures": Each(report.failures, _failure_json),
    }


def retry_lines(report: RetryReport) -> list[str]:
    """Describe the result of a retry for people."""
    if not report.retried:
        return [f"{report.stack} has no failed rows; nothing was changed"]
    part = format_part(report.repaired, report.retried, "failed row")
    lines = [
        f"{report.stack}: {part} {agree_part(report.repaired, 'was', 'were')} repaired",
        f"  with pictures from {', '.join(report.sources)}",
    ]
    if report.status is Status.CANCELLED:
        lines.append("  cancelled; rows that were not reached are as they were")
    lines += listed(
        ("still fails", "still fail"), report.failures, failure_line, ways_out.lists_all(report.rows)
    )
    return lines + way_lines(ways_of_reasons(failure.reason for failure in report.failures), lines)


def way_lines(ways: Iterable[Way], shown: Sequence[str]) -> list[str]:
    """Say what to type about the problems listed, except options that `shown` lines name already."""
    return [f"  {way}" for way in ways_out.lines(ways, "\n".join(shown))]


def verify_json(report: VerifyReport) -> dict[str, Any]:
    """Return the result of verifying a stack as JSON values."""
    return {
        "status": "sound" if report.is_sound else "damaged",
        "stack": report.stack,
        "rows": report.rows,
        "decoded": report.decoded,
        "gone": report.gone,
        "damage": Each(report.damage, _damage_json),
        "not_compared": Each(report.not_compared, _failure_json),
    }


def verify_lines(report: VerifyReport) -> list[str]:
    """Describe the result of verifying a stack for people."""
    verdict = "is intact" if report.is_sound else "is damaged"
    lines = [f"{report.stack} {verdict}: {format_count(report.rows, 'row')} checked"]
    if not report.rows:
        lines = [f"{report.stack} is not a stack, or is damaged so that its rows cannot be checked"]
    if report.decoded:
        lines.append(f"  {format_count(report.decoded, 'row')} made again and compared")
    if report.gone:
        lines.append(f"  {report.gone_line}")
    rest = "verify --json lists all"
    lines += listed(("place is damaged", "places are damaged"), report.damage, _damage_line, rest)
    return lines + listed(("could not be compared",) * 2, report.not_compared, failure_line, rest)


def _damage_json(found: Damage) -> dict[str, Any]:
    return {"file": found.file, "row": found.row, "what": found.what}


def _failure_json(failure: Failure) -> dict[str, Any]:
    return {"row": failure.row, "file": failure.file, "reason": failure.reason}


def _damage_line(found: Damage) -> str:
    where = [text for text in (found.file, "" if found.row is None else f"row {found.row:,}") if text]
    return f"{', '.join(where)}: {found.what}" if where else found.what


def _spread_json(spread: Spread | None) -> dict[str, Any] | None:
    return None if spread is None else asdict(spread)


def _unusable(catalog: Catalog) -> Iterable[int]:
    return (sample for sample, usable in enumerate(catalog.usable.tolist()) if not usable)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _channels(counts: dict[int, int]) -> str:
    """Return for example ``"3 in 5 pictures, 1 in 2 pictures"``."""
    return ", ".join(f"{count:,} in {format_count(samples, 'picture')}" for count, samples in counts.items())
