"""Renders the bytes of a file as the pixels of its row; both fill and preview use this code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from stackgui import imaging
from stackgui.core.base.choices import Alpha, Decode, Icc, Layout, Resample, Resizer
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.meaning import Taken, taken_by
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.plan.mask_form import MaskForm
from stackgui.core.plan.number_rules import measuring_rule, number_rule, to_measure
from stackgui.core.plan.numbers import NumberRule
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import RowThumb, Uncut
from stackgui.engine.decoding.pieces import is_read_in_pieces, placed_in_pieces


class _Scaling(TypedDict):
    resample: str
    bits: int
    has_alpha: bool
    resizer: Resizer


RGB = 3
_NEAREST = Resample.NEAREST.value


@dataclass(frozen=True, slots=True)
class Form:
    """Settings that all rows of a plan share."""

    channels: int
    dtype: str
    layout: Layout
    numbers: NumberRule
    resample: Resample
    resizer: Resizer
    decode: Decode
    background: tuple[int, int, int] | None = None
    scan: ScanOptions = DEFAULT
    icc: Icc = Icc.KEEP
    taken: Taken = Taken.COLOURS
    masks: MaskForm | None = None

    @classmethod
    def of(cls, plan: Plan) -> Form:
        """Return the form of `plan`, or a provisional one if the plan has to be measured first."""
        return cls.looking(plan, "float32") if to_measure(plan) else cls._by(plan, number_rule(plan))

    @classmethod
    def looking(cls, plan: Plan, dtype: str) -> Form:
        """Return a form for examining the samples of `plan` before its range of numbers is known."""
        return cls._by(plan, measuring_rule(plan, dtype))

    @classmethod
    def _by(cls, plan: Plan, numbers: NumberRule) -> Form:
        options, colour = plan.options, plan.options.background
        background = (colour.red, colour.green, colour.blue) if options.alpha is Alpha.COMPOSE else None
        return cls(
            plan.channels,
            numbers.dtype,
            options.layout,
            numbers,
            options.resample,
            options.resizer,
            options.decode,
            background,
            plan.catalog.scan_options,
            options.icc,
            taken_by(options.channels),
            plan.masks,
        )

    def block_bytes(self, height: int, width: int) -> int:
        """Return the size of `height` × `width` placed pixels, without their mask."""
        return height * width * self.channels * np.dtype(self.dtype).itemsize

    def mask_bytes(self, height: int, width: int) -> int:
        """Return the size of the mask of `height` × `width` placed pixels."""
        return 0 if self.masks is None else height * width * self.masks.item_bytes

    def block_shape(self, height: int, width: int) -> tuple[int, int, int]:
        """Return the shape of `height` × `width` placed pixels in the layout of the array."""
        if self.layout is Layout.NCHW:
            return (self.channels, height, width)
        return (height, width, self.channels)

    def scaling(self, row: RowPlan) -> _Scaling:
        """Return how a sample is scaled, as `imaging.resize` takes it."""
        return {
            "resample": self.resample.value,
            "bits": row.bits,
            "has_alpha": row.has_alpha,
            "resizer": self.resizer,
        }

    def upright(self, block: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return a view of a block with axes (height, width, channels)."""
        return block.transpose(1, 2, 0) if self.layout is Layout.NCHW else block


class RowPlan(NamedTuple):
    """How one sample becomes its row; see `stackgui.core.plan.geometry.Geometry`.

    Attributes
    ----------
    format : str
    dtype : str
        Dtype of the sample.
    bits : int
        Number of bits that the file uses of each value; 0 for all.
    has_profile : bool
        Whether its colours can be converted to sRGB.
    is_picture : bool
        Whether its values are brightness; those of a tensor need not be.
    has_alpha : bool
        Whether the last channel of the row is transparency.
    member : int
        Index of the sample in its file; -1 for the only one.
    own : (int, int)
        Height and width according to the header.
    scaled, window : (int, int)
    placement : (int, int, int, int)
    """

    format: str
    dtype: str
    bits: int
    has_profile: bool
    is_picture: bool
    has_alpha: bool
    member: int
    own: tuple[int, int]
    scaled: tuple[int, int]
    window: tuple[int, int]
    placement: tuple[int, int, int, int]


class Whole(NamedTuple):
    """A whole sample after scaling, for a row that holds only a part of it.

    Attributes
    ----------
    block : array
        Pixels, of shape `Form.block_shape`.
    window : (int, int)
        Top and left of the part.
    """

    block: NDArray[np.generic]
    window: tuple[int, int]


