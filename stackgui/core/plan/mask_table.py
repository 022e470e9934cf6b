"""The values found in masks as a table that people change: which number and name each gets in the stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stackgui.core.catalog.mask_classes import COLOUR, MAX_NUMBER, MaskClass, MaskClasses
from stackgui.core.catalog.masks import Masks
from stackgui.core.plan.mask_form import UNKNOWN, VOID, MaskForm


@dataclass(frozen=True, slots=True)
class MaskValue:
    """A value of masks, and what becomes of it.

    Attributes
    ----------
    key : int
        The number or colour; see `stackgui.core.catalog.mask_classes.key_of`.
    masks : int
        How many masks hold it.
    share : float
        Its share of the pixels of all masks.
    number : int or None
        Its number in the stack; None if it does not count.
    name : str
        The name of that class; ``""`` without a number.
    is_known : bool
        Whether it has a place in the table of classes; masks with one that has none fail.
    """

    key: int
    masks: int
    share: float
    number: int | None
    name: str
    is_known: bool = True


def mask_values(masks: Masks, form: MaskForm) -> tuple[MaskValue, ...]:
    """Return the values found and those of the table of classes, ascending."""
    found = masks.found
    columns = zip(found.keys.tolist(), found.masks.tolist(), found.pixels.tolist(), strict=True)
    counts = {key: (count, pixels) for key, count, pixels in columns}
    pixels = max(1, int(found.pixels.sum()))
    becomes = dict(zip(form.keys, form.numbers, strict=True))
    names = dict(form.classes)
    made = []
    for key in sorted({*counts, *(key for key, number in becomes.items() if number != form.ignore)}):
        count, covered = counts.get(key, (0, 0))
        number = becomes.get(key, key if form.is_open else UNKNOWN)
        counted = None if number in {form.ignore, UNKNOWN} else number
        name = "" if counted is None else names.get(counted, str(counted))
        made.append(MaskValue(key, count, covered / pixels, counted, name, number != UNKNOWN or key < 0))
    return tuple(made)


def with_number(values: Sequence[MaskValue], at: int, number: int | None) -> MaskClasses:
    """Return the table of classes after one value got another number, which may join it with others.

    Parameters
    ----------
    values
    at
        Its place among `values`.
    number
        None if its pixels do not count.
    """
    own = values[at]
    if number is None:
        return _table(values, at, None, "")
    name = next((each.name for each in values if each.number == number), "")
    is_alone = sum(each.number == own.number for each in values) == 1
    if not name and is_alone and own.name != str(own.number):
        name = own.name  # a class that only moves keeps its name
    if not name:
        name, taken = str(number), {each.name for each in values}
        while name in taken:
            name += "_"
    return _table(values, at, number, name)


def with_name(values: Sequence[MaskValue], at: int, name: str) -> MaskClasses:
    """Return the table of classes after the class of one value got another name.

    With the name of another class, the two become one; without a name, the value does not count.
    """
    own = values[at]
    if not name:
        return _table(values, at, None, "")
    same = next((each.number for each in values if each.name == name and each.number != own.number), None)
    if own.number is None:
        return _table(values, at, _free(values, own.key) if same is None else same, name)
    number = own.number if same is None else same
    renamed = [
        replace(each, number=number, name=name) if each.number == own.number else each for each in values
    ]
    return _table(renamed, at, number, name)


def _free(values: Sequence[MaskValue], key: int) -> int:
    """Return the number for a value that did not count: its own, or else the first that no class has."""
    taken = {each.number for each in values}
    if 0 <= key < COLOUR and key not in taken and key != VOID:
        return key
    return next(number for number in range(MAX_NUMBER) if number not in taken)


def _table(values: Sequence[MaskValue], at: int, number: int | None, name: str) -> MaskClasses:
    changed = [
        replace(each, number=number, name=name, is_known=True) if place == at else each
        for place, each in enumerate(values)
    ]
    keys: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for each in changed:
        if each.number is not None:
            keys.setdefault(each.number, []).append(each.key)
            names.setdefault(each.number, each.name)
    numbers = sorted(keys)
    is_plain = numbers == list(range(len(numbers)))
    uncounted = tuple(each.key for each in changed if each.number is None and each.is_known and each.key >= 0)
    return (
        *(MaskClass(names[each], tuple(keys[each]), None if is_plain else each) for each in numbers),
        *((MaskClass("", uncounted),) if uncounted else ()),
    )
