"""What a folder's or a list's name says of the pictures in it: a part of the data, or nothing of a class."""

from __future__ import annotations

import re
from functools import lru_cache

PARTS = ("train", "validation", "test")

_CALLED = {
    "train": "train", "training": "train", "trainset": "train", "trainval": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "valset": "validation",
    "dev": "validation", "development": "validation",
    "test": "test", "testing": "test", "testset": "test",
    "eval": "test", "evaluation": "test", "holdout": "test", "heldout": "test",
}  # fmt: skip
_DIVISIONS = frozenset({"fold", "folds", "split", "splits"})
_CONTAINERS = frozenset(
    {"image", "images", "img", "imgs", "picture", "pictures", "pic", "pics", "photo", "photos", "frames",
     "jpg", "jpeg", "jpegs", "png", "pngs", "tif", "tiff", "bmp", "webp", "dicom", "dcm",
     "jpegimages", "data", "dataset", "datasets"}
)  # fmt: skip
_MASKS = frozenset(
    {"mask", "masks", "label", "labels", "annotation", "annotations", "gt", "groundtruth",
     "segmentation", "segmentations", "segmentationclass", "segmentationobject"}
)  # fmt: skip
_CUSTOMARY = _CONTAINERS | _MASKS | {"set", "sets", "split", "splits", "subset", "seg", "stage", "v", "of"}
"""Words that stand beside the name of a part without saying anything else."""

_PEOPLE = frozenset(
    {"patient", "patients", "pat", "pt", "subject", "sub", "case", "study", "series", "scan", "session",
     "ses", "participant", "person"}
)  # fmt: skip
_OF_CLASSES = frozenset(
    {"class", "classes", "cls", "category", "cat", "label", "grade", "type", "kind", "level", "stage"}
)
"""Words that number classes."""

_NUMBERED = re.compile(r"(?=\D*\d)([^\W\d_]+)[\w-]*")
_NUMBER = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def part_called(name: str) -> str:
    """The one of `PARTS` that a folder or a list of this name is: ``"train"`` for ``train2017``; else ``""``.

    One of the name's words names a part, and the others are customary beside it. So ``seg_train``,
    ``train_images`` and ``TestSet`` are parts, and ``training shoes`` is none.
    """
    words = _words(name)
    parts = {_CALLED[word] for word in words if word in _CALLED}
    known = all(word in _CALLED or word in _CUSTOMARY for word in words)
    if known and len(parts) == 1:
        return parts.pop()
    return _CALLED.get("".join(words), "")


def is_part(name: str) -> bool:
    """Whether a folder of this name is taken for a part of the data."""
    return bool(part_called(name))


def names_a_part(name: str) -> bool:
    """Whether a word of `name` is that of a part, or of one of several divisions, whatever the others say."""
    return any(word in _CALLED or word in _DIVISIONS for word in _words(name))


def holds_pictures(name: str) -> bool:
    """Whether a folder of this name holds pictures of any class, like ``images`` and ``data``."""
    return _all_in(_words(name), _CONTAINERS)


def holds_masks(name: str) -> bool:
    """Whether a folder of this name holds what belongs to pictures elsewhere, like ``masks``."""
    return _all_in(_words(name), _MASKS | _CONTAINERS) and not holds_pictures(name)


def is_numbered_person(name: str) -> bool:
    """Whether `name` is like ``patient_012``: someone, or some examination, and no kind of thing."""
    words = _words(name)
    return bool(words) and words[0] in _PEOPLE and bool(_NUMBER.search(name))


def before_number(name: str) -> str:
    """The first word of a short name with a number: ``"tcga"`` of ``TCGA-02-0003``; ``""`` of others.

    Words that number classes (``class1``) or parts (``fold1``) are none of it.
    """
    found = _NUMBERED.fullmatch(name)
    word = found[1].lower() if found else ""
    return "" if word in _OF_CLASSES or names_a_part(name) else word


def _all_in(words: tuple[str, ...], known: frozenset[str]) -> bool:
    return bool(words) and (all(word in known for word in words) or "".join(words) in known)


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """The words of `name`, small; digits and whatever else stands between them are left out."""
    return tuple(word.lower() for word in _WORDS.findall(_HUMP.sub(" ", name)))