def render(data: imaging.Data | imaging.Folder, row: RowPlan, form: Form, out: NDArray[np.generic]) -> int:
    """Decode `data`, and write the placed pixels of the row to `out`, of shape `form.block_shape`.

    Returns
    -------
    int
        Number of values in the sample that are NaN or infinite.

    Raises
    ------
    SampleError
        When the sample is damaged or contradicts its header; `out` then holds garbage.
    """
    way = _way(row, form)
    if way.in_pieces and (placed := placed_in_pieces(data, row, form)) is not None:
        window, non_finite = placed
        _convert(window, row, form, out)
        return non_finite
    pixels = way.decode(data, out if way.is_straight else None)
    if pixels is out and way.is_finite:
        return 0
    # Do this before resizing, which would spread a NaN to its neighbours.
    settled, non_finite = imaging.settle_non_finite(pixels, form.numbers.non_finite)
    if settled is out:
        return non_finite
    if settled.shape[:2] != row.own and way.decode.at_least is None:
        raise SampleError(say("its size differs from the one in its header"))
    if row.scaled != settled.shape[:2]:
        settled = imaging.resize(settled, *row.scaled, **form.scaling(row))
    (top, left), (height, width) = row.window, row.placement[2:]
    _convert(settled[top : top + height, left : left + width], row, form, out)
    return non_finite


def decoding_straight(row: RowPlan, form: Form) -> imaging.Straight | None:
    """Return what decodes many rows with this plan to where they belong, faster than `render` does.

    It returns False for samples that only `render` decodes. None if there is no such way for these rows.
    """
    way = _way(row, form)
    if way.in_pieces or not way.is_finite:
        return None
    if way.is_straight:
        return way.decode.straight(form.block_shape(*row.placement[2:]))
    return _scaling_straight(way)


def _scaling_straight(way: _Way) -> imaging.Straight | None:
    """Return what decodes and scales rows of the commonest kind: bytes that stay bytes, without alpha."""
    row, form = way.row, way.form
    if not way.keeps or row.dtype != "uint8" or form.layout is not Layout.NHWC or row.own == row.scaled:
        return None
    own, scaling = (*row.own, form.channels), form.scaling(row)
    into = way.decode.straight(own)
    scaled = imaging.scaling_bytes(
        own, *row.scaled, scaling["resample"], has_alpha=row.has_alpha, resizer=form.resizer
    )
    if into is None or scaled is None:
        return None
    pixels, (top, left), (height, width) = np.empty(own, np.uint8), row.window, row.placement[2:]
    window = slice(top, top + height), slice(left, left + width)

    def placed(data: imaging.Data | imaging.Folder, out: NDArray[np.generic]) -> bool:
        if not into(data, pixels):
            return False
        np.copyto(out, scaled(pixels)[window])
        return True

    return placed


class _Way(NamedTuple):
    """How rows with one plan are decoded.

    Attributes
    ----------
    row, form
    in_pieces : bool
        Whether the sample is read in pieces if its format allows that.
    is_straight : bool
        Whether pixels need nothing done to them, so that they are decoded to where they belong.
    keeps : bool
        Whether numbers stay as they are.
    is_finite : bool
        Whether the array holds whole numbers, none of which is NaN or infinite.
    decode
    """

    row: RowPlan
    form: Form
    in_pieces: bool
    is_straight: bool
    keeps: bool
    is_finite: bool
    decode: imaging.Decode

    @classmethod
    def of(cls, row: RowPlan, form: Form) -> _Way:
        """Return the way of `row`."""
        whole = row.own == row.scaled == row.placement[2:]
        keeps = row.dtype == form.dtype and _stay(row, form.numbers)
        shrinks = row.scaled[0] <= row.own[0] and row.scaled[1] <= row.own[1] and row.scaled != row.own
        decode = imaging.Decode(
            row.format,
            channels=form.channels,
            part=imaging.Part(max(row.member, 0), form.scan),
            background=form.background,
            at_least=row.scaled if shrinks and form.decode is Decode.DRAFT else None,
            to_srgb=row.has_profile and form.icc is Icc.SRGB,
            bits=row.bits,
            taken=form.taken,
        )
        is_straight = whole and form.layout is Layout.NHWC and keeps
        is_finite = np.dtype(form.dtype).kind != "f"
        return cls(row, form, is_read_in_pieces(row, form), is_straight, keeps, is_finite, decode)


_last_way: _Way | None = None


