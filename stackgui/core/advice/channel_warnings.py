"""Warnings about channels whose meaning nothing states."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.units import agree, format_count
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.catalog.meaning import GREY_ALPHA, RGBA, Taken, has_unstated, is_taken_as_colours, taken_by
from stackgui.core.plan.plan import Plan


def channel_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of channels of unstated meaning that are dropped, or that are assumed to have a meaning."""
    usable = plan.usable & (plan.catalog.channels > 0)
    if taken_by(plan.options.channels) is Taken.ALL:
        yield from _different_meanings(plan, usable)
        return
    choice = plan.options.channels
    colours = usable & _where(plan, is_taken_as_colours)
    yield from _about(
        plan,
        "channels-taken-as-colours",
        colours,
        ("has", "have"),
        "three or four channels, of which only the first is stated to be grey. The first three are taken as "
        "red, green and blue, and a fourth is dropped; --channels auto keeps all of them as they are.",
    )
    dropped = usable & _where(plan, has_unstated) & ~colours
    yield from _about(
        plan,
        "channels-dropped",
        dropped,
        ("has channels of unstated meaning", "have channels of unstated meaning"),
        f"(near infrared, for example), which --channels {choice} drops; --channels auto keeps them.",
    )
    taken = usable & ~plan.catalog.axes.equals("") & np.isin(plan.catalog.channels, (GREY_ALPHA, RGBA))
    yield from _about(
        plan,
        "channels-taken-as-transparency",
        taken,
        ("is an array whose last of 2 or 4 channels", "are arrays whose last of 2 or 4 channels"),
        f"is taken as transparency by --channels {choice}, though nothing says so; --channels auto keeps all "
        "as they are.",
    )


def _different_meanings(plan: Plan, usable: NDArray[np.bool_]) -> Iterator[DataWarning]:
    """Warn if all channels are kept, but the last is transparency only in some of the samples."""
    unstated = usable & _where(plan, has_unstated)
    if plan.channels in (GREY_ALPHA, RGBA) and (usable & ~unstated).any():
        yield from _about(
            plan,
            "channels-of-different-meaning",
            unstated,
            ("has a last channel", "have a last channel"),
            "of unstated meaning, where others have transparency. All are kept as they are; "
            "--channels rgb drops both.",
        )


def _where(plan: Plan, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return a mask of the samples for whose meaning `holds` is true."""
    meaning = plan.catalog.meaning
    found: NDArray[np.bool_] = np.array([holds(name) for name in meaning.names], np.bool_)[meaning.codes]
    return found


def _count(mask: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(mask))


def _about(
    plan: Plan, code: str, where: NDArray[np.bool_], verb: tuple[str, str], rest: str
) -> Iterator[DataWarning]:
    """Warn of the samples in `where`, if any: their number, the `verb` for one or many, and the `rest`."""
    if count := _count(where):
        text = f"{format_count(count, 'picture')} {agree(count, *verb)} {rest}"
        yield about_samples(code, text, plan.catalog, np.flatnonzero(where))
