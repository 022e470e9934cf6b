"""Which of the arrays in a file are samples: the chosen one, the only one, or each where all are alike."""

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
from stackgui.core.catalog.axes import Axes, infer_axes
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.errors import ArrayNotChosen
from stackgui.imaging.tensors.blocks import Block

MANY = 10
"""So many arrays alike are samples whatever they are called."""

_LISTED = 8
_NAME_CHARACTERS = 60
_PATTERN = frozenset("*?")
_NUMBER = re.compile("[0-9]+")
_OF_A_ROLE = re.compile(r"image|mask|label|target|annot|seg|depth|truth|\bgt\b|put", re.IGNORECASE)
"""Groups that are called so hold what belongs together, and not pictures of one class each."""

_OF_A_MODEL = re.compile(r"weight|bias|kernel|gamma|beta|embed|layer|param", re.IGNORECASE)


def chosen(found: Sequence[Block], scan: ScanOptions) -> tuple[Block, ...]:
    """The arrays that are samples, or hold some.

    Parameters
    ----------
    found
        All arrays in a file, in its own order.
    scan : ScanOptions
        ``array`` is a name, or a pattern with ``*`` or ``?``, or ``""`` for the only one that can be a
        picture, or for each where all that can look like samples of one kind; see `are_samples`.

    Raises
    ------
    SampleError
        When there is none.
    ArrayNotChosen
        When there are several, and none was chosen.
    """
    if not found:
        raise SampleError("it holds no array")
    names = names_of(found)
    if scan.array and any(block.name for block in found):
        return _called(found, scan.array, names)
    pictures = [block for block in found if _may_be_picture(block)] or list(found)
    if len(pictures) > 1:
        if not are_samples(found, scan.tensor_layout):
            raise ArrayNotChosen(
                "it holds several arrays, and none was chosen "
                f"(--array NAME, or --array '*' if each is a picture): {_listed(names)}",
                names,
            )
        pictures.sort(key=lambda block: natural_key(block.name))
    return tuple(pictures)


def names_of(found: Iterable[Block]) -> list[str]:
    """Names of the arrays among which one can be chosen."""
    return [block.name for block in found if _may_be_picture(block)]


def are_samples(found: Sequence[Block], layout: TensorLayout) -> bool:
    """Whether those of several arrays that can be pictures look like one sample each.

    That is so where all hold the same kind of numbers and one sample each, with like axes, and their names
    differ by numbers only (``arr_0``, ``arr_1``), within groups as those of classes too, or there are `MANY`
    and nothing else. It is not where their names are those of a model's weights, of pairs (``image_1``,
    ``mask_1``), or their sizes those of one picture in several resolutions.
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
    """The axes that occur, or none where one of the arrays is no single sample."""
    try:
        found = {infer_axes(block.shape, layout).axes for block in blocks}
    except SampleError:
        return set()
    return set() if any(axes.is_many for axes in found) else found


def _differ_by_number(names: Iterable[str]) -> bool:
    """Whether names are alike but for numbers, or for groups as those of classes (``cat/0``, ``dog/0``)."""
    patterns = {_NUMBER.sub("#", name) for name in names}
    groups, bases = zip(*(pattern.rpartition("/")[::2] for pattern in patterns), strict=True)
    are_alike = set(bases) == {bases[0]} and "#" in bases[0]
    return len(patterns) == 1 or (are_alike and not any(map(_OF_A_ROLE.search, groups)))


def _are_pairs(names: Iterable[str]) -> bool:
    """Whether names of two kinds bear the same numbers."""
    numbers = defaultdict(set)
    for name in names:
        numbers[_NUMBER.sub("#", name)].add(tuple(_NUMBER.findall(name)))
    several = [frozenset(found) for found in numbers.values() if len(found) > 1]
    return len(set(several)) < len(several)


def _is_pyramid(blocks: Sequence[Block]) -> bool:
    """Whether each array is half as high and wide as the one before."""
    ordered = sorted(blocks, key=lambda block: natural_key(block.name))
    return all(_is_half(before.shape, after.shape) for before, after in pairwise(ordered))


def _is_half(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if len(before) != len(after):
        return False
    halved = [right in (left // 2, -(-left // 2)) for left, right in zip(before, after, strict=True)]
    return sum(halved) >= len(Axes.HW)


def _called(found: Sequence[Block], name: str, names: Sequence[str]) -> tuple[Block, ...]:
    """The array that is called `name`, or all whose names fit it."""
    matching = [block for block in found if block.name == name]
    if not matching and _PATTERN & set(name):
        fitting = (block for block in found if _may_be_picture(block) and fnmatchcase(block.name, name))
        matching = sorted(fitting, key=lambda block: natural_key(block.name))
        if matching:
            return tuple(matching)
    if len(matching) != 1:
        what = "several arrays" if matching else "no array"
        raise ArrayNotChosen(f"it holds {what} called “{_short(name)}”; it has {_listed(names)}", names)
    return tuple(matching)


def _may_be_picture(block: Block) -> bool:
    # Arrays of fewer axes are what goes with pictures, such as labels.
    return len(block.shape) >= len(Axes.HW)


def _listed(names: Iterable[str]) -> str:
    shown = [_short(name) for name in islice(names, _LISTED + 1)]
    return ", ".join(shown[:_LISTED]) + (" and more" if len(shown) > _LISTED else "")


def _short(name: str) -> str:
    text = printable(name)
    return text if len(text) <= _NAME_CHARACTERS else text[: _NAME_CHARACTERS - 1] + "…"
