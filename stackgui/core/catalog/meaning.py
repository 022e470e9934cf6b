"""The meaning of a sample's channels, for samples whose number of channels does not show it.

A meaning is a text with one letter per channel: ``L`` grey; ``R``, ``G``, ``B`` colours; ``A`` alpha; ``?``
if the file does not say. ``P`` is a picture of palette indices, whose channels are those of the palette's
colours. All other samples have ``""``: 1 channel is grey, 2 are grey and alpha, 3 RGB, 4 RGBA.
"""

from __future__ import annotations

from enum import Enum

from stackgui.core.base.choices import Channels
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say

GREY, GREY_ALPHA, RGB, RGBA = 1, 2, 3, 4

PALETTE = "P"
UNSTATED = "?"
_GREY, _COLOURS, _ALPHA = "L", "RGB", "A"
_PLAIN = frozenset({"", _GREY, _GREY + _ALPHA, _COLOURS, _COLOURS + _ALPHA})
_LETTERS = frozenset({*_GREY, *_COLOURS, _ALPHA, UNSTATED})


class Taken(Enum):
    """The channels of a sample that become part of a row.

    ``COLOURS``: those with a stated meaning. ``ALL``: all, as they are in the file. ``INDICES``: the palette
    indices, or grey if there is no palette.
    """

    COLOURS = "colours"
    ALL = "all"
    INDICES = "indices"


def taken_by(choice: Channels) -> Taken:
    """Return which channels `choice` takes."""
    return {Channels.AUTO: Taken.ALL, Channels.INDEX: Taken.INDICES}.get(choice, Taken.COLOURS)


def meaning_of(colours: int, extras: str) -> str:
    """Return the meaning of 1 or 3 `colours` and of further channels with one letter each in `extras`."""
    meaning = (_GREY if colours == GREY else _COLOURS) + extras
    return "" if meaning in _PLAIN else meaning


def is_meaning(text: str) -> bool:
    """Whether `text` is a valid meaning."""
    return text in ("", PALETTE) or set(text) <= _LETTERS


def has_unstated(meaning: str) -> bool:
    """Whether the file does not state the meaning of some channels."""
    return UNSTATED in meaning


def has_palette(meaning: str) -> bool:
    """Whether the pixels are palette indices."""
    return meaning == PALETTE


def without_palette(channels: int) -> str:
    """Explain why a sample of so many channels has no palette indices."""
    return say(
        "it has {channels} and no palette, so that there are no indices to take",
        channels=format_count(channels, "channel"),
    )


def stated_places(meaning: str, channels: int) -> tuple[int, ...]:
    """Return the places of the colour channels and, after them, alpha; all places if every meaning is stated.

    If the file has three or four channels and calls only the first one grey, the first three are taken as
    red, green and blue, because many programs write 16-bit colours like that. More than four such channels
    are not colours, so all are returned.
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
    """Whether channels without a stated meaning are taken as red, green and blue when colours are wanted."""
    return meaning in (_GREY + 2 * UNSTATED, _GREY + 3 * UNSTATED)


def can_become(meaning: str, have: int, want: int, taken: Taken) -> bool:
    """Whether a sample of `have` channels can become a row of `want` channels."""
    if taken is Taken.INDICES:
        return has_palette(meaning) or len(stated_places(meaning, have)) <= GREY_ALPHA
    if taken is Taken.ALL and have == want:
        return True
    stated = len(stated_places(meaning, have))
    return stated == want or max(stated, want) <= RGBA
