"""From options and a catalog to a plan."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.arrange import PLACED_TOGETHER, Rows, arrange
from stackgui.core.catalog import Catalog
from stackgui.core.choices import Channels, Numbers, Scale
from stackgui.core.columns import Coded, slim
from stackgui.core.errors import PlanError
from stackgui.core.geometry import place
from stackgui.core.labels import first_folders, resolve_labels
from stackgui.core.numbers import can_convert, promote
from stackgui.core.options import Options
from stackgui.core.plan import EXCLUDED, ArraySpec, Bucket, Plan, array_shape
from stackgui.core.splits import SplitKind, is_part, split_as_found, split_by_shares

PICTURE_CHANNELS = 4
"""A sample of at most this many channels is a picture; one of more is numbers without colour."""

GREY, GREY_ALPHA, RGB, RGBA = 1, 2, 3, 4


@dataclass(frozen=True, eq=False, slots=True)
class Outline:
    """A plan without what it does to single samples.

    Attributes
    ----------
    channels : int
    dtype : dtype
    problem : Coded
        As in `Plan`.
    rows : list of Rows
        Of each array.
    arrays : tuple of ArraySpec
    """

    channels: int
    dtype: np.dtype[Any]
    problem: Coded
    rows: list[Rows]
    arrays: tuple[ArraySpec, ...]


def outline(options: Options, catalog: Catalog) -> Outline:
    """Work out the arrays of a plan, and nothing that takes longer; raises as `resolve` does."""
    if not len(catalog):
        raise PlanError("There are no pictures in these folders.")
    usable = catalog.usable & ~options.exclude.mask(catalog)
    if not usable.any():
        raise PlanError(_none_usable(catalog))
    channels = resolve_channels(options.channels, catalog, usable)
    dtype = resolve_dtype(options.dtype, catalog, usable)
    problem = problems(options, catalog, channels, dtype)
    usable = problem.equals("")
    if not usable.any():
        raise PlanError(f"No picture can be part of this plan; the first reason: {problem[0]}.")
    _check_numbers(options, dtype, catalog, usable)
    _check_scale(options, dtype, channels)
    rows = arrange(options, catalog, usable)
    files = _files([each.size for each in rows])
    arrays = tuple(
        ArraySpec(file, array_shape(options, len(each.samples), each.size, channels), dtype.name)
        for each, file in zip(rows, files, strict=True)
    )
    return Outline(channels, dtype, problem, rows, arrays)


def resolve(options: Options, catalog: Catalog) -> Plan:
    """Work out what every row will be.

    Samples that cannot be part of the plan (an unreadable header, numbers or channels that the options cannot
    take) keep their row, which stays blank. Those that the options exclude have none.

    Raises
    ------
    PlanError
        When no sample is left, or the options contradict each other.
    """
    made = outline(options, catalog)
    samples = np.flatnonzero(~options.exclude.mask(catalog))
    label, classes = resolve_labels(options.labels, catalog, samples)
    return Plan(
        options=options,
        catalog=catalog,
        buckets=tuple(
            Bucket(*rows.size, array, rows.samples)
            for rows, array in zip(made.rows, made.arrays, strict=True)
        ),
        channels=made.channels,
        dtype=made.dtype.name,
        problem=made.problem,
        label=label,
        classes=classes,
        split=resolve_split(options, catalog, samples, label),
        **_effects(options, catalog, made.problem.equals(""), made.rows),
    )


def _none_usable(catalog: Catalog) -> str:
    if catalog.usable.any():
        return "All pictures that can be read are excluded. Take some back in."
    return f"None of the {len(catalog):,} pictures can be read. The first: {catalog.problem[0]}."


def resolve_channels(choice: Channels, catalog: Catalog, usable: NDArray[np.bool_]) -> int:
    """How many channels a row has; ``auto`` is the smallest number that loses nothing.

    Raises
    ------
    PlanError
        When ``auto`` finds tensors with different numbers of channels that no colour joins.
    """
    if choice is not Channels.AUTO:
        return {Channels.GREY: GREY, Channels.RGB: RGB, Channels.RGBA: RGBA}[choice]
    return join_channels({int(c) for c in np.unique(catalog.channels[usable])})


def join_channels(found: set[int]) -> int:
    """The smallest number of channels that loses nothing of samples with any of `found`.

    Raises
    ------
    PlanError
        When no colour joins them.
    """
    if len(found) == 1:
        return next(iter(found))
    if max(found) > PICTURE_CHANNELS:
        listed = ", ".join(f"{c:,}" for c in sorted(found))
        raise PlanError(
            f"The samples have different numbers of channels ({listed}), which no colour can join."
        )
    if found <= {GREY, GREY_ALPHA}:
        return GREY_ALPHA
    return RGB if found <= {GREY, RGB} else RGBA


def resolve_dtype(choice: Numbers, catalog: Catalog, usable: NDArray[np.bool_]) -> np.dtype[Any]:
    """The arrays' dtype; ``auto`` is the promotion that loses nothing.

    Raises
    ------
    PlanError
        When no dtype holds all samples exactly.
    """
    if choice is not Numbers.AUTO:
        return np.dtype(choice.value)
    try:
        return promote(catalog.dtype.take(usable).counts())
    except ValueError as error:
        raise PlanError(
            f"One array cannot hold these samples exactly: {error}. Choose a kind of number."
        ) from error


def resolve_split(
    options: Options, catalog: Catalog, samples: NDArray[np.int64], label: NDArray[np.int32] | None
) -> Coded:
    """Which part of the data each sample belongs to, or ``""``; by shares, those of each label alike.

    Folders count as parts where each sample lies in one, or its source is one, and there are several.
    """
    split = options.split
    if split.kind is SplitKind.SHARES:
        group = np.zeros(len(samples), np.int32) if label is None else label[samples]
        return split_by_shares(samples, group, split.percent, options.seed, len(catalog))
    if split.kind is SplitKind.FOUND and set(catalog.split.take(samples).counts()) != {""}:
        return split_as_found(catalog.split)
    if split.kind is SplitKind.FOUND:
        folders = split_as_found(_folders_of_parts(catalog))
        counts = folders.take(samples).counts()
        if len(counts) > 1 and "" not in counts:
            return folders
    return Coded.constant("", len(catalog))


@lru_cache(maxsize=2)
def _folders_of_parts(catalog: Catalog) -> Coded:
    """The folder after which each sample's part may be called, or ``""``."""
    first = first_folders(catalog)
    own = [os.path.basename(source) for source in catalog.sources]
    sources = Coded(catalog.source, tuple(name if is_part(name) else "" for name in own))
    nearest = Coded(first.codes, tuple(name if is_part(name) else "" for name in first.names))
    inside = np.isin(nearest.codes, [code for code, name in enumerate(nearest.names) if name])
    codes = np.where(inside, nearest.codes, sources.codes + len(nearest.names)).astype(np.int32)
    return Coded(codes, (*nearest.names, *sources.names))


