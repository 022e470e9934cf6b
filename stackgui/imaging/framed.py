"""Files of several frames or pages: which of them are samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.core.frames import MAX_FRAMES, Frames
from stackgui.imaging.errors import as_sample_error


def headers(
    count: int, frames: Frames, format_: str, header_of: Callable[[int], Header], *, first: int = 0
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

    Returns
    -------
    Header
        With the other frames that are samples in `others`.

    Raises
    ------
    SampleError
        When the file has no frame of the chosen number, or its header cannot be used.
    """
    if count <= 1:
        return header_of(first)
    if count > MAX_FRAMES:
        raise SampleError(f"it claims {count:,} frames")
    if frames.takes_all:
        made = [_or_problem(format_, header_of, index) for index in range(count)]
        made = [replace(header, frames=count, member=index) for index, header in enumerate(made)]
        return replace(made[0], others=tuple(made[1:]))
    if frames.number > count:
        raise SampleError(f"it has {count:,} frames or pages, so none has the number {frames.number:,}")
    index = frames.number - 1 or first
    return replace(header_of(index), frames=count, member=index)


def _or_problem(format_: str, header_of: Callable[[int], Header], index: int) -> Header:
    """One bad page must not lose the others."""
    try:
        return header_of(index)
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises
        return Header(format_, 0, 0, 0, "", problem=as_sample_error(error).reason)
