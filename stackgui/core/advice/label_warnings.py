"""Warnings about pictures with several labels where each is to have one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.base.choices import LabelForm
from stackgui.core.base.columns import Coded
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import say, say_many
from stackgui.core.labels.label_sets import divided_at, found_separator, is_set_text, members_of
from stackgui.core.labels.labels import LabelKind
from stackgui.core.options.mending import mend
from stackgui.core.plan.object_labels import object_labels
from stackgui.core.plan.plan import Plan

_ALL = mend(say("Take all labels of each picture"), label_form=LabelForm.MANY)


def several_labels(plan: Plan) -> Iterator[DataWarning]:
    """Warn of pictures with several labels, and of texts that join several, where one was asked for."""
    given = _labels_given(plan)
    if given is None or plan.options.label_form is LabelForm.MANY:
        return
    texts = set(given.names) - {""}
    sets = [is_set_text(name) for name in given.names]
    joined = _joining(texts) if not any(sets) else set()
    if not any(sets) and not joined:
        return  # before looking at what may be a million samples
    samples = np.sort(plan.samples)
    are_sets = np.array(sets, np.bool_)[given.codes[samples]]
    if len(found := samples[are_sets]):
        example = ", ".join(map(printable, members_of(given[int(found[0])])))
        text = say_many(
            len(found),
            "{pictures} has several labels, such as “{example}”. One label for each picture was asked for, "
            "so none of them was taken.",
            "{pictures} have several labels each, such as “{example}”. One label for each picture was asked "
            "for, so none of them was taken.",
            pictures=format_count(len(found), "picture"),
            example=example,
        )
        yield about_samples("several-labels", text, plan.catalog, found, _ALL)
    are_joined = np.array([name in joined for name in given.names], np.bool_)[given.codes[samples]]
    if len(found := samples[are_joined]):
        text = say_many(
            len(found),
            "{pictures} has a label that joins several, such as “{example}”, which was taken as a class of "
            "its own.",
            "{pictures} have labels that join several, such as “{example}”, which was taken as a class of "
            "its own.",
            pictures=format_count(len(found), "picture"),
            example=printable(given[int(found[0])]),
        )
        yield about_samples("labels-joined", text, plan.catalog, found, _ALL)


def _labels_given(plan: Plan) -> Coded | None:
    """Return the labels that lists, shards and annotations give, if the plan takes these."""
    kind, annotations = plan.options.labels.kind, plan.catalog.annotations
    if kind in {LabelKind.AUTO, LabelKind.GIVEN}:
        return plan.catalog.given_label
    if kind is LabelKind.OBJECTS and annotations is not None:
        return object_labels(annotations, plan.options.object_classes)
    return None


def _joining(texts: set[str]) -> set[str]:
    """Return those of `texts` that join several labels, each of which occurs in another text too."""
    divide = divided_at(found_separator(texts), texts)
    parts = {text: divide(text) for text in texts}
    seen: set[str] = set()
    again: set[str] = set()
    for each in parts.values():
        again |= seen.intersection(each)
        seen.update(each)
    return {text for text, each in parts.items() if len(each) > 1 and again.issuperset(each)}
