"""What the channels of a sample mean, where their number alone does not say it.

A meaning is a text with a letter for each channel: ``L`` grey; ``R``, ``G``, ``B`` colours; ``A``
transparency; ``?`` where the file does not say. ``P`` is a picture of indices into a palette, whose colours
are its channels. ``""`` is said of all others: 1 channel is grey, 2 are grey and transparency, 3 colours, 4
colours and transparency.
"""

from __future__ import annotations

from enum import Enum

from stackgui.core.base.choices import Channels
from stackgui.core.base.units import format_count

GREY, GREY_ALPHA, RGB, RGBA = 1, 2, 3, 4

PALETTE = "P"
UNSTATED = "?"
_GREY, _COLOURS, _ALPHA = "L", "RGB", "A"
_PLAIN = frozenset({"", _GREY, _GREY + _ALPHA, _COLOURS, _COLOURS + _ALPHA})
_LETTERS = frozenset({*_GREY, *_COLOURS, _ALPHA, UNSTATED})


class Taken(Enum):
    """What of a sample's channels becomes part of a row.

    ``COLOURS``: those that mean something. ``ALL``: all, as they are in the file. ``INDICES``: the indices
    of a picture with a palette, and the grey of others.
    """

    COLOURS = "colours"
    ALL = "all"
    INDICES = "indices"


def taken_by(choice: Channels) -> Taken:
    """What `choice` takes."""
    return {Channels.AUTO: Taken.ALL, Channels.INDEX: Taken.INDICES}.get(choice, Taken.COLOURS)


def meaning_of(colours: int, extras: str) -> str:
    """The meaning of 1 or 3 `colours` followed by channels of which `extras` has a letter each."""
    said = (_GREY if colours == GREY else _COLOURS) + extras
    return "" if said in _PLAIN else said


def is_meaning(text: str) -> bool:
    """Whether `text` is one."""
    return text in ("", PALETTE) or set(text) <= _LETTERS


def has_unstated(meaning: str) -> bool:
    """Whether there are channels of which the file does not say what they mean."""
    return UNSTATED in meaning


def has_palette(meaning: str) -> bool:
    """Whether the pixels are indices into a palette."""
    return meaning == PALETTE


def without_palette(channels: int) -> str:
    """Why a sample of so many channels has no indices."""
    return f"it has {format_count(channels, 'channel')} and no palette, so that there are no indices to take"


def stated_places(meaning: str, channels: int) -> tuple[int, ...]:
    """Which of the channels are colours and, behind them, transparency; all where none is without a meaning.

    Of three or four channels of which only the first is said to be grey, the first three are taken as red,
    green and blue: that is how many programs write colours of 16 bits. More than four are no colours; then
    all are given.
    """
    if not has_unstated(meaning):
        return tuple(range(channels))
    if meaning.startswith(_COLOURS):
        places = [0, 1, 2]
    elif is_taken_as_colours(meaning):
        return (0, 1, 2)
    elif meaning.count(UNSTATED) > 1:
        return tuple(range(channels))
    else:
        places = [0]
    alpha = meaning.find(_ALPHA)
    return (*places, alpha) if alpha >= 0 else tuple(places)


def is_taken_as_colours(meaning: str) -> bool:
    """Whether channels without a meaning are taken as red, green and blue where colours are wanted."""
    return meaning in (_GREY + 2 * UNSTATED, _GREY + 3 * UNSTATED)


def can_become(meaning: str, have: int, want: int, taken: Taken) -> bool:
    """Whether a sample of `have` channels becomes a row of `want`."""
    if taken is Taken.INDICES:
        return has_palette(meaning) or len(stated_places(meaning, have)) <= GREY_ALPHA
    if taken is Taken.ALL and have == want:
        return True
    stated = len(stated_places(meaning, have))
    return stated == want or max(stated, want) <= RGBA
