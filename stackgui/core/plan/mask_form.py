"""What the numbers and colours of masks become in a stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import DrawMasks, MaskNumbers, MissingMask
from stackgui.core.base.errors import PlanError
from stackgui.core.base.kept import kept
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.mask_classes import COLOUR, MaskClasses, numbered, spelled
from stackgui.core.catalog.masks import Masks, MaskValues
from stackgui.core.options.options import Options
from stackgui.core.plan.mask_colours import MAX_ID, colour_names, has_colours, ids_of
from stackgui.core.plan.object_classes import object_classes

UNKNOWN = -1
"""The number of a value that no class has."""

VOID = 255
"""The usual number of pixels that belong to no class."""

_WIDER = (2**16 - 1, 2**32 - 1)
"""Ignore values that take the place of one that is a class."""

_UNSIGNED = ("uint8", "uint16", "uint32")
_BINARY = (0, VOID)


@dataclass(frozen=True, slots=True)
class MaskForm:
    """What a pixel of a mask becomes.

    Attributes
    ----------
    keys, numbers : tuple of int
        Numbers and colours that masks may hold, ascending, and what each of them becomes.
    is_open : bool
        Whether all other numbers stay as they are, because they tell objects apart.
    classes : tuple of (int, str)
        The numbers of the classes, ascending, and their names.
    ignore : int
        The number of padding, of blank rows and of pixels without a class.
    missing : int
        The number of all pixels of a mask that is missing.
    dtype : str
        NumPy's name for the smallest dtype that holds all numbers.
    drawn : str
        What masks are drawn of, a value of `DrawMasks`; ``""`` if they are pictures.
    colours_are_ids : bool
        Whether colours are numbers of objects, R + 256 G + 65,536 B.
    of_segments : bool
        Whether a file of annotations says of each mask to which class each of its colours belongs.
    """

    keys: tuple[int, ...]
    numbers: tuple[int, ...]
    is_open: bool
    classes: tuple[tuple[int, str], ...]
    ignore: int
    missing: int
    dtype: str
    drawn: str = ""
    colours_are_ids: bool = False
    of_segments: bool = False

    @property
    def changes(self) -> bool:
        """Whether numbers other than those without a class change."""
        return any(key != number for key, number in zip(self.keys, self.numbers, strict=True))

    @property
    def item_bytes(self) -> int:
        """Size of a pixel."""
        return np.dtype(self.dtype).itemsize

    def to_json(self) -> dict[str, Any]:
        """Return the form as JSON values, for ``stack.json``."""
        values: dict[int, list[str]] = {}
        for key, number in zip(self.keys, self.numbers, strict=True):
            values.setdefault(number, []).append(spelled(key))
        return {
            "classes": [
                {"number": number, "name": name, "values": values.get(number, [])}
                for number, name in self.classes
            ],
            "ignore_value": self.ignore,
            "missing": self.missing,
            "dtype": self.dtype,
            "is_open": self.is_open,
            **({"drawn": self.drawn} if self.drawn else {}),
            **({"colours_are_ids": True} if self.colours_are_ids else {}),
            **({"of_segments": True} if self.of_segments else {}),
        }


def mask_form(options: Options, catalog: Catalog) -> MaskForm | None:
    """Return what the masks of `catalog` become; None if it has none.

    Raises
    ------
    PlanError
        When the options contradict what masks hold.
    """
    if catalog.masks is None and draws(options, catalog):
        return _drawn_form(options, catalog)
    if catalog.masks is None:
        return None
    return _mask_form(
        catalog, options.mask_classes, options.mask_numbers, options.ignore_value, options.missing_masks
    )


def draws(options: Options, catalog: Catalog) -> bool:
    """Whether masks are to be drawn, and there is something to draw them of."""
    return (
        options.draw_masks is not DrawMasks.NONE and catalog.masks is None and catalog.annotations is not None
    )


def _drawn_form(options: Options, catalog: Catalog) -> MaskForm:
    annotations = catalog.annotations
    assert annotations is not None, "asked of a catalog with annotations"
    objects = annotations.objects
    if not len(objects.rings) and not len(objects.bitmap.values):
        raise PlanError(
            say("The annotations hold boxes, but no outlines that masks could be drawn from. Draw no masks.")
        )
    is_open = options.draw_masks is DrawMasks.OBJECTS
    names = () if is_open else object_classes(options.object_classes, annotations.categories).names
    most = int(np.bincount(objects.picture).max(initial=0)) if is_open else len(names)
    ignore = _free(options.ignore_value, most)
    return MaskForm(
        keys=(),
        numbers=(),
        is_open=is_open,
        classes=((0, "background"), *enumerate(names, 1)),
        ignore=ignore,
        missing=0 if options.missing_masks is MissingMask.BACKGROUND else ignore,
        dtype=_smallest(max(most, ignore)),
        drawn=options.draw_masks.value,
    )


def _free(ignore: int, most: int) -> int:
    """Return an ignore value that is none of the numbers from 0 to `most`."""
    return ignore if ignore > most else next(wider for wider in _WIDER if wider > most)


def _smallest(most: int) -> str:
    return next(name for name in _UNSIGNED if most <= np.iinfo(name).max)


@kept(most=2)
def _mask_form(
    catalog: Catalog, given: MaskClasses, rule: MaskNumbers, ignore: int, missing: MissingMask
) -> MaskForm:
    masks = catalog.masks
    assert masks is not None, "asked of a catalog with masks"
    classes = given or (masks.classes if rule in {MaskNumbers.AUTO, MaskNumbers.RENUMBER} else ())
    if rule is MaskNumbers.OBJECT_IDS and not given:
        return _of_ids(masks, ignore, missing)
    if masks.segments is not None:
        made, names = _by_table(given or masks.classes, masks.found, ignore)
        return replace(_formed(made, names, masks, ignore, missing), of_segments=True)
    if classes and (given or _covers(classes, masks.found, ignore)):
        made, names = _by_table(classes, masks.found, ignore)
    elif has_colours(masks.found):
        made, names = _by_colour(masks.found, rule)
    else:
        made, names = _by_rule(masks.found, rule, ignore), {}
    return _formed(made, names, masks, ignore, missing)


def _formed(
    made: dict[int, int | None], names: Mapping[int, str], masks: Masks, ignore: int, missing: MissingMask
) -> MaskForm:
    """Return the form, given what each key becomes; None stands for the ignore value."""
    numbers = {number for number in made.values() if number is not None} | set(names)
    is_open = masks.found.is_open and not names
    most = max([*numbers, masks.found.most if is_open else 0, 0])
    if ignore in numbers or (is_open and ignore <= most):
        ignore = _free(0, max(most, ignore))
    classes = tuple((number, names.get(number, str(number))) for number in sorted(numbers))
    return MaskForm(
        keys=tuple(sorted(made)),
        numbers=tuple(ignore if (number := made[key]) is None else number for key in sorted(made)),
        is_open=is_open,
        classes=classes,
        ignore=ignore,
        missing=0 if missing is MissingMask.BACKGROUND else ignore,
        dtype=_smallest(max(most, ignore)),
    )


def _of_ids(masks: Masks, ignore: int, missing: MissingMask) -> MaskForm:
    """Return the form of masks whose numbers, or colours as numbers, tell objects apart."""
    found, segments = masks.found, masks.segments
    of_colours = segments is not None or has_colours(found)
    most = found.most if segments is None else max(found.most, segments.most)
    if of_colours and segments is None:
        most = MAX_ID if found.is_open else int(ids_of(found.keys).max())
    void = {UNKNOWN, 0} if of_colours else {UNKNOWN, VOID} if _is_void(found) else {UNKNOWN}
    ignore = _free(ignore, most if of_colours or VOID not in void else VOID - 1)
    return MaskForm(
        keys=tuple(sorted(void)),
        numbers=tuple(ignore for _key in void),
        is_open=True,
        classes=(),
        ignore=ignore,
        missing=0 if missing is MissingMask.BACKGROUND else ignore,
        dtype=_smallest(max(most, ignore)),
        colours_are_ids=of_colours,
    )


def _by_colour(found: MaskValues, rule: MaskNumbers) -> tuple[dict[int, int | None], dict[int, str]]:
    """Return what each of the colours found becomes without a table of classes, and their names."""
    named = colour_names(found)
    first = -1 if rule is MaskNumbers.REDUCE_ZERO else 0
    made = {key: number if number >= 0 else None for number, key in enumerate(named, first)}
    return made, {number: named[key] for key, number in made.items() if number is not None}


def _by_rule(found: MaskValues, rule: MaskNumbers, ignore: int) -> dict[int, int | None]:
    """Return what each of the numbers found becomes without a table of classes."""
    keys: list[int] = found.keys.tolist()
    if rule is MaskNumbers.AUTO and set(keys) == set(_BINARY) and ignore:
        return {0: 0, VOID: 1}
    rule = MaskNumbers.KEEP if found.is_open else rule
    is_void = {ignore} if ignore != VOID or _is_void(found) else set[int]()
    classes = [key for key in keys if key not in is_void]
    made: dict[int, int | None] = dict.fromkeys((*is_void, *(key for key in keys if key < 0)))
    match rule:
        case MaskNumbers.AUTO | MaskNumbers.KEEP:
            made |= {key: key for key in classes if key >= 0}
        case MaskNumbers.REDUCE_ZERO:
            made |= {key: key - 1 if key else None for key in classes if key >= 0}
        case MaskNumbers.RENUMBER:
            made |= {key: number for number, key in enumerate(key for key in classes if key >= 0)}
    return made


def _is_void(found: MaskValues) -> bool:
    """Whether 255 stands for no class: numbers that count up to it, or beyond it, are numbers of classes."""
    return found.most <= VOID and VOID - 1 not in found.keys


def _by_table(
    classes: MaskClasses, found: MaskValues, ignore: int
) -> tuple[dict[int, int | None], dict[int, str]]:
    """Return what each key becomes by a table of classes, and the names of the classes."""
    named = numbered(classes)
    names = {number: each.name for number, each in named.items()}
    made: dict[int, int | None] = {}
    by_place = not (found.keys >= COLOUR).any() and any(
        key >= COLOUR for each in classes for key in each.keys
    )
    for number, each in named.items():
        keys = (number,) if by_place or not each.keys else each.keys
        made |= dict.fromkeys(keys, number)
    uncounted = [key for each in classes if not each.name for key in each.keys]
    for key in (UNKNOWN, VOID, ignore, *uncounted):
        made.setdefault(key, None)
    return made, names


def _covers(classes: MaskClasses, found: MaskValues, ignore: int) -> bool:
    """Whether a table found beside the masks has all that they hold."""
    made, _names = _by_table(classes, found, ignore)
    return all(key in made for key in found.keys.tolist())


def without_mask(options: Options, catalog: Catalog) -> NDArray[np.bool_] | None:
    """Return which samples are left out for want of a mask, shape (N,); None if none is.

    Raises
    ------
    PlanError
        When a sample without a mask is to stop the plan.
    """
    if options.missing_masks not in {MissingMask.LEAVE_OUT, MissingMask.STOP}:
        return None
    if catalog.masks is not None:
        lacks = ~catalog.masks.has_mask
    elif catalog.annotations is not None and draws(options, catalog):
        lacks = ~catalog.annotations.is_annotated
    else:
        return None
    if options.missing_masks is MissingMask.LEAVE_OUT:
        return lacks if lacks.any() else None
    lacks = lacks & ~options.exclude.mask(catalog)
    if lacks.any():
        first = int(np.flatnonzero(lacks)[0])
        raise PlanError(
            say(
                "There is no mask for {pictures}, such as {file}. Add the masks, or choose what becomes of "
                "pictures without one.",
                pictures=format_count(int(np.count_nonzero(lacks)), "picture"),
                file=catalog.path[first],
            )
        )
    return None


def left_out(options: Options, catalog: Catalog) -> NDArray[np.bool_]:
    """Return which samples get no row: those that are excluded, and those without a mask, shape (N,)."""
    excluded = options.exclude.mask(catalog)
    lacks = without_mask(options, catalog)
    return excluded if lacks is None else excluded | lacks
