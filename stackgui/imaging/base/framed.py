"""Selecting samples from files that have several frames or pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.frames import MAX_FRAMES, Frames
from stackgui.core.catalog.meaning import GREY, RGB, UNSTATED
from stackgui.imaging.base.errors import as_sample_error


def headers(
    count: int,
    frames: Frames,
    format_: str,
    header_of: Callable[[int], Header],
    *,
    first: int = 0,
    joins: bool = False,
) -> Header:
    """Return the header of a file with `count` frames.

    Parameters
    ----------
    count : int
        Number of frames in the file.
    frames : Frames
        Which frames become samples.
    format_ : str
    header_of
        Function that returns the header of a frame, given its index.
    first : int
        Index of the frame that the file marks as the primary one.
    joins : bool
        Whether the frames can become the channels of one sample.

    Returns
    -------
    Header
        Header of the first sample; those of further samples are in `others`.

    Raises
    ------
    SampleError
        When the chosen frame does not exist, its header is unusable, or the frames cannot become channels
        although that was chosen.
    """
    if count <= 1:
        return header_of(first)
    if count > MAX_FRAMES:
        raise SampleError(say("it claims {count:,} frames", count=count))
    if frames.as_channels:
        if not joins:
            raise SampleError(
                say(
                    "it has several frames that are no pages of a TIFF, and cannot become channels "
                    "(--frames first, all or a number takes them)"
                )
            )
        return _joined([header_of(index) for index in range(count)])
    if frames.takes_all:
        made = [_or_problem(format_, header_of, index) for index in range(count)]
        made = [replace(header, frames=count, member=index) for index, header in enumerate(made)]
        return replace(made[0], others=tuple(made[1:]))
    if frames.number > count:
        raise SampleError(
            say(
                "it has {count:,} frames or pages, so none has the number {number:,}",
                count=count,
                number=frames.number,
            )
        )
    index = frames.number - 1 or first
    return replace(header_of(index), frames=count, member=index)


def _joined(pages: Sequence[Header]) -> Header:
    """Return the header of the sample that has the channels of all `pages`."""
    first, channels = pages[0], sum(page.channels for page in pages)
    for number, page in enumerate(pages, 1):
        if _kind(page) != _kind(first):
            raise SampleError(
                say(
                    "its pages cannot become channels, because page {number:,} is {described} and "
                    "the first is {described2} (--frames all makes each a row)",
                    number=number,
                    described=_described(page),
                    described2=_described(first),
                )
            )
    return replace(
        first,
        channels=channels,
        frames=len(pages),
        profile="",
        meaning=joined_meaning(first.channels, channels),
    )


def joined_meaning(of_page: int, channels: int) -> str:
    """Return the meaning of channels that come from several pages: three grey pages are RGB."""
    if of_page == GREY and channels == RGB:
        return ""
    said = "RGB" if of_page >= RGB else "L"
    return said + UNSTATED * (channels - len(said))


def _kind(page: Header) -> tuple[object, ...]:
    return (page.height, page.width, page.channels, page.dtype, page.bits, page.orientation, page.meaning)


def _described(page: Header) -> str:
    turned = (
        say(", turned by its mark {orientation}", orientation=page.orientation)
        if page.orientation > 1
        else ""
    )
    bits = say(" of {bits} bits", bits=page.bits) if page.bits else ""
    channels = format_count(page.channels, "channel")
    return say(
        "{height:,} × {width:,} pixels of {channels} in {dtype}{bits}{turned}",
        height=page.height,
        width=page.width,
        channels=channels,
        dtype=page.dtype,
        bits=bits,
        turned=turned,
    )


def _or_problem(format_: str, header_of: Callable[[int], Header], index: int) -> Header:
    """Return a frame's header, or one with a `problem`: one bad page must not lose the others."""
    try:
        return header_of(index)
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises
        return Header(format_, 0, 0, 0, "", problem=as_sample_error(error).reason)
