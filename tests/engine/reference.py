"""The script that everybody writes: what a stack should hold, worked out in the plainest way."""

import numpy as np
from PIL import Image, ImageOps

from stackgui.core.base.choices import Fit, Layout
from stackgui.core.plan.plan import Plan


def plain_rows(plan: Plan, failed: set[int], array: int = 0) -> np.ndarray:
    """All rows of one array of a plan of 8-bit RGB by Pillow alone, without the project's imaging code."""
    bucket = plan.buckets[array]
    target = (bucket.height, bucket.width)
    rows = np.full((len(bucket.samples), *target, 3), plan.options.fill, np.uint8)
    for row, sample in enumerate(bucket.samples.tolist(), start=plan.first_rows[array]):
        if row not in failed:
            _paste(rows[row - plan.first_rows[array]], _picture(plan.catalog.file(sample)), plan, target)
    return rows.transpose(0, 3, 1, 2) if plan.options.layout is Layout.NCHW else rows


def _picture(file: str) -> Image.Image:
    if file.endswith(".npy"):
        pixels = np.load(file)
        return Image.fromarray(pixels if pixels.shape[-1] == 3 else pixels.transpose(1, 2, 0).copy())
    with Image.open(file) as opened:
        return ImageOps.exif_transpose(opened).convert("RGB")


def _paste(row: np.ndarray, picture: Image.Image, plan: Plan, target: tuple[int, int]) -> None:
    """Scale as the fit says, cut the middle out, and put it where the anchor says."""
    picture = _scaled(picture, plan.options.fit, target)
    pixels = np.asarray(picture)
    height, width = min(pixels.shape[0], target[0]), min(pixels.shape[1], target[1])
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    free_h, free_w = target[0] - height, target[1] - width
    anchor = plan.options.anchor.value
    at_h = free_h // 2 if anchor == "center" else free_h * anchor.startswith("bottom")
    at_w = free_w // 2 if anchor == "center" else free_w * anchor.endswith("right")
    row[at_h : at_h + height, at_w : at_w + width] = pixels[top : top + height, left : left + width]


def _scaled(picture: Image.Image, fit: Fit, target: tuple[int, int]) -> Image.Image:
    shrink = min(target[0] / picture.height, target[1] / picture.width)
    if fit is Fit.CROP or (fit is Fit.PAD and shrink >= 1):
        return picture
    if fit is Fit.STRETCH:
        return picture.resize(target[::-1], Image.Resampling.BILINEAR)
    factor = max(target[0] / picture.height, target[1] / picture.width) if fit is Fit.COVER else shrink
    size = [max(1, int(side * factor + 0.5)) for side in picture.size]
    return picture.resize(size, Image.Resampling.BILINEAR)
