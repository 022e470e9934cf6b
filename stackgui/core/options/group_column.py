"""The column of a list that names groups, which has to be read for that."""

from __future__ import annotations

from dataclasses import replace

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.groups import Groups


def reading_groups(scan: ScanOptions, groups: Groups) -> ScanOptions:
    """Return `scan` so that the column that `groups` come from is kept."""
    column = groups.column
    if not column or column in scan.keep_columns:
        return scan
    return replace(scan, keep_columns=(column, *scan.keep_columns))
