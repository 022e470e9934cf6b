"""The differences between two plans: why an unfinished conversion is not the one that was asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choice_table import changes
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_shape
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.catalog.catalog import COLUMNS, Catalog
from stackgui.core.catalog.mask_segments import segments_differ
from stackgui.core.catalog.schema import Counts
from stackgui.core.plan.number_rules import number_rule
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import changed_samples
from stackgui.core.plan.taken import listed

MAX_FILES_NAMED = 3
"""Files named in each sentence."""


@dataclass(frozen=True, eq=False, slots=True)
class Difference:
    """How a new plan differs from an old one.

    Attributes
    ----------
    sentences : tuple of str
        The differences in plain language; empty if there are none.
    changed : bool, shape (N,)
        Mask of the new plan's samples whose files changed; valid only if `redoable`.
    redoable : bool
        Whether the plans differ only in the content of files, so that the rows of all others can be kept.
    """

    sentences: tuple[str, ...]
    changed: NDArray[np.bool_]
    redoable: bool

    @property
    def text(self) -> Wording:
        """Return all sentences on one line."""
        return joined(" ", self.sentences)


def difference(
    old: Plan, new: Plan, old_versions: Mapping[str, str], new_versions: Mapping[str, str]
) -> Difference:
    """Compare two plans, and the versions of the libraries that decode their pixels."""
    reasons = [*_options(old, new), *other_versions(old_versions, new_versions)]
    names, same_names = _names(old.catalog, new.catalog)
    reasons += names
    changed = _changed(old, new) if same_names else np.zeros(len(new.catalog), np.bool_)
    if same_names and old.arrays != new.arrays:
        reasons.append(
            say(
                "The shapes of the arrays were {before}, and would now be {after}.",
                before=_shapes(old),
                after=_shapes(new),
            )
        )
    if old.masks != new.masks:
        reasons.append(say("The numbers in its masks would now become others."))
    if changed.any() and new.measured is not None:
        reasons.append(say("Its numbers depend on all files, so none of its rows can be kept."))
    elif changed.any() and number_rule(old) != number_rule(new):
        reasons.append(say("Its numbers would now be scaled to another range."))
    if not reasons and not changed.any() and old.fingerprint != new.fingerprint:
        reasons.append(say("It was planned differently."))
    return Difference((*reasons, *_changes(new.catalog, changed)), changed, redoable=not reasons)


def _changes(catalog: Catalog, changed: NDArray[np.bool_]) -> list[str]:
    samples = np.flatnonzero(changed)
    names = [catalog.path[sample] for sample in samples[:MAX_FILES_NAMED].tolist()]
    if not len(samples):
        return []
    return [
        say_many(
            len(samples),
            "{count:,} file ({named}) has changed since.",
            "{count:,} files ({named}) have changed since.",
            named=_named(len(samples), names),
        )
    ]


def _shapes(plan: Plan) -> str:
    return ", ".join(format_shape(array.shape) for array in plan.arrays)


def _options(old: Plan, new: Plan) -> list[str]:
    found = [
        *changes(old.options, new.options),
        *changes(old.catalog.scan_options, new.catalog.scan_options),
    ]
    differ = [
        say(
            "{title} was {shown}, now {shown2}",
            title=say(each.title),
            shown=_shown(each.before),
            shown2=_shown(each.now),
        )
        for each in found
    ]
    return [say("Other options: {differ}.", differ=joined("; ", differ))] if differ else []


def other_versions(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Describe differences between the versions of decoding libraries, in at most one sentence."""
    differ = [
        say(
            "{name} was {get}, now {get2}",
            name=name,
            get=old.get(name, say("absent")),
            get2=new.get(name, say("absent")),
        )
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    return [say("Other versions: {differ}.", differ=joined("; ", differ))] if differ else []


def _names(old: Catalog, new: Catalog) -> tuple[list[str], bool]:
    """Describe files that are gone or new, and tell whether the same names come in the same order."""
    if (old.sources, old.folders) != (new.sources, new.folders):
        sources = [", ".join(map(printable, catalog.sources)) for catalog in (old, new)]
        return [
            say("Other folders: {sources}; now {sources2}.", sources=sources[0], sources2=sources[1])
        ], False
    alike = np.array_equal(old.source, new.source) and np.array_equal(old.path.ends, new.path.ends)
    if alike and old.path.data == new.path.data:
        return [], True
    before, now = _names_in(old), _names_in(new)
    sentences: list[str] = []
    for these, others, told in ((before, now, _gone), (now, before, _new)):
        if missing := [key for key in these if key not in others]:
            names = [os.fsdecode(path) for _source, path in missing[:MAX_FILES_NAMED]]
            sentences.append(told(len(missing), _named(len(missing), names)))
    return sentences or [say("The files are in another order.")], False


def _names_in(catalog: Catalog) -> dict[tuple[int, bytes], None]:
    """Return the source and path of each file, in order."""
    return {(source, catalog.path.raw(sample)): None for sample, source in enumerate(catalog.source.tolist())}


def keys_of(catalog: Catalog) -> dict[tuple[int, bytes, int], int]:
    """Return the sample of each source, path and number in the file, in order."""
    places = zip(catalog.source.tolist(), catalog.member.tolist(), strict=True)
    return {
        (source, catalog.path.raw(sample), member): sample for sample, (source, member) in enumerate(places)
    }


def _changed(old: Plan, new: Plan) -> NDArray[np.bool_]:
    """Return a mask of the samples that differ in anything but their names, which are the same."""
    before, now = old.catalog, new.catalog
    changed = np.zeros(len(now), np.bool_)
    for each in COLUMNS:
        # The plan's problems include those of its catalog.
        if each.counts is not Counts.NEVER and each.name != "problem":
            changed |= each.differs(getattr(before, each.name), getattr(now, each.name))
    return changed | old.problem.differs(new.problem) | masks_changed(before, now)


def masks_changed(before: Catalog, now: Catalog) -> NDArray[np.bool_]:
    """Return a mask of the samples whose masks are other files, or have changed."""
    changed = np.zeros(len(now), np.bool_)
    if before.masks is None or now.masks is None:
        return changed | ((before.masks is None) != (now.masks is None))
    one, other = before.masks, now.masks
    changed |= one.has_mask != other.has_mask
    both = np.flatnonzero(one.has_mask & other.has_mask)
    files, files_now = one.files.take(one.of[both]), other.files.take(other.of[both])
    if files.path.data == files_now.path.data and np.array_equal(files.path.ends, files_now.path.ends):
        changed[both] |= changed_samples(files, files_now)
    else:
        names = zip(files.path, files_now.path, strict=True)
        changed[both] |= np.array([name != name_now for name, name_now in names], np.bool_)
    segments, now_segments = (
        masks.segments and masks.segments.take(masks.of[both]) for masks in (one, other)
    )
    changed[both] |= segments_differ(segments, now_segments, len(both))
    return changed


def _gone(count: int, named: str) -> Wording:
    return say_many(
        count,
        "{count:,} file ({named}) is no longer there.",
        "{count:,} files ({named}) are no longer there.",
        named=named,
    )


def _new(count: int, named: str) -> Wording:
    return say_many(
        count, "{count:,} file ({named}) is new.", "{count:,} files ({named}) are new.", named=named
    )


def _named(count: int, names: Sequence[str]) -> Wording:
    """Return the first of `count` names, such as ``a.png, b.png and 7 more``."""
    more = say(" and {count:,} more", count=count - len(names)) if count > len(names) else ""
    return joined("", (", ".join(map(printable, names)), more))


def _shown(value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return listed(value) if value else say("none")
    if isinstance(value, list):
        return format_count(len(value), "picture")
    return (say("yes") if value else say("no")) if isinstance(value, bool) else str(value)
