"""COCO's own library, which tells what masks that were read show."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from stackgui.core.annotations.annotations import Annotations

__all__ = ["coco_mask", "decoded_mask"]


def decoded_mask(found: Annotations, row: int) -> NDArray[np.uint8]:
    """Return the mask of an object, shape (H, W)."""
    size = found.objects.bitmap_size[row].tolist()
    packed: dict[str, Any] = {"size": size, "counts": found.objects.bitmap[row].tobytes()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it does not know NumPy 2 yet
        return coco_mask.decode(packed)
