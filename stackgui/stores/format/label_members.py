"""What a manifest says of the labels of each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import copied
from stackgui.core.base.blocks import at
from stackgui.core.base.choices import LabelForm
from stackgui.core.base.columns import Coded
from stackgui.core.labels.label_sets import LabelSets
from stackgui.core.labels.labels import FoundLabels
from stackgui.core.plan.plan import Plan

_MANY_TEXTS = 2**16
"""Formatted sets of classes to keep; rows with the same labels are often near each other."""

_Format: TypeAlias = Callable[[int], str]


class LabelMembers:
    """Formats what the manifest of `plan` says of labels; `cell` formats a text for the sheet.

    A label is a number, and its class a name; where a row may have several, both are lists in JSON, and the
    sheet has the names with semicolons between them.
    """

    def __init__(self, plan: Plan, cell: Callable[[str], str]) -> None:
        self._label = plan.label
        classes, sets = plan.classes, plan.label_sets
        self._codes = len(classes) if sets is None else len(sets)
        self._number: _Format = str
        self._json: _Format = lambda code: encode_basestring_ascii(classes[code])
        self._cell: _Format = lambda code: cell(classes[code])
        self._none = ("-1", "null")
        if sets is not None:
            self._none = ("[]", "[]")
            self._number = lambda code: f"[{','.join(map(str, sets.numbers(code)))}]"
            self._json = lambda code: _json([classes[number] for number in sets.numbers(code)])
            self._cell = lambda code: cell(label_cell([classes[number] for number in sets.numbers(code)]))
        kept = lru_cache(_MANY_TEXTS)
        self._number, self._json, self._cell = kept(self._number), kept(self._json), kept(self._cell)

    def numbers(self, sample: NDArray[np.int64]) -> list[str]:
        """Return the label of each sample as JSON."""
        return self._formatted(sample, self._number, self._none[0])

    def texts(self) -> list[str]:
        """Return what `numbers` returns for a sample without a label, and for each code after it."""
        if self._label is None:
            return ["null"]
        return [self._none[0], *map(self._number, range(self._codes))]

    def names(self, sample: NDArray[np.int64]) -> list[str]:
        """Return the name of each sample's class as JSON."""
        return self._formatted(sample, self._json, self._none[1])

    def cells(self, sample: NDArray[np.int64]) -> list[str]:
        """Return the name of each sample's class as a cell."""
        return self._formatted(sample, self._cell, "")

    def _formatted(self, sample: NDArray[np.int64], form: _Format, blank: str) -> list[str]:
        if self._label is None:
            return ["null" if blank else ""] * len(sample)
        return [blank if code < 0 else form(code) for code in self._label[sample].tolist()]


def label_cell(names: str | Sequence[str] | None) -> str:
    """Return the name or the names of a row's classes as a text for the sheet."""
    return names if isinstance(names, str) else "; ".join(names or ())


def label_texts(rows: Sequence[Any]) -> Coded:
    """Return the labels in lines of a manifest as JSON, one text for each row."""
    return Coded.from_values(map(_json, rows))


def found_labels(texts: Coded, classes: tuple[str, ...], form: LabelForm) -> FoundLabels:
    """Return the labels of rows, given `label_texts`.

    Raises
    ------
    ValueError
        When a text is not a label of this form.
    """
    values = [json.loads(text) for text in texts.names]
    if form is LabelForm.ONE:
        if not all(value is None or isinstance(value, int) for value in values):
            raise ValueError("a label that is not a number")
        numbers = np.array([-1 if value is None else value for value in values], np.int32)
        return FoundLabels(at(numbers, texts.codes), classes)
    values = [[] if value is None else value for value in values]
    if not all(
        isinstance(value, list) and all(isinstance(each, int) and 0 <= each < len(classes) for each in value)
        for value in values
    ):
        raise ValueError("labels that are not numbers of classes")
    codes = np.array([code if value else -1 for code, value in enumerate(values)], np.int32)
    return FoundLabels(at(codes, texts.codes), classes, LabelSets.of(values, len(classes)))


def relabelled(plan: Plan, rows: NDArray[np.int64], texts: Coded, classes: tuple[str, ...]) -> Plan:
    """Return `plan` with the labels in `texts`, from `label_texts`, for its `rows`, and other `classes`."""
    found = found_labels(texts.take(rows), classes, plan.options.label_form)
    assert found.label is not None, "texts give labels"
    label = np.full(len(plan.catalog), -1, np.int32) if plan.label is None else copied(plan.label)
    if found.sets is None:
        label[plan.samples[rows]] = found.label
        return replace(plan, label=label, classes=classes)
    known = plan.label_sets or LabelSets.of([], 0)
    sets = [each.numbers(code) for each in (known, found.sets) for code in range(len(each))]
    label[plan.samples[rows]] = np.where(found.label < 0, -1, found.label + len(known))
    return replace(plan, label=label, classes=classes, label_sets=LabelSets.of(sets, len(classes)))


def labels_in(found: FoundLabels, rows: slice) -> NDArray[Any]:
    """Return the labels of some rows, as ``labels.npy`` has them."""
    assert found.label is not None, "texts give labels"
    return found.label[rows] if found.sets is None else found.sets.table(found.label[rows])


_json = json.JSONEncoder(separators=(",", ":")).encode
