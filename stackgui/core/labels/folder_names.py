"""The meaning of folder and list names: a dataset split, a container, masks, a person."""

from __future__ import annotations

import os
import re
from functools import lru_cache

PARTS = ("train", "validation", "test")
"""The dataset splits."""

_SPLIT_OF_WORD = {
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
_ANNOTATIONS = _MASKS | {
    "ann", "anns", "anno", "annos", "bbox", "bboxes", "box", "boxes", "coco", "json", "jsons", "txt", "txts",
    "voc", "xml", "xmls", "yolo",
}  # fmt: skip
_NEUTRAL_WORDS = (
    _CONTAINERS | _MASKS | {"set", "sets", "split", "splits", "subset", "seg", "stage", "v", "of"}
)
"""Words that often accompany the name of a split and mean nothing else."""

_PERSON_WORDS = frozenset(
    {"patient", "patients", "pat", "pt", "subject", "sub", "case", "study", "series", "scan", "session",
     "ses", "participant", "person"}
)  # fmt: skip
_CLASS_WORDS = frozenset(
    {"class", "classes", "cls", "category", "cat", "label", "grade", "type", "kind", "level", "stage"}
)
"""Words that often stand before the number of a class."""

_NUMBERED = re.compile(r"(?=\D*\d)([^\W\d_]+)[\w-]*")
_NUMBER = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]+")
_CAMEL_CASE_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")


def part_called(name: str) -> str:
    """Return which of `PARTS` a folder or list of this name is, ``"train"`` for ``train2017``; else ``""``.

    One word must name a split, and all others must be neutral. So ``seg_train``, ``train_images`` and
    ``TestSet`` are splits, but ``training shoes`` is not.
    """
    words = _words(name)
    parts = {_SPLIT_OF_WORD[word] for word in words if word in _SPLIT_OF_WORD}
    known = all(word in _SPLIT_OF_WORD or word in _NEUTRAL_WORDS for word in words)
    if known and len(parts) == 1:
        return parts.pop()
    return _SPLIT_OF_WORD.get("".join(words), "")


def is_part(name: str) -> bool:
    """Whether a folder of this name counts as a dataset split."""
    return bool(part_called(name))


def names_a_part(name: str) -> bool:
    """Whether any word of `name` names a split or a fold, whatever the other words are."""
    return any(word in _SPLIT_OF_WORD or word in _DIVISIONS for word in _words(name))


def holds_pictures(name: str) -> bool:
    """Whether a folder of this name can hold pictures of any class, like ``images`` and ``data``."""
    return _all_in(_words(name), _CONTAINERS)


def holds_masks(name: str) -> bool:
    """Whether a folder of this name holds annotations of pictures elsewhere, like ``masks``."""
    return _all_in(_words(name), _MASKS | _CONTAINERS) and not holds_pictures(name)


def holds_annotations(name: str) -> bool:
    """Whether a folder of this name, like ``labels``, can hold annotation files of pictures elsewhere."""
    return _all_in(_words(name), _ANNOTATIONS)


def among_masks(path: str) -> bool:
    """Whether a file of this relative path lies in a folder of masks or annotations."""
    return any(map(holds_masks, path.replace(os.sep, "/").split("/")[:-1]))


def is_numbered_person(name: str) -> bool:
    """Whether `name`, like ``patient_012``, is that of a person or an examination rather than a class."""
    words = _words(name)
    return bool(words) and words[0] in _PERSON_WORDS and bool(_NUMBER.search(name))


def word_before_number(name: str) -> str:
    """Return the first word of a name with a number, ``"tcga"`` for ``TCGA-02-0003``; else ``""``.

    Words that number classes (``class1``) or splits (``fold1``) do not count.
    """
    found = _NUMBERED.fullmatch(name)
    word = found[1].lower() if found else ""
    return "" if word in _CLASS_WORDS or names_a_part(name) else word


def _all_in(words: tuple[str, ...], known: frozenset[str]) -> bool:
    return bool(words) and (all(word in known for word in words) or "".join(words) in known)


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """Return the words of `name` in lower case, without digits and punctuation."""
    return tuple(word.lower() for word in _WORDS.findall(_CAMEL_CASE_BOUNDARY.sub(" ", name)))
