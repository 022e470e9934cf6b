"""What a person chooses about the stack's contents."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from stackgui.core.base.choices import (
    Alpha,
    Anchor,
    Channels,
    Decode,
    Fit,
    Icc,
    Layout,
    NonFinite,
    Numbers,
    Reduce,
    Resample,
    Scale,
)
from stackgui.core.base.colour import WHITE, Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import MAX_SIDE_PX, Size
from stackgui.core.buckets.buckets import MAX_BUCKETS
from stackgui.core.catalog.sample_set import NOTHING, SampleSet
from stackgui.core.labels.class_list import as_classes
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import LARGEST_SEED, Split

MAX_MULTIPLE = 1024


@dataclass(frozen=True, slots=True)
class Options:
    """What the person chose about the stack's contents. Defaults change no pixel but for one range of depths.

    Attributes
    ----------
    fill : float
        Value of padding and of blank rows, in the array's own numbers.
    background : Colour
        On which transparent pixels are composed, where `alpha` says so.
    buckets : int
        Arrays at most, 1 to `MAX_BUCKETS`: each sample goes to the smallest row that holds it.
    multiple : int
        Of which every row's height and width is a multiple; they are rounded up.
    smallest_px : int
        That no row's height or width is below.
    exclude : SampleSet
        Samples that get no row.
    shrink : SampleSet
        Samples that do not count where `size` is found from the samples: they are made smaller, or cropped,
        as any sample is that is larger than its row.
    shuffle : bool
        Whether rows come in an order made from `seed`, within each array; otherwise in that of the catalog.
    classes : tuple of str
        All classes, in the order of their numbers; if there are none, those that the samples have.
    seed : int
        Also for which samples go where in a split by shares.
    """

    size: Size = field(default_factory=Size)
    fit: Fit = Fit.PAD
    anchor: Anchor = Anchor.TOP_LEFT
    fill: float = 0.0
    channels: Channels = Channels.RGB
    dtype: Numbers = Numbers.AUTO
    scale: Scale = Scale.UNIT
    layout: Layout = Layout.NHWC
    labels: Labels = Labels.AUTO
    classes: tuple[str, ...] = ()
    resample: Resample = Resample.BILINEAR
    reduce: Reduce = Reduce.FULL_RANGE
    non_finite: NonFinite = NonFinite.KEEP
    alpha: Alpha = Alpha.DROP
    background: Colour = WHITE
    icc: Icc = Icc.KEEP
    decode: Decode = Decode.EXACT
    buckets: int = 1
    multiple: int = 1
    smallest_px: int = 1
    exclude: SampleSet = NOTHING
    shrink: SampleSet = NOTHING
    split: Split = field(default_factory=Split)
    shuffle: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        _check_whole("number of buckets", self.buckets, 1, MAX_BUCKETS)
        _check_whole("multiple", self.multiple, 1, MAX_MULTIPLE)
        _check_whole("smallest side", self.smallest_px, 1, MAX_SIDE_PX)
        _check_whole("seed", self.seed, 0, LARGEST_SEED)
        if not math.isfinite(self.fill):
            raise UsageError(f"A fill value of {self.fill} is not possible; it must be a number.")
        # 0 and 0.0 are the same choice, and must look the same in a plan's fingerprint.
        object.__setattr__(self, "fill", float(self.fill))

    def to_json(self) -> dict[str, Any]:
        """The options as JSON values."""
        return {
            name: str(value) if isinstance(value, StrEnum | Size | Colour | Split | Labels) else _json(value)
            for name in self.__dataclass_fields__
            for value in [getattr(self, name)]
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Options:
        """Rebuild what `to_json` gave.

        Raises
        ------
        UsageError
            When a name or a value is unknown.
        """
        if unknown := sorted(set(value) - set(cls.__dataclass_fields__)):
            raise UsageError(f"Unknown option: {', '.join(unknown)}.")
        return cls(**{name: _READERS[name](setting) for name, setting in value.items()})


def _json(value: object) -> object:
    if isinstance(value, SampleSet):
        return value.to_json()
    return list(value) if isinstance(value, tuple) else value


def _check_whole(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UsageError(f"A {what} of {value:,} is not possible; choose {least:,} to {most:,}.")


def _is_set(value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"“{value}” is neither true nor false.")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"“{value}” is not a whole number.")
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "size": Size.parse,
    "fit": Fit.parse,
    "anchor": Anchor.parse,
    "fill": float,
    "channels": Channels.parse,
    "dtype": Numbers.parse,
    "scale": Scale.parse,
    "layout": Layout.parse,
    "labels": Labels.parse,
    "classes": as_classes,
    "resample": Resample.parse,
    "reduce": Reduce.parse,
    "non_finite": NonFinite.parse,
    "alpha": Alpha.parse,
    "background": Colour.parse,
    "icc": Icc.parse,
    "decode": Decode.parse,
    "buckets": _whole,
    "multiple": _whole,
    "smallest_px": _whole,
    "exclude": SampleSet.from_json,
    "shrink": SampleSet.from_json,
    "split": Split.parse,
    "shuffle": _is_set,
    "seed": _whole,
}
