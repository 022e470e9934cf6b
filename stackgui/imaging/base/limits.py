"""Size checks on headers, which keep false or excessive claims out of the plan."""

from __future__ import annotations

from PIL import Image

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.run.run_options import Limits

_most_px = Limits().sample_px


class TooLarge(SampleError):  # noqa: N818 - a question of the limit, not a fault of the file
    """A sample claims more pixels than the current limit allows.

    Parameters
    ----------
    claim : str
        The part of the message between "it claims" and "the limit".
    """

    def __init__(self, claim: str) -> None:
        million = _most_px / 10**6
        limit = f"{million:,.0f} million" if million >= 10 else f"{_most_px:,}"  # noqa: PLR2004
        super().__init__(
            say(
                "it claims {claim} the limit of {limit}; --sample-pixels sets another",
                claim=claim,
                limit=limit,
            )
        )


def allow_px(pixels: int) -> None:
    """Set the largest number of pixels per sample for this process."""
    global _most_px  # noqa: PLW0603 - one worker, one limit
    _most_px = pixels
    # Pillow warns above this limit and refuses above twice the limit. `check_size` refuses above it.
    Image.MAX_IMAGE_PIXELS = pixels


def most_px() -> int:
    """Return the largest number of pixels accepted per sample."""
    return _most_px


def check_size(height: int, width: int) -> None:
    """Refuse sizes that are empty or above the limit set by `allow_px`.

    Raises
    ------
    SampleError
        The message names the claimed size.
    """
    if height <= 0 or width <= 0:
        raise SampleError(
            say("its header says {height} × {width} pixels, which is no picture", height=height, width=width)
        )
    if height * width > _most_px:
        raise TooLarge(say("{height:,} × {width:,} pixels, more than", height=height, width=width))


def check_claim(needed_bytes: int, file_bytes: int, height: int, width: int) -> None:
    """Refuse a claimed size if the file is certainly too short for it.

    Parameters
    ----------
    needed_bytes : int
        Lower bound on the encoded size of such a picture.
    file_bytes : int
        Size of the whole file.
    height, width : int
        The claimed size, for the message.
    """
    if needed_bytes > file_bytes:
        raise SampleError(
            say(
                "it claims {height:,} × {width:,} pixels, which a file of {file_bytes:,} bytes cannot hold",
                height=height,
                width=width,
                file_bytes=file_bytes,
            )
        )
