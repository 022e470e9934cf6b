"""One list of everything that may be wrong, from all that is known by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.annotation_warnings import places_told
from stackgui.core.advice.health import Finding, HealthKind, near_duplicates, said_of, which_of
from stackgui.core.advice.problem_files import (
    Files,
    files_of_examples,
    files_of_failures,
    files_of_samples,
    files_of_skipped,
)
from stackgui.core.advice.problem_words import (
    FAILED_ROWS,
    UNFIT,
    UNREADABLE,
    Severity,
    advice_on,
    severity_of_skipped,
    skipped_words,
)
from stackgui.core.base import skip_kinds
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_size
from stackgui.core.base.warnings import DataWarning, Mend
from stackgui.core.base.ways import Way, ways_of_kinds, ways_of_reasons
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.plan import EXCLUDED, Plan
from stackgui.core.run.report import Failure


class Deed(StrEnum):
    """What can be done about a problem at once."""

    LOOK = "look"
    LEAVE_OUT = "leave out"
    TAKE_IN = "take in"
    RETRY = "retry"
    SEARCH_AGAIN = "search again"
    REMOVE = "remove"


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """One thing that may be wrong, with some pictures or files.

    Attributes
    ----------
    kind : str
        For programs: a `HealthKind`, the code of a warning, a kind of skipped files, `UNREADABLE`,
        `UNFIT` or `FAILED_ROWS`.

    severity : Severity
    text : str
        What it is, as a sentence with the count.
    advice : str
        What to do about it, or ``""``.
    count : int
        Number of pictures, files or lines concerned.
    files : Files
        Their names, each with the reason; of some warnings only examples.
    samples : int64, shape (n,), or None
        Indices into the catalog, in order, if the problem is with its samples.
    which : str
        What these samples have in common, to follow "3 pictures"; ``""`` without samples.
    ways : tuple of Way
        Choices that may help.
    deeds : tuple of Deed
    mend : Mend or None
        The change of choices that settles it, if there is one right thing to do.
    reasons : mapping of str to int
        For pictures that cannot be read, how many there are for each reason, the most frequent first.
    places : tuple of str
        Some of the places inside other files that it is about, such as an annotation file and its line.
    side_by_side : int64, shape (m,), or None
        Of duplicates: the samples, each after the one that it repeats.
    """

    kind: str
    severity: Severity
    text: str
    advice: str
    count: int
    files: Files
    samples: NDArray[np.int64] | None = None
    which: str = ""
    ways: tuple[Way, ...] = ()
    deeds: tuple[Deed, ...] = ()
    mend: Mend | None = None
    reasons: Mapping[str, int] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    side_by_side: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Problems:
    """All problems, the worst first.

    Attributes
    ----------
    entries : tuple of Problem
    """

    entries: tuple[Problem, ...] = ()

    def of(self, severity: Severity) -> tuple[Problem, ...]:
        """Return the problems of one severity."""
        return tuple(each for each in self.entries if each.severity is severity)

    @property
    def serious(self) -> int:
        """Return the number of problems that need a person, which those left aside do not."""
        return sum(each.severity is not Severity.LEFT_ASIDE for each in self.entries)

    def of_kind(self, kind: str) -> Problem | None:
        """Return the problem of this kind, if there is one."""
        return next((each for each in self.entries if each.kind == kind), None)


NO_PROBLEMS = Problems()

LEAVES_OUT = "--exclude-from"
"""The option with which warnings advise to leave pictures out, for which the window has a button."""

_UNTRIED: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """Everything from which problems follow.

    Attributes
    ----------
    catalog : Catalog
    excluded : bool, shape (N,)
        Mask of the samples that the person left out.
    plan : Plan or None
        A plan of the catalog, if its options can be met.
    findings : tuple of Finding
    tried : mapping of int to str
        For samples that were decoded since the scan and failed then or before: why, or ``""`` if they can be
        read by now.
    warnings : tuple of DataWarning
    retriable : bool
        Whether the last run has failed rows that can be retried.
    elsewhere : tuple of Failure
        Failed rows of a run whose samples are not those of the catalog.
    """

    catalog: Catalog
    excluded: NDArray[np.bool_]
    plan: Plan | None = None
    findings: tuple[Finding, ...] = ()
    tried: Mapping[int, str] = field(default_factory=lambda: _UNTRIED)
    warnings: tuple[DataWarning, ...] = ()
    retriable: bool = False
    elsewhere: tuple[Failure, ...] = ()

    def reason(self, sample: int) -> str:
        """Return why a sample cannot be read, or ``""``."""
        return self.tried.get(sample, self.catalog.problem[sample])


def problems_of(known: Known) -> Problems:
    """Derive the list of problems; samples that were left out have no others."""
    gathered = [each for gather in _GATHERERS for each in gather(known)]
    order = list(Severity)
    return Problems(tuple(sorted(gathered, key=lambda each: order.index(each.severity))))


def readable(catalog: Catalog, tried: Mapping[int, str] = _UNTRIED) -> NDArray[np.bool_]:
    """Return the mask of the samples that can be read, as far as headers and later tries tell, shape (N,)."""
    found = catalog.usable.copy()
    found[list(tried)] = [not why for why in tried.values()]
    return found


def _unreadable(known: Known) -> Iterator[Problem]:
    catalog, tried = known.catalog, known.tried
    samples = np.flatnonzero(~readable(catalog, tried) & ~known.excluded)
    if len(samples):
        deeds = (Deed.LOOK, Deed.LEAVE_OUT)
        reasons = _reasons(known, samples)
        yield Problem(
            UNREADABLE,
            Severity.CANNOT_BE_USED,
            say_many(len(samples), "{count:,} picture cannot be read.", "{count:,} pictures cannot be read."),
            advice_on(UNREADABLE, len(samples)),
            len(samples),
            files_of_samples(catalog, samples, known.reason),
            samples,
            say("that cannot be read"),
            ways_of_reasons(reasons),
            (Deed.RETRY, *deeds) if known.retriable else deeds,
            reasons=reasons,
        )


def _reasons(known: Known, samples: NDArray[np.int64]) -> dict[str, int]:
    """Count why `samples` cannot be read, the most frequent first."""
    by_headers = zip(samples.tolist(), known.catalog.problem.take(samples), strict=True)
    return dict(Counter(known.tried.get(sample, told) for sample, told in by_headers).most_common())


def _failed_elsewhere(known: Known) -> Iterator[Problem]:
    if count := len(known.elsewhere):
        yield Problem(
            FAILED_ROWS,
            Severity.CANNOT_BE_USED,
            say_many(
                count,
                "{count:,} picture of the last stack could not be read.",
                "{count:,} pictures of the last stack could not be read.",
            ),
            advice_on(FAILED_ROWS, count),
            count,
            files_of_failures(known.elsewhere),
            ways=ways_of_reasons(failure.reason for failure in known.elsewhere),
            deeds=(Deed.RETRY,),
        )


def _unfit(known: Known) -> Iterator[Problem]:
    """Tell of samples that can be read but do not go with the options."""
    plan, catalog = known.plan, known.catalog
    if plan is None:
        return
    fits = plan.usable | ~catalog.usable | known.excluded | plan.problem.equals(EXCLUDED)
    for warning in known.warnings:
        if warning.is_loss and warning.samples is not None:
            fits[warning.samples] = True  # told by the warning
    if len(samples := np.flatnonzero(~fits)):
        yield Problem(
            UNFIT,
            Severity.CANNOT_BE_USED,
            say_many(
                len(samples),
                "{count:,} picture does not go with what is chosen in the plan.",
                "{count:,} pictures do not go with what is chosen in the plan.",
            ),
            advice_on(UNFIT, len(samples)),
            len(samples),
            files_of_samples(catalog, samples, plan.problem.__getitem__),
            samples,
            say("that cannot become part of the plan"),
            ways_of_reasons(plan.problem.take(samples).counts()),
            (Deed.LOOK, Deed.LEAVE_OUT),
        )


def _warned(known: Known) -> Iterator[Problem]:
    for warning in known.warnings:
        if warning.is_loss and known.plan is not None:
            yield from _lost(known, known.plan, warning)
            continue
        samples = warning.samples
        yield Problem(
            warning.code,
            Severity.LOOK_AT_IT,
            warning.text,
            advice_on(warning.code, warning.count),
            warning.count,
            files_of_examples(warning.examples)
            if samples is None
            else files_of_samples(known.catalog, samples, lambda _sample: ""),
            samples,
            "" if samples is None else say("with this warning"),
            deeds=() if samples is None else _deeds_of(warning),
            mend=warning.mend,
            places=places_told(known.catalog, warning),
        )


def _deeds_of(warning: DataWarning) -> tuple[Deed, ...]:
    """Return what can be done about the samples of a warning: to leave them out only where it says so."""
    return (Deed.LOOK, Deed.LEAVE_OUT) if LEAVES_OUT in warning.text else (Deed.LOOK,)


def _lost(known: Known, plan: Plan, warning: DataWarning) -> Iterator[Problem]:
    """Tell of pictures that get no row, each with the reason and its mask; nothing once all are mended."""
    assert warning.samples is not None, "about samples"
    samples = warning.samples[~known.excluded[warning.samples]]
    if any(known.tried.get(sample) != "" for sample in samples.tolist()):
        yield Problem(
            warning.code,
            Severity.CANNOT_BE_USED,
            warning.text,
            advice_on(warning.code, len(samples)),
            len(samples),
            files_of_samples(known.catalog, samples, partial(_why_lost, plan)),
            samples,
            say("with this warning"),
            deeds=(Deed.RETRY, Deed.LOOK, Deed.LEAVE_OUT) if known.retriable else (Deed.LOOK, Deed.LEAVE_OUT),
        )


def _why_lost(plan: Plan, sample: int) -> str:
    masks, reason = plan.catalog.masks, plan.problem[sample]
    if masks is None or not masks.has_mask[sample]:
        return reason
    mask, files = int(masks.of[sample]), masks.files
    is_beside = files.folders[files.source[mask]] not in plan.catalog.folders
    file = files.file(mask) if is_beside else files.path[mask]
    return say("{reason}: {file}", reason=reason, file=printable(file))


def _found(known: Known) -> Iterator[Problem]:
    can_be_read = readable(known.catalog, known.tried)
    for finding in (*known.findings, *near_duplicates(known.catalog)):
        samples = finding.left_of(known.excluded)
        samples = samples[can_be_read[samples]]
        if len(samples):
            yield Problem(
                finding.kind.value,
                Severity.LOOK_AT_IT,
                said_of(finding.kind, len(samples)),
                advice_on(finding.kind, len(samples)),
                len(samples),
                files_of_samples(known.catalog, samples, partial(_why, known.catalog, finding)),
                samples,
                which_of(finding.kind, len(samples)),
                deeds=(Deed.LOOK, Deed.LEAVE_OUT),
                side_by_side=finding.side_by_side(known.excluded | ~can_be_read),
            )


def _why(catalog: Catalog, finding: Finding, sample: int) -> str:
    """Return what is so special about one sample of a finding."""
    if finding.earlier is not None:
        place = int(np.searchsorted(finding.samples, sample))
        file = printable(catalog.path[int(finding.earlier[place])])
        is_same = finding.kind is HealthKind.DUPLICATE
        return say("the same as {file}", file=file) if is_same else say("almost like {file}", file=file)
    if finding.kind in {HealthKind.ODD_SIZE, HealthKind.ODD_SHAPE}:
        return format_size(int(catalog.height[sample]), int(catalog.width[sample]))
    return ""


def _skipped(known: Known) -> Iterator[Problem]:
    skipped = known.catalog.skipped
    for kind, count in skipped.left_aside.items():
        yield Problem(
            kind,
            severity_of_skipped(kind),
            skipped_words(kind, count),
            advice_on(kind, count),
            count,
            files_of_skipped(skipped, np.flatnonzero(skipped.kind.equals(kind))),
            ways=ways_of_kinds([kind]),
            deeds=(Deed.SEARCH_AGAIN, Deed.REMOVE) if kind in skip_kinds.SOURCES else (),
        )


def _left_out(known: Known) -> Iterator[Problem]:
    if len(samples := np.flatnonzero(known.excluded)):
        yield Problem(
            skip_kinds.EXCLUDED,
            Severity.LEFT_ASIDE,
            skipped_words(skip_kinds.EXCLUDED, len(samples)),
            advice_on(skip_kinds.EXCLUDED, len(samples)),
            len(samples),
            files_of_samples(known.catalog, samples, known.reason),
            samples,
            say("left out by you"),
            deeds=(Deed.LOOK, Deed.TAKE_IN),
        )


_GATHERERS: tuple[Callable[[Known], Iterator[Problem]], ...] = (
    _unreadable,
    _failed_elsewhere,
    _unfit,
    _warned,
    _found,
    _left_out,
    _skipped,
)
