"""Refusing, from the header alone, what cannot be true: such claims must not inflate a plan."""

from __future__ import annotations

from PIL import Image

from stackgui.core.base.errors import SampleError
from stackgui.core.run.run import Limits

_most_px = Limits().sample_px


class TooLarge(SampleError):  # noqa: N818 - a question of the limit, not a fault of the file
    """A sample claims more pixels than are allowed at present.

    Parameters
    ----------
    claim : str
        What it claims, in words that lead to the limit.
    """

    def __init__(self, claim: str) -> None:
        million = _most_px / 10**6
        limit = f"{million:,.0f} million" if million >= 10 else f"{_most_px:,}"  # noqa: PLR2004
        super().__init__(f"it claims {claim} the limit of {limit}; --sample-pixels sets another")


def allow_px(pixels: int) -> None:
    """Accept samples of up to so many pixels from now on, in this process."""
    global _most_px  # noqa: PLW0603 - one worker, one limit
    _most_px = pixels
    # Pillow warns above this and refuses above twice this; here, what is above is refused with a reason.
    Image.MAX_IMAGE_PIXELS = pixels


def most_px() -> int:
    """Largest number of pixels accepted in one sample."""
    return _most_px


def check_size(height: int, width: int) -> None:
    """Refuse sizes that are empty or beyond the limit that `allow_px` has set.

    Raises
    ------
    SampleError
        With the claimed size in the sentence.
    """
    if height <= 0 or width <= 0:
        raise SampleError(f"its header says {height} × {width} pixels, which is no picture")
    if height * width > _most_px:
        raise TooLarge(f"{height:,} × {width:,} pixels, more than")


def check_claim(needed_bytes: int, file_bytes: int, height: int, width: int) -> None:
    """Refuse a size for which the file is certainly too short.

    Parameters
    ----------
    needed_bytes : int
        The fewest bytes that any encoder could have written for it.
    file_bytes : int
        Size of the whole file.
    height, width : int
        The claimed size, for the sentence.
    """
    if needed_bytes > file_bytes:
        raise SampleError(
            f"it claims {height:,} × {width:,} pixels, which a file of {file_bytes:,} bytes cannot hold"
        )
