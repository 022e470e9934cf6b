"""Selecting the arrays in a file that are samples: the chosen one, the only one, or all if all are alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import islice, pairwise

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.base.natural import natural_key
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.catalog.axes import Axes, infer_axes
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.errors import ArrayNotChosen
from stackgui.imaging.tensors.blocks import Block

MANY = 10
"""This many similar arrays count as samples, whatever their names."""

_LISTED = 8
_NAME_CHARACTERS = 60
_PATTERN = frozenset("*?")
_NUMBER = re.compile("[0-9]+")
_OF_A_ROLE = re.compile(r"image|mask|label|target|annot|seg|depth|truth|\bgt\b|put", re.IGNORECASE)
"""Groups with such names hold parts of the same samples (images and masks, say), not one class each."""

_OF_A_MODEL = re.compile(r"weight|bias|kernel|gamma|beta|embed|layer|param", re.IGNORECASE)


def chosen(found: Sequence[Block], scan: ScanOptions) -> tuple[Block, ...]:
    """Return the arrays that contain samples.

    Parameters
    ----------
    found
        All arrays in a file, in file order.
    scan : ScanOptions
        Its ``array`` is a name, or a pattern with ``*`` or ``?``. ``""`` selects the only array that can be
        a picture, or all that can if they look like samples of one kind; see `are_samples`.

    Raises
    ------
    SampleError
        When the file holds no array.
    ArrayNotChosen
        When there are several and none was chosen, or the chosen name does not select any.
    """
    if not found:
        raise SampleError(say("it holds no array"))
    names = names_of(found)
    if scan.array and any(block.name for block in found):
        return _called(found, scan.array, names)
    pictures = [block for block in found if _may_be_picture(block)] or list(found)
    if len(pictures) > 1:
        if not are_samples(found, scan.tensor_layout):
            raise ArrayNotChosen(
                say(
                    "it holds several arrays, and none was chosen (--array NAME, or --array '*' if "
                    "each is a picture): {listed}",
                    listed=_listed(names),
                ),
                names,
            )
        pictures.sort(key=lambda block: natural_key(block.name))
    return tuple(pictures)


def names_of(found: Iterable[Block]) -> list[str]:
    """Return the names of the arrays that can be chosen."""
    return [block.name for block in found if _may_be_picture(block)]


def are_samples(found: Sequence[Block], layout: TensorLayout) -> bool:
    """Return whether the arrays that can be pictures look like one sample each.

    This requires that all have the same dtype and axes and hold one sample each. In addition, their names
    must differ only by numbers (``arr_0``, ``arr_1``), possibly within one group per class, or the file must
    hold at least `MANY` arrays and nothing else. Weights of a model, pairs (``image_1``, ``mask_1``) and the
    resolution levels of one picture do not count as samples.
    """
    pictures = [block for block in found if _may_be_picture(block)]
    readable = [block for block in pictures if not block.problem]
    names = {block.name for block in pictures}
    if not readable or len(names) < len(pictures) or any(map(_OF_A_MODEL.search, names)):
        return False
    is_numbered = _differ_by_number(names)
    is_many = len(pictures) >= MANY and len(pictures) == len(found) and not _are_pairs(names)
    if not (is_numbered or is_many) or len({block.native_dtype for block in readable}) > 1:
        return False
    axes = _axes(readable, layout)
    grey = {Axes.HW} if len(pictures) >= MANY else set()
    return len(axes) > 0 and len(axes - grey) <= 1 and not _is_pyramid(readable)


def _axes(blocks: Iterable[Block], layout: TensorLayout) -> set[Axes]:
    """Return the axes that occur; empty if any of the arrays is not a single sample."""
    try:
        found = {infer_axes(block.shape, layout).axes for block in blocks}
    except SampleError:
        return set()
    return set() if any(axes.is_many for axes in found) else found


def _differ_by_number(names: Iterable[str]) -> bool:
    """Return whether names differ only by numbers, or by class groups (``cat/0``, ``dog/0``)."""
    patterns = {_NUMBER.sub("#", name) for name in names}
    groups, bases = zip(*(pattern.rpartition("/")[::2] for pattern in patterns), strict=True)
    are_alike = set(bases) == {bases[0]} and "#" in bases[0]
    return len(patterns) == 1 or (are_alike and not any(map(_OF_A_ROLE.search, groups)))


def _are_pairs(names: Iterable[str]) -> bool:
    """Return whether two kinds of names share the same set of numbers."""
    numbers = defaultdict(set)
    for name in names:
        numbers[_NUMBER.sub("#", name)].add(tuple(_NUMBER.findall(name)))
    several = [frozenset(found) for found in numbers.values() if len(found) > 1]
    return len(set(several)) < len(several)


def _is_pyramid(blocks: Sequence[Block]) -> bool:
    """Return whether each array has half the height and width of the one before."""
    ordered = sorted(blocks, key=lambda block: natural_key(block.name))
    return all(_is_half(before.shape, after.shape) for before, after in pairwise(ordered))


def _is_half(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if len(before) != len(after):
        return False
    halved = [right in (left // 2, -(-left // 2)) for left, right in zip(before, after, strict=True)]
    return sum(halved) >= len(Axes.HW)


def _called(found: Sequence[Block], name: str, names: Sequence[str]) -> tuple[Block, ...]:
    """Return the array called `name`, or all arrays that match it as a pattern."""
    matching = [block for block in found if block.name == name]
    if not matching and _PATTERN & set(name):
        fitting = (block for block in found if _may_be_picture(block) and fnmatchcase(block.name, name))
        matching = sorted(fitting, key=lambda block: natural_key(block.name))
        if matching:
            return tuple(matching)
    if len(matching) != 1:
        what = say("several arrays") if matching else say("no array")
        raise ArrayNotChosen(
            say(
                "it holds {what} called “{short}”; it has {listed}",
                what=what,
                short=_short(name),
                listed=_listed(names),
            ),
            names,
        )
    return tuple(matching)


def _may_be_picture(block: Block) -> bool:
    # Arrays with fewer axes accompany pictures, for example as labels.
    return len(block.shape) >= len(Axes.HW)


def _listed(names: Iterable[str]) -> str:
    shown = [_short(name) for name in islice(names, _LISTED + 1)]
    return joined("", (", ".join(shown[:_LISTED]), say(" and more") if len(shown) > _LISTED else ""))


def _short(name: str) -> str:
    text = printable(name)
    return text if len(text) <= _NAME_CHARACTERS else text[: _NAME_CHARACTERS - 1] + "…"
