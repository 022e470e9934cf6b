"""The files that a few rows of a stack were made from, at a cost that does not depend on all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.catalog.catalog import Catalog
from stackgui.stores.format.manifest_look import ManifestLook, manifest_name
from stackgui.stores.format.manifest_table import parse_lines
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.read_manifest import catalog_of


def sources_of_rows(folder: str, header: Mapping[str, Any], rows: Sequence[int]) -> Catalog:
    """Return the samples of `rows`, in that order, with files as of the last repair.

    Parameters
    ----------
    folder
    header
        Of the stack in that folder.
    rows

    Raises
    ------
    StackguiError
        When the manifest is missing or damaged.
    """
    lines = ManifestLook(folder, int(header["rows"])).lines(rows)
    try:
        return catalog_of(header["plan"], parse_lines(lines))
    except (AttributeError, LookupError, TypeError, ValueError, OverflowError, UsageError) as error:
        raise StackguiError(damaged(folder, manifest_name(folder))) from error
