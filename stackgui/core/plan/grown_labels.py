"""Labels of the rows of a stack that is brought up to date; new classes come last."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import LabelForm
from stackgui.core.base.columns import Coded
from stackgui.core.base.natural import natural_key
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.label_sets import Divide, LabelSets, divided_at, one_label
from stackgui.core.plan.changed_since import NOT_FOUND, ChangedSince
from stackgui.core.plan.object_labels import plan_label_names
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import classes_of


@dataclass(frozen=True, eq=False, slots=True)
class GrownLabels:
    """The labels of all rows.

    Attributes
    ----------
    label : int32, shape (rows,), or None
    classes : tuple of str
    sets : LabelSets or None
        As in `Plan`.
    relabelled : bool, shape (rows before,)
        Old rows to which a list now gives another label.
    """

    label: NDArray[np.int32] | None
    classes: tuple[str, ...]
    sets: LabelSets | None
    relabelled: NDArray[np.bool_]


def grown_labels(plan: Plan, rows: Catalog, now: Catalog, since: ChangedSince) -> GrownLabels:
    """Return the labels of the rows of `plan`, and of the new samples of `now`.

    Parameters
    ----------
    rows
        The samples of the rows, in their order.
    """
    relabelled = np.zeros(plan.rows, np.bool_)
    if plan.label is None:
        return GrownLabels(None, plan.classes, None, relabelled)
    taken = np.sort(np.concatenate([since.match[since.match != NOT_FOUND], since.new]))
    found = plan_label_names(plan.options, now, taken)
    texts = ["" if found is None else found[sample] for sample in since.new.tolist()]
    divide = _divide(plan, found, taken)
    changes = dict(_given_anew(plan, rows, now, since, divide))
    relabelled[list(changes)] = True
    new = {text: divide(text) for text in (*texts, *changes.values())}
    classes = _with_new(plan, [name for names in new.values() for name in names])
    number = {name: index for index, name in enumerate(classes)}
    number = {_composed(name): index for name, index in number.items()} | number
    codes, sets = _codes(plan, new, number, len(classes))
    label = np.array([*plan.label[plan.samples], *(codes[text] for text in texts)], np.int32)
    for row, text in changes.items():
        label[row] = codes[text]
    return GrownLabels(label, classes, sets, relabelled)


def _divide(plan: Plan, found: Coded | None, taken: NDArray[np.int64]) -> Divide:
    """Return the function that divides labels, by what they all show."""
    if plan.options.label_form is LabelForm.ONE:
        return one_label
    return divided_at(plan.options.label_separator, {} if found is None else found.take(taken).counts())


def _codes(
    plan: Plan, new: Mapping[str, Iterable[str]], number: Mapping[str, int], classes: int
) -> tuple[dict[str, int], LabelSets | None]:
    """Return what labels each of the `new` texts gives, as in `Plan.label`, and all sets of labels."""
    numbers = {
        text: tuple(sorted({number.get(name, number.get(_composed(name), -1)) for name in names} - {-1}))
        for text, names in new.items()
    }
    if plan.options.label_form is LabelForm.ONE:
        return {text: next(iter(each), -1) for text, each in numbers.items()}, None
    known = plan.label_sets or LabelSets.of([], 0)
    sets = [tuple(known.numbers(code)) for code in range(len(known))]
    place = {each: code for code, each in enumerate(sets)}
    for each in numbers.values():
        if each:
            place.setdefault(each, len(place))
    return {text: place.get(each, -1) for text, each in numbers.items()}, LabelSets.of(list(place), classes)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _with_new(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    """Return the classes of `plan`, and after them those of `names` that are not among them."""
    known = {*map(_composed, plan.classes)}
    new = {name for name in names if name and name not in plan.options.not_classes}
    new = {name for name in new if _composed(name) not in known}
    return (*plan.classes, *sorted(new, key=lambda name: (natural_key(name), name)))


def _given_anew(
    plan: Plan, rows: Catalog, now: Catalog, since: ChangedSince, divide: Divide
) -> Iterable[tuple[int, str]]:
    """Yield the rows whose label was that of a list, a folder or boxes that say another now, and this one."""
    assert plan.label is not None, "asked of a stack with labels"
    found = since.found
    differs = rows.given_label.take(found).differs(now.given_label.take(since.match[found]))
    found = found[differs | since.renamed[found] | since.annotated[found]]
    if not len(found):
        return
    before = plan_label_names(plan.options, rows, np.arange(len(rows)))
    taken = np.sort(np.concatenate([since.match[since.match != NOT_FOUND], since.new]))
    after = plan_label_names(plan.options, now, taken)
    if before is None or after is None:
        return
    by_hand = None if plan.row_changes is None else plan.row_changes.relabelled
    for row in found.tolist():
        names = set(classes_of(plan, int(plan.samples[row])))
        was, given = before[row], after[int(since.match[row])]
        is_given = names == {*divide(was)} and was != given
        if is_given and given and (by_hand is None or not by_hand[row]):
            yield row, given
