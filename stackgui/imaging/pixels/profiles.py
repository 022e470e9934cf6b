"""Embedded colour profiles (ICC): which are other than sRGB's, and bringing pixels to sRGB, by LittleCMS."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stackgui.core.base.errors import SampleError
from stackgui.imaging.pixels.channels import GREY, GREY_ALPHA, RGB, RGBA
from stackgui.imaging.pixels.numbers import largest

if TYPE_CHECKING:
    from PIL import ImageCms

MAX_PROFILE_BYTES = 16 * 2**20
"""A profile is some kilobytes, with tables up to some megabytes; what is larger is none."""

INKS = "CMYK"
_SPACES = {GREY: "GRAY", GREY_ALPHA: "GRAY", RGB: "RGB", RGBA: "RGB"}
_MODES = {"GRAY": "L", "RGB": "RGB", INKS: "CMYK"}
_DTYPES = ("uint8", "uint16")
_NAME_CHARACTERS = 60
_GRID = np.arange(0, 256, 15, dtype=np.uint8)
_ROUNDING = 1
"""Two profiles of sRGB round their curves in different ways, so that colours differ by one level."""


def space_of(channels: int) -> str:
    """The colour space of pixels with `channels`; ``""`` where there is none."""
    return _SPACES.get(channels, "")


def name_of(profile: bytes | None, space: str, dtype: str = "uint8") -> str:
    """The name of an embedded profile by which pixels would change on their way to sRGB.

    Parameters
    ----------
    profile : bytes or None
    space : str
        What the pixels are: ``"GRAY"``, ``"RGB"`` or ``"CMYK"``.
    dtype : str

    Returns
    -------
    str
        ``""`` where nothing would change: there is no profile, it is damaged, it is for another space than
        the pixels', it moves no colour by more than one level in 255, or `dtype` is not one of 8 or 16 bits.
    """
    if not profile or dtype not in _DTYPES or len(profile) > MAX_PROFILE_BYTES:
        return ""
    found_space, name = _examined(profile)
    return name if found_space == space else ""


def is_of_inks(profile: bytes) -> bool:
    """Whether the pixels of `profile` are amounts of ink."""
    return _examined(profile)[0] == INKS


def to_srgb(pixels: NDArray[Any], profile: bytes, bits: int = 0) -> NDArray[Any]:
    """Bring pixels from the colours of `profile` to sRGB, perceptually; transparency stays as it is.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), uint8 or uint16
        Four channels are inks where the profile is one of inks.
    profile : bytes
    bits : int
        That the numbers use, as their file says; 0 for all.

    Returns
    -------
    ndarray, shape (h, w, c), same dtype
        8 bits are what Pillow's ``ImageCms`` gives, bit for bit; of inks, RGB comes out.

    Raises
    ------
    SampleError
        When a value is larger than `bits` allow.
    """
    if bits:
        # What counts as white has to be where LittleCMS takes it to be.
        most, full = largest(pixels, bits), int(np.iinfo(pixels.dtype).max)
        return _rescaled(to_srgb(_rescaled(pixels, most, full), profile), full, most)
    space = _examined(profile)[0]
    colours = pixels.shape[2] if space == INKS else {"GRAY": GREY}.get(space, RGB)
    colour, alpha = pixels[:, :, :colours], pixels[:, :, colours:]
    converted = _of_bytes(colour, profile, space) if pixels.dtype == np.uint8 else _of_words(colour, profile)
    return np.concatenate([converted, alpha], axis=2) if alpha.shape[2] else converted


def _rescaled(pixels: NDArray[Any], have: int, want: int) -> NDArray[Any]:
    found = (pixels * np.uint32(want) + np.uint32(have // 2)) // np.uint32(have)
    return found.astype(pixels.dtype)


def _of_bytes(pixels: NDArray[Any], profile: bytes, space: str) -> NDArray[Any]:
    from PIL import ImageCms  # noqa: PLC0415 - loaded when the first profile appears

    mode = _MODES[space]
    flat = np.ascontiguousarray(pixels[:, :, 0] if mode == "L" else pixels)
    picture = Image.frombuffer(mode, (flat.shape[1], flat.shape[0]), flat, "raw", mode, 0, 1)
    converted = ImageCms.applyTransform(picture, _transform(profile, mode))
    assert converted is not None
    found = np.asarray(converted)
    # Grey lies on sRGB's grey axis, on which the three are the same.
    return found[:, :, :1] if mode == "L" else found


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    from PIL import ImageCms  # noqa: PLC0415 - loaded when the first profile appears

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError) as error:
        raise SampleError("its colour profile is damaged") from error


def _of_words(pixels: NDArray[Any], profile: bytes) -> NDArray[Any]:
    # Pillow has no colour of 16 bits. Without the flag the colours are read off a coarse table.
    from imagecodecs import CMS, cms_transform  # noqa: PLC0415 - loaded when the first such file appears
    from PIL import ImageCms  # noqa: PLC0415 - the same

    is_grey = pixels.shape[2] == GREY
    found = cms_transform(
        np.ascontiguousarray(pixels[:, :, 0] if is_grey else pixels),
        profile,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        colorspace="gray" if is_grey else "rgb",
        outcolorspace="rgb",
        flags=CMS.FLAGS.NOOPTIMIZE,
    )
    return np.asarray(found)[:, :, :1] if is_grey else np.asarray(found)


@lru_cache(maxsize=64)
def _examined(profile: bytes) -> tuple[str, str]:
    """The space that a profile is for, and its name unless that is as good as sRGB."""
    from PIL import ImageCms  # noqa: PLC0415 - loaded when the first profile appears

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
        space = opened.xcolor_space.strip()
        if space not in _MODES:
            return "", ""
        found = _of_bytes(_grid(space), profile, space)
    except (SampleError, OSError, ValueError):
        return "", ""
    if space != INKS:
        moved = np.abs(found.astype(np.int16) - _grid(space)[:, :, : found.shape[2]])
        if moved.max() <= _ROUNDING:
            return space, ""
    return space, _printable(opened.profile_description) or "without a name"


def _grid(space: str) -> NDArray[np.uint8]:
    """Colours all over `space`, shape (1, n, channels)."""
    if space == "GRAY":
        return np.arange(256, dtype=np.uint8).reshape(1, -1, 1)
    axes = [_GRID if space == "RGB" else _GRID[::4]] * len(space)
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(1, -1, len(space))


def _printable(name: str | None) -> str:
    return "".join(c for c in name or "" if c.isprintable())[:_NAME_CHARACTERS].strip()
