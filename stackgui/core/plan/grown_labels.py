"""Labels and parts of the rows of a stack that is brought up to date; new classes come last."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.natural import natural_key
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.labels import label_names
from stackgui.core.plan.changed_since import NOT_FOUND, ChangedSince
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import resolve_split


@dataclass(frozen=True, eq=False, slots=True)
class GrownLabels:
    """The labels of all rows.

    Attributes
    ----------
    label : int32, shape (rows,), or None
    classes : tuple of str
    relabelled : bool, shape (rows before,)
        Old rows to which a list now gives another label.
    """

    label: NDArray[np.int32] | None
    classes: tuple[str, ...]
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
        return GrownLabels(None, plan.classes, relabelled)
    old = plan.label[plan.samples]
    taken = np.sort(np.concatenate([since.match[since.match != NOT_FOUND], since.new]))
    found = label_names(plan.options.labels, now, taken)
    names = ["" if found is None else found[sample] for sample in since.new.tolist()]
    changes = dict(_given_anew(plan, rows, now, since))
    relabelled[list(changes)] = True
    classes = _with_new(plan, [*names, *changes.values()])
    number = {name: index for index, name in enumerate(classes)}
    number = {_composed(name): index for name, index in number.items()} | number
    label = np.array([*old, *(_number(name, number) for name in names)], np.int32)
    for row, name in changes.items():
        label[row] = _number(name, number)
    return GrownLabels(label, classes, relabelled)


def _number(name: str, number: dict[str, int]) -> int:
    return number.get(name, number.get(_composed(name), -1))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _with_new(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    """Return the classes of `plan`, and after them those of `names` that are not among them."""
    known = {*map(_composed, plan.classes)}
    new = {name for name in names if name and name not in plan.options.not_classes}
    new = {name for name in new if _composed(name) not in known}
    return (*plan.classes, *sorted(new, key=lambda name: (natural_key(name), name)))


def _given_anew(plan: Plan, rows: Catalog, now: Catalog, since: ChangedSince) -> Iterable[tuple[int, str]]:
    """Yield the rows whose label was that of a list, which is another one there now, and the new label."""
    assert plan.label is not None, "asked of a stack with labels"
    old = plan.label[plan.samples]
    found = np.flatnonzero(~since.gone)
    differs = rows.given_label.take(found).differs(now.given_label.take(since.match[found]))
    by_hand = None if plan.row_changes is None else plan.row_changes.relabelled
    for row in found[differs].tolist():
        name = plan.classes[old[row]] if old[row] >= 0 else ""
        given = now.given_label[int(since.match[row])]
        if name == rows.given_label[row] != given and given and (by_hand is None or not by_hand[row]):
            yield row, given


def grown_split(plan: Plan, now: Catalog, new: NDArray[np.int64]) -> Coded:
    """Return the parts of the rows of `plan`, and of the `new` samples of `now`."""
    old = plan.split.take(plan.samples)
    if not plan.parts:
        return Coded.concatenate([old, Coded.constant("", len(new))])
    return Coded.concatenate([old, resolve_split(plan.options, now, np.arange(len(now))).take(new)])
