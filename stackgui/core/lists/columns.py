"""The usual titles of columns in lists of files; case, spaces and punctuation are ignored."""

from __future__ import annotations

import re
from collections.abc import Sequence

PATH_NAMES = ("path", "file", "file_name", "file_path", "image", "image_path", "image_name", "image_file",
              "image_file_name", "img", "img_path", "img_name", "img_file", "full_path", "relative_path",
              "rel_path", "fname", "picture", "photo", "files", "images", "image_index", "name", "image_id",
              "img_id", "id", "id_code", "isic_id", "photo_id", "patient_id", "sample_id", "uid")  # fmt: skip
GENERAL_PATH_NAMES = frozenset({"files", "images", "name", "id", "patientid", "sampleid", "uid"})
"""Titles, as `plain` returns them, of columns that name other things than pictures in many tables."""
LABEL_NAMES = ("label", "class", "category", "class_name", "label_name", "category_name", "cls",
               "target_name", "labels", "classes", "categories", "tag", "tags", "species", "breed",
               "diagnosis", "dx", "finding_labels", "findings", "synset", "wnid", "target", "ground_truth",
               "gt", "y", "grade", "level", "emotion", "digit", "annotation", "class_id", "label_id",
               "category_id", "target_id")  # fmt: skip
SURE_LABEL_NAMES = frozenset(
    {"label", "class", "category", "classname", "labelname", "categoryname", "labels"}
)
"""Titles, as `plain` returns them, of columns that can only be labels."""
SPLIT_NAMES = ("split", "subset", "partition", "data_split", "set", "fold", "data_set", "phase", "usage")
SURE_SPLIT_NAMES = frozenset({"split", "subset", "partition", "datasplit"})
"""Titles, as `plain` returns them, of columns that can only be splits, whatever the values are."""

_LABEL_ENDINGS = frozenset({"label", "labels", "class", "classname", "category", "species", "breed", "tag",
                             "tags", "diagnosis", "target", "finding", "findings"})  # fmt: skip
_IDENTIFIER_WORDS = frozenset({"id", "idx", "index", "code", "name", "number", "num"})
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")


def plain(title: str) -> str:
    """Return the letters and digits of a title in lower case, for comparison."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def find_column(header: Sequence[str], names: Sequence[str]) -> int | None:
    """Return the place in `header` of the first of `names` that occurs there."""
    return next(iter(places_of(header, names)), None)


def places_of(header: Sequence[str], names: Sequence[str]) -> list[int]:
    """Return the places in `header` of all `names` that occur there, in the order of `names`."""
    titles: dict[str, int] = {}
    for place, title in enumerate(header):
        titles.setdefault(plain(title), place)
    found = (titles.get(plain(name)) for name in names if plain(name))
    return list(dict.fromkeys(place for place in found if place is not None))


def typed_column(header: Sequence[str], title: str) -> int | None:
    """Return the place of the column that a person calls `title`.

    An exact match counts first, then one by `plain`. If there is neither, a number counts columns from 1.
    """
    stripped = [cell.strip() for cell in header]
    if title in stripped:
        return stripped.index(title)
    if (found := find_column(header, (title,))) is not None:
        return found
    place = int(title) - 1 if re.fullmatch("[0-9]{1,4}", title) else -1
    return place if 0 <= place < len(header) else None


def label_columns(header: Sequence[str]) -> list[int]:
    """Return the places of the columns that may hold labels, the likeliest first."""
    known = places_of(header, LABEL_NAMES)
    words = [[word.casefold() for word in _WORDS.findall(title)] for title in header]
    by_end = [place for place, last in enumerate(words) if last and last[-1] in _LABEL_ENDINGS]
    numbered = [
        place
        for place, last in enumerate(words)
        if len(last) > 1 and last[-2] in _LABEL_ENDINGS and last[-1] in _IDENTIFIER_WORDS
    ]
    return list(dict.fromkeys([*known, *by_end, *numbered]))
