"""What people call the columns of a list of files, told by name whatever the case."""

from __future__ import annotations

from collections.abc import Sequence

PATH_NAMES = ("path", "file", "filename", "file_name", "filepath", "file_path", "image", "image_path",
              "image_name", "img", "img_path", "picture", "photo", "name", "id", "image_id")  # fmt: skip
LABEL_NAMES = ("label", "class", "category", "class_name", "label_name", "category_name", "cls", "target",
               "species", "class_id", "label_id", "category_id")  # fmt: skip
SPLIT_NAMES = ("split", "subset", "set", "fold", "partition", "data_set", "dataset")


def find_column(header: Sequence[str], names: Sequence[str]) -> int | None:
    """Place in `header` of the column that one of `names` fits; the first of `names` that does."""
    plain = [_plain(title) for title in header]
    return next((plain.index(name) for name in names if name in plain), None)


def _plain(title: str) -> str:
    return title.strip().casefold().replace(" ", "_").replace("-", "_")
