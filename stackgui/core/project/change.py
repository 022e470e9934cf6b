"""Words for what a change does to a project, as in “Undo: Leave out 3 pictures”."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import basename

from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.project.project import SETS, Project

SOURCES = "sources"
_CHOICES = ("scan_options", "options", "run")


def changed(before: Project, after: Project) -> frozenset[str]:
    """Return the names of what differs, such as ``"sources"`` and ``"fit"``."""
    names = {name for name, _caption in _changed_choices(before, after)}
    return frozenset(names | {SOURCES} if before.sources != after.sources else names)


def is_fluent(names: frozenset[str]) -> bool:
    """Whether changes of these names in quick succession are one change to people, as in a drag."""
    return SOURCES not in names and names.isdisjoint(SETS)


def described(before: Project, after: Project) -> str:
    """Return in a few words what changes from `before` to `after`; ``""`` if nothing does."""
    if before.sources != after.sources:
        return _sources(before.sources, after.sources)
    captions = dict(_changed_choices(before, after))
    if len(captions) > 1:  # another name for the stack follows from other choices
        captions.pop("destination", None)
    if len(captions) == 1:
        ((name, caption),) = captions.items()
        return _samples(before, after, name) if name in SETS else say("Change “{caption}”", caption=caption)
    return say("Change {choices}", choices=format_count(len(captions), "choice")) if captions else ""


def _changed_choices(before: Project, after: Project) -> Iterator[tuple[str, str]]:
    """Yield the names and the captions of the choices that differ."""
    for table in _CHOICES:
        old, new = getattr(before, table), getattr(after, table)
        if old == new:
            continue
        for name, declared in choices_of(type(new)).items():
            if getattr(old, name) != getattr(new, name):
                yield name, say(declared.caption)


def _sources(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    added = [source for source in after if source not in before]
    removed = [source for source in before if source not in after]
    if added and removed:
        return say("Change the sources")
    if added:
        return say("Add {sources}", sources=_named(added))
    return say("Remove {sources}", sources=_named(removed)) if removed else say("Reorder the sources")


def _named(sources: list[str]) -> str:
    if len(sources) > 1:
        return format_count(len(sources), "source")
    return say("“{name}”", name=printable(basename(sources[0]) or sources[0]))


def _samples(before: Project, after: Project, name: str) -> str:
    old: SampleSet = getattr(before.options, name)
    new: SampleSet = getattr(after.options, name)
    more, less = (format_count(len(each), "picture") for each in (new - old, old - new))
    if name == "exclude":
        if old - new and new - old:
            return say("Change which pictures are left out")
        return (
            say("Leave out {pictures}", pictures=more)
            if new - old
            else say("Take in {pictures}", pictures=less)
        )
    if name == "first":
        if old - new and new - old:
            return say("Change which pictures come first")
        return (
            say("Put {pictures} first", pictures=more)
            if new - old
            else say("Put {pictures} back in their places", pictures=less)
        )
    if old - new and new - old:
        return say("Change which pictures shrink")
    return (
        say("Shrink {pictures}", pictures=more)
        if new - old
        else say("Stop shrinking {pictures}", pictures=less)
    )