def problems(options: Options, catalog: Catalog, channels: int, dtype: np.dtype[Any]) -> Coded:
    """Each sample's reason not to be in the plan, or ``""``."""
    names = [*catalog.problem.names, EXCLUDED]
    excluded = options.exclude.mask(catalog)
    codes = np.where(excluded, len(names) - 1, catalog.problem.codes).astype(np.int32)
    usable = catalog.usable & ~excluded

    def mark(where: NDArray[np.bool_], reason: str) -> None:
        if where.any():
            codes[where & (codes == names.index(""))] = len(names)
            names.append(reason)

    for count in np.unique(catalog.channels[usable]).tolist():
        if count != channels and max(count, channels) > PICTURE_CHANNELS:
            mark(
                usable & (catalog.channels == count),
                f"it has {count} channels, which cannot become {channels}",
            )
    for name in catalog.dtype.take(usable).counts():
        if not can_convert(name, dtype.name, options.reduce):
            mark(
                usable & catalog.dtype.equals(name),
                f"its numbers are {name}, which become {dtype.name} only by the rule min-max",
            )
    return Coded(slim(codes), tuple(names))


def _check_scale(options: Options, dtype: np.dtype[Any], channels: int) -> None:
    """Refuse figures for three colours where there are others."""
    if options.scale is Scale.IMAGENET and dtype.kind == "f" and channels != RGB:
        raise PlanError(
            f"ImageNet's means are those of red, green and blue, but a pixel has {channels} channels here. "
            "Choose rgb as channels, or mean-std as scale."
        )


