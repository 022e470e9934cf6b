"""Embedded ICC profiles: telling which differ from sRGB, and converting pixels to sRGB with LittleCMS."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.pixels.channels import GREY, GREY_ALPHA, RGB, RGBA
from stackgui.imaging.pixels.numbers import largest

if TYPE_CHECKING:
    from PIL import ImageCms

MAX_PROFILE_BYTES = 16 * 2**20
"""Profiles take some kilobytes, or some megabytes with tables. Anything larger is not a profile."""

INKS = "CMYK"
_SPACES = {GREY: "GRAY", GREY_ALPHA: "GRAY", RGB: "RGB", RGBA: "RGB"}
_MODES = {"GRAY": "L", "RGB": "RGB", INKS: "CMYK"}
_DTYPES = ("uint8", "uint16")
_NAME_CHARACTERS = 60
_GRID = np.arange(0, 256, 15, dtype=np.uint8)
_ROUNDING = 1
"""Different sRGB profiles round their curves differently, so that colours may differ by one level."""


def space_of(channels: int) -> str:
    """Return the colour space of pixels with `channels`; ``""`` if there is none."""
    return _SPACES.get(channels, "")


def name_of(profile: bytes | None, space: str, dtype: str = "uint8") -> str:
    """Return the name of an embedded profile if converting to sRGB would change the pixels.

    Parameters
    ----------
    profile : bytes or None
    space : str
        Colour space of the pixels: ``"GRAY"``, ``"RGB"`` or ``"CMYK"``.
    dtype : str

    Returns
    -------
    str
        ``""`` if nothing would change: there is no profile, it is damaged, it is for another colour space, it
        changes no colour by more than one level in 255, or `dtype` is neither uint8 nor uint16.
    """
    if not profile or dtype not in _DTYPES or len(profile) > MAX_PROFILE_BYTES:
        return ""
    found_space, name = _examined(profile)
    return name if found_space == space else ""


def is_of_inks(profile: bytes) -> bool:
    """Return whether `profile` is for CMYK."""
    return _examined(profile)[0] == INKS


def to_srgb(pixels: NDArray[Any], profile: bytes, bits: int = 0) -> NDArray[Any]:
    """Convert pixels from `profile` to sRGB with perceptual intent, leaving alpha unchanged.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), uint8 or uint16
        Four channels are CMYK if the profile is for CMYK.
    profile : bytes
    bits : int
        Bit depth according to the file; 0 for the full dtype.

    Returns
    -------
    ndarray, shape (h, w, c), same dtype
        For uint8, identical to the result of Pillow's ``ImageCms``. CMYK becomes RGB.

    Raises
    ------
    SampleError
        When a value does not fit into `bits`.
    """
    if bits:
        # LittleCMS expects white at the largest number of the dtype.
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
    # Grey becomes neutral in sRGB, so the three channels are equal and one is enough.
    return found[:, :, :1] if mode == "L" else found


@lru_cache(maxsize=8)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    from PIL import ImageCms  # noqa: PLC0415 - loaded when the first profile appears

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError) as error:
        raise SampleError(say("its colour profile is damaged")) from error


def _of_words(pixels: NDArray[Any], profile: bytes) -> NDArray[Any]:
    # Pillow has no 16-bit colour modes. Without the flag, LittleCMS interpolates in a coarse table.
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
    """Return the colour space of a profile, and its name unless it is equivalent to sRGB."""
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
    return space, _printable(opened.profile_description) or say("without a name")


def _grid(space: str) -> NDArray[np.uint8]:
    """Return a grid of colours that covers `space`, shape (1, n, channels)."""
    if space == "GRAY":
        return np.arange(256, dtype=np.uint8).reshape(1, -1, 1)
    axes = [_GRID if space == "RGB" else _GRID[::4]] * len(space)
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(1, -1, len(space))


def _printable(name: str | None) -> str:
    return "".join(c for c in name or "" if c.isprintable())[:_NAME_CHARACTERS].strip()
