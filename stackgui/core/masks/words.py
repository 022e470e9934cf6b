"""Words in names of folders and files that tell masks from pictures."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MASK_WORDS = frozenset({
    "mask", "masks", "msk", "msks", "seg", "segs", "segm", "segmentation", "segmentations", "segmented",
    "semantic", "gt", "gts", "groundtruth", "truth", "label", "labels", "labeled", "labelled", "lbl", "lbls",
    "annotation", "annotations", "annotated", "annot", "annots", "ann", "anns", "trimap", "trimaps",
    "panoptic",
})  # fmt: skip

PICTURE_WORDS = frozenset({
    "image", "images", "img", "imgs", "im", "picture", "pictures", "pic", "pics", "photo", "photos", "rgb",
    "jpeg", "jpegs", "jpg", "sat", "input", "inputs", "raw", "original", "originals", "frame", "frames",
})  # fmt: skip

BESIDE_MASK = frozenset({
    "class", "classes", "object", "objects", "instance", "instances", "ids", "id", "png", "pngs", "dir",
    "folder", "fine", "coarse", "ground", "train", "color", "colour", "colors", "colours", "aug", "raw",
    "vis", "pixel", "pixels", "level", "images", "image", "img", "tif", "tiff", "gif", "bmp", "npy",
})  # fmt: skip
"""Words that may stand beside a word for masks without changing its meaning."""

BESIDE_PICTURE = frozenset({"dir", "folder", "left", "bit", "8", "png", "pngs", "x", "color", "colour"})

OF_OBJECTS = frozenset(
    {"object", "objects", "instance", "instances", "vis", "color", "colour", "colors", "colours"}
)
"""Words of masks that number single objects, or that are for people to look at."""

KEEPS_PART = frozenset({"train", "raw"})
"""Of `BESIDE_MASK`, those that in the name of a folder may tell one set of pictures from another."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")
_TOKEN = re.compile(r"[^ _.\-]+")


def words(text: str) -> list[str]:
    """Return the words of a name in lower case; capitals begin a word, as in ``labelIds``."""
    return [word.lower() for word in _WORD.findall(text)]


class FolderName(NamedTuple):
    """A name of a folder: what is left without words for masks and pictures, and whether it names masks."""

    rest: tuple[str, ...]
    is_mask: bool


@lru_cache(maxsize=4096)
def folder_name(name: str) -> FolderName:
    """Read the name of one folder."""
    found = words(name)
    if any(word in MASK_WORDS for word in found):
        beside = BESIDE_MASK - KEEPS_PART
        return FolderName(tuple(word for word in found if word not in MASK_WORDS | beside), is_mask=True)
    if any(word in PICTURE_WORDS for word in found):
        rest = tuple(word for word in found if word not in PICTURE_WORDS | BESIDE_PICTURE)
        return FolderName(rest, is_mask=False)
    return FolderName(tuple(found) or (name,), is_mask=False)


class Stem(NamedTuple):
    """A file's name without its suffix: the rest without a mark, the mark, and a number after it."""

    base: str
    mark: str = ""
    number: str = ""


def mask_stem(stem: str) -> Stem:
    """Take the mark of masks off a name, for example ``_mask`` or ``_gtFine_labelIds``."""
    tokens = list(_TOKEN.finditer(stem))
    end, number = len(tokens), ""
    if end > 1 and tokens[-1][0].isdecimal() and _marks(tokens[-2][0], MASK_WORDS, BESIDE_MASK):
        end, number = end - 1, tokens[-1][0]
    last = end
    while end > 1 and _may_mark(tokens[end - 1][0], MASK_WORDS, BESIDE_MASK):
        end -= 1
    while end < last and not _marks(tokens[end][0], MASK_WORDS, BESIDE_MASK):
        end += 1  # a mark begins with a word for masks
    if end < last:
        return Stem(
            stem[: tokens[end - 1].end()], stem[tokens[end - 1].end() : tokens[last - 1].end()], number
        )
    if len(tokens) > 1 and _marks(tokens[0][0], MASK_WORDS, BESIDE_MASK):
        return Stem(stem[tokens[1].start() :], stem[: tokens[1].start()])
    return Stem(stem)


def picture_stem(stem: str) -> str:
    """Take a word for pictures off the end or the beginning of a name, such as ``_image``."""
    tokens = list(_TOKEN.finditer(stem))
    if len(tokens) > 1 and _marks(tokens[-1][0], PICTURE_WORDS, BESIDE_PICTURE):
        return stem[: tokens[-2].end()]
    if len(tokens) > 1 and _marks(tokens[0][0], PICTURE_WORDS, BESIDE_PICTURE):
        return stem[tokens[1].start() :]
    return stem


@lru_cache(maxsize=4096)
def _may_mark(token: str, marks: frozenset[str], beside: frozenset[str]) -> bool:
    found = words(token)
    return bool(found) and all(word in marks or word in beside for word in found)


@lru_cache(maxsize=4096)
def _marks(token: str, marks: frozenset[str], beside: frozenset[str]) -> bool:
    return _may_mark(token, marks, beside) and any(word in marks for word in words(token))