def _check_numbers(
    options: Options, dtype: np.dtype[Any], catalog: Catalog, usable: NDArray[np.bool_]
) -> None:
    """Refuse a fill value that the dtype cannot hold, and numbers that would overflow."""
    if dtype.kind in "ui":
        limits = np.iinfo(dtype)
        if not options.fill.is_integer() or not limits.min <= options.fill <= limits.max:
            raise PlanError(
                f"A fill value of {options.fill:g} does not fit {dtype.name}; "
                f"choose a whole number from {limits.min:,} to {limits.max:,}."
            )
        return
    if abs(options.fill) > float(np.finfo(dtype).max):
        raise PlanError(f"A fill value of {options.fill:g} does not fit {dtype.name}.")
    large = {"uint16", "uint32", "uint64", "int32", "int64"} & set(catalog.dtype.take(usable).counts())
    if dtype == np.float16 and options.scale is Scale.NONE and large:
        raise PlanError(
            f"Unscaled {', '.join(sorted(large))} numbers are too large for float16; "
            "choose float32 or scale 0..1."
        )


def _files(sizes: Sequence[tuple[int, int]]) -> list[str]:
    """Names of arrays: one alone is ``images.npy``; of several each tells its size."""
    if len(sizes) == 1:
        return ["images.npy"]
    return [f"images-{height}x{width}.npy" for height, width in sizes]


def _effects(
    options: Options, catalog: Catalog, usable: NDArray[np.bool_], arranged: Sequence[Rows]
) -> dict[str, Any]:
    """How many samples are scaled down, scaled up, or cropped, and the waste.

    Worked out for each distinct size once: while a size is dragged, it has to be there at once.
    """
    found = {"scaled_down": 0, "scaled_up": 0, "cropped": 0}
    placed_px = row_px = 0
    sizes, size_of = _distinct_sizes(catalog)
    for rows in arranged:
        row_px += len(rows.samples) * rows.size[0] * rows.size[1]
        counts = np.bincount(size_of[rows.samples[usable[rows.samples]]], minlength=len(sizes))
        there = np.flatnonzero(counts)
        for begin in range(0, len(there), PLACED_TOGETHER):
            part = there[begin : begin + PLACED_TOGETHER]
            own, count = sizes[part], counts[part]
            geometry = place(own[:, 0], own[:, 1], rows.size, options.fit, options.anchor)
            placed = geometry.placement[:, 2:].astype(np.int64)
            found["scaled_down"] += int(count[(geometry.scaled < own).any(axis=1)].sum())
            found["scaled_up"] += int(count[(geometry.scaled > own).any(axis=1)].sum())
            found["cropped"] += int(count[(placed < geometry.scaled).any(axis=1)].sum())
            placed_px += int(placed.prod(axis=1) @ count)
    return {**found, "waste": 1.0 - placed_px / row_px}


@lru_cache(maxsize=2)
def _distinct_sizes(catalog: Catalog) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Distinct heights and widths in pixels, shape (M, 2), and which of them each sample has, shape (N,)."""
    key = (catalog.height.astype(np.int64) << 32) | catalog.width
    sizes, size_of = np.unique(key, return_inverse=True)
    return np.stack([sizes >> 32, sizes & 0xFFFFFFFF], axis=1), size_of.astype(np.int32)
