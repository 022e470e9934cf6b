"""Python that opens an export, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stackgui.core.base.addresses import address_in, is_address

MEANINGS = {
    "valid": "False for rows that do not count",
    "excluded": "True for rows that were excluded by hand",
    "placements": "top, left, height and width of each picture",
    "labels": "a class of each row, -1 for none; or 1 for each class that it has",
    "splits": "an index into parts, -1 for none",
    "targets": "NaN for none",
    "transforms": "scale and offset from a picture to its row, for y and x",
    "boxes": "left, top, right and bottom, of all rows",
    "box_classes": "an index into object_classes",
    "box_offsets": "the boxes of row 7 are boxes[box_offsets[7]:box_offsets[8]]",
    "mask_numbers": "the numbers in masks, in the order of mask_classes",
}
"""What the numbers of tables are, for those who read the Python that loads them."""

_COPIES_FILE = """\
from pathlib import Path

from obstore.store import from_url

bucket = from_url({bucket!r})
Path({name!r}).write_bytes(bucket.get({path!r}).bytes())

"""

_COPIES_FOLDER = """\
from pathlib import Path

from obstore.store import from_url

bucket = from_url({bucket!r})
for found in bucket.list({path!r}):
    for each in found:
        file = Path({name!r}, each["path"].removeprefix({below!r}))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bucket.get(each["path"]).bytes())

"""


ZARR_AT = """\
import zarr
from obstore.store import from_url
from zarr.storage import ObjectStore

stack = zarr.open_group(ObjectStore(from_url({target}), read_only=True), mode="r")
"""
"""Opens a group of Zarr in a bucket."""


@dataclass(frozen=True, slots=True)
class Loads:
    """Python expressions for what an export holds, with ``{name}`` for its name; ``""`` where it has none.

    Attributes
    ----------
    array : str
        An array of pictures or masks, of which no more is read than is used.
    table : str
        A table of numbers, in memory.
    words : str
        A list of names that numbers refer to.
    texts : str
        A table of texts, one or several for each row.
    """

    array: str
    table: str = ""
    words: str = ""
    texts: str = ""


ZARR_LOADS = Loads('stack["{name}"]', 'stack["{name}"][...]', 'stack.attrs["{name}"]', 'stack["{name}"][...]')
"""What a group of Zarr holds."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Names of all that a stack holds, as exports have them.

    Attributes
    ----------
    arrays : mapping of str to str
        What to say of each array.
    tables, words, texts : tuple of str
    """

    arrays: Mapping[str, str]
    tables: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def naming(holds: Holds, loads: Loads) -> Iterator[str]:
    """Yield a line for all that an export holds; the names may come from anyone."""
    said = {**MEANINGS, **holds.arrays}
    for names, load in (
        (holds.arrays, loads.array),
        (holds.tables, loads.table),
        (holds.words, loads.words),
        (holds.texts, loads.texts),
    ):
        for name in names if load else ():
            variable = name.replace("-", "_")
            if variable.isidentifier():
                line = f"{variable} = {load.format(name=name)}"
                yield f"{line}  # {said[name]}" if name in said else line


def lines_at(target: str, loading: str, loading_at: str, *, is_file: bool = False) -> str:
    """Return lines that open an export.

    Parameters
    ----------
    target : str
        Absolute path, or an address.
    loading, loading_at
        As in `stackgui.stores.export.exporter.Exporter`.
    is_file : bool
        Whether it is one file.
    """
    if not is_address(target):
        return loading.format(target=repr(target))
    if loading_at:
        return loading_at.format(target=repr(target))
    start = address_in(target)
    bucket, _slash, path = target[len(start) :].partition("/")
    name = path.rpartition("/")[2]
    copies = (_COPIES_FILE if is_file else _COPIES_FOLDER).format(
        bucket=start + bucket, path=path, below=f"{path}/", name=name
    )
    return copies + loading.format(target=repr(name))
