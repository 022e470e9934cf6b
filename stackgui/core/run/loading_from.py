"""Python that opens an export, wherever it lies."""

from __future__ import annotations

from stackgui.core.base.addresses import address_in, is_address

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


def lines_at(target: str, loading: str, loading_at: str, array: str, *, is_file: bool = False) -> str:
    """Return lines that open an export.

    Parameters
    ----------
    target : str
        Absolute path, or an address.
    loading, loading_at
        As in `stackgui.stores.export.exporter.Exporter`.
    array : str
        Name of the first array.
    is_file : bool
        Whether it is one file.
    """
    if not is_address(target):
        return loading.format(target=repr(target), array=array)
    if loading_at:
        return loading_at.format(target=repr(target), array=array)
    start = address_in(target)
    bucket, _slash, path = target[len(start) :].partition("/")
    name = path.rpartition("/")[2]
    copies = (_COPIES_FILE if is_file else _COPIES_FOLDER).format(
        bucket=start + bucket, path=path, below=f"{path}/", name=name
    )
    return copies + loading.format(target=repr(name), array=array)
