"""Warnings about channels whose meaning nothing states."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import Wording, say_many
from stackgui.core.catalog.meaning import GREY_ALPHA, RGBA, Taken, has_unstated, is_taken_as_colours, taken_by
from stackgui.core.plan.plan import Plan


def channel_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of channels of unstated meaning that are dropped, or that are assumed to have a meaning."""
    usable = plan.usable & (plan.catalog.channels > 0)
    if taken_by(plan.options.channels) is Taken.ALL:
        yield from _different_meanings(plan, usable)
        return
    colours = usable & _where(plan, is_taken_as_colours)
    yield from _taken_as_colours(plan, colours)
    yield from _dropped(plan, usable & _where(plan, has_unstated) & ~colours)
    yield from _taken_as_transparency(
        plan, usable & ~plan.catalog.axes.equals("") & np.isin(plan.catalog.channels, (GREY_ALPHA, RGBA))
    )


def _taken_as_colours(plan: Plan, colours: NDArray[np.bool_]) -> Iterator[DataWarning]:
    yield from _about(
        plan,
        "channels-taken-as-colours",
        colours,
        lambda count: say_many(
            count,
            "{count:,} picture has three or four channels, of which only the first is stated to be grey. The "
            "first three are taken as red, green and blue, and a fourth is dropped; --channels auto keeps "
            "all of them as they are.",
            "{count:,} pictures have three or four channels, of which only the first is stated to be grey. "
            "The first three are taken as red, green and blue, and a fourth is dropped; --channels auto "
            "keeps all of them as they are.",
        ),
    )


def _dropped(plan: Plan, dropped: NDArray[np.bool_]) -> Iterator[DataWarning]:
    yield from _about(
        plan,
        "channels-dropped",
        dropped,
        lambda count: say_many(
            count,
            "{count:,} picture has channels of unstated meaning (near infrared, for example), which "
            "--channels {choice} drops; --channels auto keeps them.",
            "{count:,} pictures have channels of unstated meaning (near infrared, for example), which "
            "--channels {choice} drops; --channels auto keeps them.",
            choice=plan.options.channels,
        ),
    )


def _taken_as_transparency(plan: Plan, taken: NDArray[np.bool_]) -> Iterator[DataWarning]:
    yield from _about(
        plan,
        "channels-taken-as-transparency",
        taken,
        lambda count: say_many(
            count,
            "{count:,} picture is an array whose last of 2 or 4 channels is taken as transparency by "
            "--channels {choice}, though nothing says so; --channels auto keeps all as they are.",
            "{count:,} pictures are arrays whose last of 2 or 4 channels is taken as transparency by "
            "--channels {choice}, though nothing says so; --channels auto keeps all as they are.",
            choice=plan.options.channels,
        ),
    )


def _different_meanings(plan: Plan, usable: NDArray[np.bool_]) -> Iterator[DataWarning]:
    """Warn if all channels are kept, but the last is transparency only in some of the samples."""
    unstated = usable & _where(plan, has_unstated)
    if plan.channels in (GREY_ALPHA, RGBA) and (usable & ~unstated).any():
        yield from _about(
            plan,
            "channels-of-different-meaning",
            unstated,
            lambda count: say_many(
                count,
                "{count:,} picture has a last channel of unstated meaning, where others have transparency. "
                "All are kept as they are; --channels rgb drops both.",
                "{count:,} pictures have a last channel of unstated meaning, where others have transparency. "
                "All are kept as they are; --channels rgb drops both.",
            ),
        )


def _where(plan: Plan, holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return a mask of the samples for whose meaning `holds` is true."""
    meaning = plan.catalog.meaning
    found: NDArray[np.bool_] = np.array([holds(name) for name in meaning.names], np.bool_)[meaning.codes]
    return found


def _count(mask: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(mask))


def _about(
    plan: Plan, code: str, where: NDArray[np.bool_], text: Callable[[int], Wording]
) -> Iterator[DataWarning]:
    """Warn of the samples in `where`, if any; `text` says it of their number."""
    if count := _count(where):
        yield about_samples(code, text(count), plan.catalog, np.flatnonzero(where))