def _way(row: RowPlan, form: Form) -> _Way:
    """Return the way of `row`, kept for the rows after it that have the same plan, as rows alike do."""
    global _last_way  # noqa: PLW0603 - one worker decodes one row after another
    way = _last_way
    if way is None or way.row is not row or way.form is not form:
        way = _last_way = _Way.of(row, form)
    return way


def _convert(window: NDArray[np.generic], row: RowPlan, form: Form, out: NDArray[np.generic]) -> None:
    upright = form.upright(out)
    imaging.convert_numbers(window, form.numbers, bits=row.bits, is_picture=row.is_picture, out=upright)


def _stay(row: RowPlan, numbers: NumberRule) -> bool:
    """Return whether a sample's values stay as they are if the array has the same dtype."""
    return numbers.keeps and not (numbers.joins and row.is_picture and row.bits)


def thumbnail(
    block: NDArray[np.generic],
    placement: tuple[int, int, int, int],
    form: Form,
    target: tuple[int, int],
    *,
    side_px: int,
    row: int,
    name: str,
    whole: Whole | None = None,
    mask: NDArray[np.integer] | None = None,
) -> RowThumb:
    """Return a thumbnail of a row, made from its block.

    Parameters
    ----------
    block
        Placed pixels, of shape `form.block_shape`.
    target : (int, int)
        Height and width of the whole row.
    side_px
        Longer side of the row's thumbnail, or of the whole sample's if that is shown and larger.
    whole
        Whole sample, to show what the row leaves out.
    mask
        The mask of the placed pixels, shape (height, width).
    """
    shown_px = max(target) if whole is None else max(*target, *form.upright(whole.block).shape[:2])
    shrink = min(1.0, side_px / shown_px)
    row_h, row_w = _shrunk(target, shrink)
    top, left = min(round(placement[0] * shrink), row_h - 1), min(round(placement[1] * shrink), row_w - 1)
    height = min(max(1, round(placement[2] * shrink)), row_h - top)
    width = min(max(1, round(placement[3] * shrink)), row_w - left)
    small = _scaled_for_display(form.upright(block), height, width)
    uncut = _uncut(whole, form, shrink) if whole is not None else None
    under = None if mask is None else imaging.resize(mask[..., np.newaxis], height, width, _NEAREST)[..., 0]
    placed = (top, left, height, width)
    return RowThumb(row, name, small, (row_h, row_w), placed, uncut=uncut, mask=under)


def _uncut(whole: Whole, form: Form, shrink: float) -> Uncut:
    pixels = form.upright(whole.block)
    height, width = _shrunk((pixels.shape[0], pixels.shape[1]), shrink)
    top, left = (round(begin * shrink) for begin in whole.window)
    return Uncut(_scaled_for_display(pixels, height, width), top, left)


def _scaled_for_display(pixels: NDArray[np.generic], height: int, width: int) -> NDArray[np.uint8]:
    # Subsampling first bounds the work for huge rows; it keeps at least twice the final size.
    step = max(1, min(pixels.shape[0] // (2 * height), pixels.shape[1] // (2 * width)))
    shown = imaging.resize(_for_display(pixels[::step, ::step]), height, width, Resample.AREA.value)
    return shown.astype(np.uint8, copy=False)


def blank_thumbnail(target: tuple[int, int], *, side_px: int, row: int, name: str, reason: str) -> RowThumb:
    """Return the thumbnail of a row that stays blank; see `thumbnail`."""
    row_px = _shrunk(target, min(1.0, side_px / max(target)))
    nothing = np.zeros((0, 0, RGB), np.uint8)
    return RowThumb(row, name, nothing, row_px, (0, 0, 0, 0), reason)


def _shrunk(size: tuple[int, int], shrink: float) -> tuple[int, int]:
    return max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))


def _for_display(pixels: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Convert pixels (h, w, c) of any dtype to 8-bit RGB for display."""
    colours = np.ascontiguousarray(pixels[..., :RGB] if pixels.shape[2] >= RGB else pixels[..., :1])
    if colours.dtype == np.uint8:
        shown = colours
    elif colours.dtype == np.uint16:
        shown = (colours >> 8).astype(np.uint8)
    else:
        shown = _stretched(colours.astype(np.float32))
    return np.repeat(shown, RGB, axis=2) if shown.shape[2] == 1 else np.ascontiguousarray(shown)


def _stretched(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Scale values of unknown range for display: 0 to 1 as they are, others from minimum to maximum."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min(initial=0.0)), float(values.max(initial=1.0))
    return ((values - low) * (255.0 / (high - low))).round().astype(np.uint8)
