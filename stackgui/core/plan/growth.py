"""The plan of a stack that is brought up to date with its sources.

Row numbers never change. New rows come last: the last array grows, and sizes that it does not have get arrays
of their own behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Fit
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import SizeKind
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.joined import joined, without_idle_archives
from stackgui.core.catalog.masks import NO_MASK
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.options.options import Options
from stackgui.core.options.update_options import AS_USUAL, Larger, Signs, UpdateOptions
from stackgui.core.plan.changed_since import (
    NOT_FOUND,
    NOTHING_SAME,
    ChangedSince,
    changed_since,
    gone_before,
)
from stackgui.core.plan.fixed import Fixed, fixed_plan
from stackgui.core.plan.grown_buckets import grown_buckets, sorted_by_size
from stackgui.core.plan.grown_division import grown_division
from stackgui.core.plan.grown_labels import grown_labels
from stackgui.core.plan.mask_form import MaskForm, left_out, mask_form
from stackgui.core.plan.missing_sources import check_sources
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.plan.repair import MASK, changed_samples, content_of, repaired, with_content
from stackgui.core.plan.row_changes import RowChanges
from stackgui.core.plan.settled import settled


@dataclass(frozen=True, eq=False, slots=True)
class Growth:
    """What an update makes of a stack.

    Attributes
    ----------
    before : Plan
        The stack's plan.
    plan : Plan
        The plan of the updated stack.
    since : ChangedSince
    redone : bool, shape (rows,)
        Rows of `plan` that have to be made: new ones, those of changed pictures, and those that failed only
        because of a choice that is another one now.
    relabelled : bool, shape (rows before,)
        Rows to which a list now gives another label.
    larger : bool, shape (rows,)
        Rows to be made, or that are blank, whose pictures are larger than they.
    left_out : int
        Pictures in the sources that get no row, because of the stack's options.
    signs : Signs
        Of all that has changed, including what waits.
    waiting_names : tuple of str
        New pictures that wait.
    """

    before: Plan
    plan: Plan
    since: ChangedSince
    redone: NDArray[np.bool_]
    relabelled: NDArray[np.bool_]
    larger: NDArray[np.bool_]
    left_out: int
    signs: Signs
    waiting_names: tuple[str, ...]

    @property
    def went(self) -> NDArray[np.bool_]:
        """Return which rows have lost their pictures since the last update, shape (rows before,)."""
        return self.since.gone & ~gone_before(self.before)

    @property
    def came_back(self) -> NDArray[np.bool_]:
        """Return which rows had lost their pictures, and have them again, shape (rows before,)."""
        return gone_before(self.before) & ~self.since.gone & ~self.since.renamed

    @property
    def changed(self) -> NDArray[np.bool_]:
        """Return which old rows have to be made again, shape (rows before,)."""
        return self.redone[: self.before.rows]

    @property
    def is_nothing(self) -> bool:
        """Whether the stack is up to date."""
        since = self.since
        marks = (self.redone, self.relabelled, self.went, self.came_back)
        news = (since.annotated, since.revalued, since.renamed, since.retimed)
        return not any(each.any() for each in (*marks, *news))


def grown(
    plan: Plan,
    made_rows: int,
    filled: NDArray[np.bool_],
    now: Catalog,
    choices: UpdateOptions = AS_USUAL,
    *,
    same: Mapping[int, int] = NOTHING_SAME,
    seen: Signs | None = None,
) -> Growth:
    """Work out what an update makes of a stack.

    Parameters
    ----------
    plan
        The stack's plan.
    made_rows
        Rows that the stack was made with; others were added by updates.
    filled : bool, shape (rows,)
        Rows that hold pictures.
    now
        What its sources hold now.
    choices
    same
        As for `stackgui.core.plan.changed_since.changed_since`.
    seen
        As for `stackgui.core.plan.settled.settled`.

    Raises
    ------
    PlanError
        When the stack cannot be updated.
    """
    if (plan.catalog.sources, plan.catalog.folders) != (now.sources, now.folders):
        raise PlanError(say("The sources lie elsewhere now. Convert the pictures again."))
    taken = ~left_out(plan.options, now)
    since = changed_since(plan, now, taken, same)
    if not choices.allow_empty_sources:
        check_sources(plan, now, since)
    since, signs = settled(plan, now, since, seen)
    excluded = int(np.count_nonzero(~taken))
    return _Growing(plan, (made_rows, filled), now, since, choices).growth(excluded, signs)


class _Growing:
    """An update that is being worked out."""

    def __init__(
        self,
        plan: Plan,
        rows: tuple[int, NDArray[np.bool_]],
        now: Catalog,
        since: ChangedSince,
        choices: UpdateOptions,
    ) -> None:
        self._plan = plan
        self._made_rows, self._filled = rows
        self._since = replace(since, new=sorted_by_size(plan, now, since.new))
        self._now = now
        self._choices = choices
        self._rows = plan.catalog.take(plan.samples)
        self._before = (plan.origin or plan).catalog.take(plan.samples)
        self._old = plan.rows

    def growth(self, excluded: int, signs: Signs) -> Growth:
        """Return the finished growth."""
        after = self._catalog()
        before = self._as_planned(after)
        before, after = self._with_masks(before, after)
        buckets = grown_buckets(self._plan, self._now, self._since.new)
        options, larger = self._options(after, buckets)
        labels = grown_labels(self._plan, self._rows, self._now, self._since)
        found = FoundLabels(labels.label, labels.classes, labels.sets)
        division = grown_division(self._plan, after, found, self._now, self._since.new)
        fixed = Fixed(
            buckets=buckets,
            channels=self._plan.channels,
            dtype=self._plan.dtype,
            label=labels.label,
            classes=labels.classes,
            label_sets=labels.sets,
            split=division.split,
            group=division.group,
            measured=self._plan.measured,
            is_added=np.arange(len(after)) >= self._made_rows,
        )
        plan = repaired(fixed_plan(options, before, fixed), after)
        changes = self._changes()
        if changes.any:
            origin = None if plan.origin is None else replace(plan.origin, row_changes=changes)
            plan = replace(plan, row_changes=changes, origin=origin)
        redone = self._redone(plan)
        blank = np.zeros(plan.rows, np.bool_)
        blank[: self._old] = ~self._filled & ~self._since.gone
        larger &= redone | blank
        waiting = tuple(self._now.path.take(self._since.waiting_new))
        return Growth(
            self._plan, plan, self._since, redone, labels.relabelled, larger, excluded, signs, waiting
        )

    def _catalog(self) -> Catalog:
        """Return the samples of all rows as they are now, in the order of rows."""
        old = len(self._rows)
        match = self._since.match
        places = np.where(match == NOT_FOUND, np.arange(old), match + old)
        both = joined(self._rows, self._now)
        found = both.take(np.concatenate([places, self._since.new + old]))
        found = without_idle_archives(found, len(self._rows.archives))
        # The part of an old row stays, whatever a list says now.
        split = Coded.concatenate([self._rows.split, self._now.split.take(self._since.new)])
        return replace(found, split=split, skipped=self._now.skipped)

    def _as_planned(self, after: Catalog) -> Catalog:
        """Return the samples as they were when their rows were first planned."""
        changed = self._since.changed | changed_samples(self._before, self._rows)
        contents: dict[int, Mapping[str, Any]] = {}
        for row in np.flatnonzero(changed).tolist():
            content = content_of(self._before, row)
            if after.masks is None or after.masks.of[row] == NO_MASK:
                content.pop(MASK, None)
            contents[row] = content
        return with_content(after, contents) if contents else after

    def _with_masks(self, before: Catalog, after: Catalog) -> tuple[Catalog, Catalog]:
        """Let the numbers in masks become what they became, and new ones be added if they can.

        Raises
        ------
        PlanError
            When they cannot, and the stack's numbers would change.
        """
        old = self._plan.masks
        if old is None:
            return replace(before, masks=None), replace(after, masks=None)
        if _extends(mask_form(self._plan.options, after), old):
            return before, after
        own = self._plan.catalog.masks
        if own is not None and before.masks is not None and after.masks is not None:
            before = replace(before, masks=replace(before.masks, found=own.found))
            after = replace(after, masks=replace(after.masks, found=own.found))
        if not _extends(mask_form(self._plan.options, after), old):
            raise PlanError(
                say("The numbers in its masks would now become others. Convert the pictures again.")
            )
        return before, after

    def _options(self, after: Catalog, buckets: Sequence[Bucket]) -> tuple[Options, NDArray[np.bool_]]:
        """Return the options of the updated stack, and which samples are larger than their rows."""
        options = self._plan.options
        larger = np.zeros(len(after), np.bool_)
        for bucket in buckets:
            samples = bucket.samples
            larger[samples] = after.height[samples] > bucket.height
            larger[samples] |= after.width[samples] > bucket.width
        keeps_size = options.fit is Fit.PAD and options.size.kind is SizeKind.MAX
        larger &= keeps_size & ~options.shrink.mask(after)
        shrunk = np.zeros(len(after), np.bool_)
        # What has another name is still shrunk as it was.
        shrunk[: self._old] = self._since.renamed & options.shrink.mask(self._rows)
        larger &= ~shrunk
        if self._choices.larger is Larger.SHRINK:
            shrunk |= larger
        if shrunk.any():
            options = replace(options, shrink=options.shrink | SampleSet.of(after, np.flatnonzero(shrunk)))
        return options, larger

    def _changes(self) -> RowChanges:
        new = RowChanges.none_of(len(self._since.new))
        old = self._plan.row_changes or RowChanges.none_of(self._old)
        return RowChanges.concatenate([replace(old, gone=self._since.gone), new])

    def _redone(self, plan: Plan) -> NDArray[np.bool_]:
        redone = np.ones(plan.rows, np.bool_)
        was = self._plan.problem.take(self._plan.samples)
        fits_now = ~was.equals("") & plan.problem.take(np.arange(self._old)).equals("")
        # Rows of pictures that were gone may have been blanked.
        blanked = gone_before(self._plan) & ~self._filled
        stays = self._since.gone | self._since.unreached | self._since.waiting
        redone[: self._old] = (self._since.changed | fits_now | blanked) & ~stays
        return redone


def _extends(form: MaskForm | None, old: MaskForm) -> bool:
    """Whether a form changes nothing that `old` says, apart from adding numbers."""
    if form is None or (form.ignore, form.missing, form.dtype) != (old.ignore, old.missing, old.dtype):
        return False
    now, before = dict(zip(form.keys, form.numbers, strict=True)), zip(old.keys, old.numbers, strict=True)
    names = dict(form.classes)
    return (
        (form.is_open, form.drawn) == (old.is_open, old.drawn)
        and all(now.get(key) == number for key, number in before)
        and all(names.get(number) == name for number, name in old.classes)
    )
