"""Files of several frames or pages: which of them are samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
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
    """The header of a file of `count` frames.

    Parameters
    ----------
    count : int
    frames : Frames
        The choice.
    format_ : str
    header_of
        Gives the header of a frame by its index.
    first : int
        Which the file itself says is the one to show first.
    joins : bool
        Whether its frames can be joined to one sample's channels.

    Returns
    -------
    Header
        With the other frames that are samples in `others`.

    Raises
    ------
    SampleError
        When the file has no frame of the chosen number, or its header cannot be used, or its frames are to
        become channels and cannot.
    """
    if count <= 1:
        return header_of(first)
    if count > MAX_FRAMES:
        raise SampleError(f"it claims {count:,} frames")
    if frames.as_channels:
        if not joins:
            raise SampleError(
                "it has several frames that are no pages of a TIFF, and cannot become channels "
                "(--frames first, all or a number takes them)"
            )
        return _joined([header_of(index) for index in range(count)])
    if frames.takes_all:
        made = [_or_problem(format_, header_of, index) for index in range(count)]
        made = [replace(header, frames=count, member=index) for index, header in enumerate(made)]
        return replace(made[0], others=tuple(made[1:]))
    if frames.number > count:
        raise SampleError(f"it has {count:,} frames or pages, so none has the number {frames.number:,}")
    index = frames.number - 1 or first
    return replace(header_of(index), frames=count, member=index)


def _joined(pages: Sequence[Header]) -> Header:
    """The header of the sample whose channels are those of all `pages`."""
    first, channels = pages[0], sum(page.channels for page in pages)
    for number, page in enumerate(pages, 1):
        if _kind(page) != _kind(first):
            raise SampleError(
                f"its pages cannot become channels, because page {number:,} is {_described(page)} and the "
                f"first is {_described(first)} (--frames all makes each a row)"
            )
    return replace(
        first,
        channels=channels,
        frames=len(pages),
        profile="",
        meaning=joined_meaning(first.channels, channels),
    )


def joined_meaning(of_page: int, channels: int) -> str:
    """What channels mean that are those of several pages: three grey pages are red, green and blue."""
    if of_page == GREY and channels == RGB:
        return ""
    said = "RGB" if of_page >= RGB else "L"
    return said + UNSTATED * (channels - len(said))


def _kind(page: Header) -> tuple[object, ...]:
    return (page.height, page.width, page.channels, page.dtype, page.bits, page.orientation, page.meaning)


def _described(page: Header) -> str:
    turned = f", turned by its mark {page.orientation}" if page.orientation > 1 else ""
    bits = f" of {page.bits} bits" if page.bits else ""
    channels = format_count(page.channels, "channel")
    return f"{page.height:,} × {page.width:,} pixels of {channels} in {page.dtype}{bits}{turned}"


def _or_problem(format_: str, header_of: Callable[[int], Header], index: int) -> Header:
    """One bad page must not lose the others."""
    try:
        return header_of(index)
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises
        return Header(format_, 0, 0, 0, "", problem=as_sample_error(error).reason)
