"""Converts as many rows as wanted, by a catalog that names the same files again and again.

python -m tests.benchmarks.big FOLDER STACK ROWS
"""

from __future__ import annotations

import os
import sys

import numpy as np

from stackgui.core.base.choices import Storage
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine


def repeated(catalog: Catalog, rows: int) -> Catalog:
    """A catalog of `rows` samples."""
    return catalog.take(np.arange(rows) % len(catalog))


def main() -> None:
    """Scan, repeat, convert."""
    folder, stack, rows = sys.argv[1:]
    with Engine(int(os.environ["STACKGUI_WORKERS"])) as engine:
        catalog = repeated(engine.scan([folder], Control()), int(rows))
        engine.convert(resolve(Options(), catalog), RunOptions(stack, Storage.FILE), Control())


if __name__ == "__main__":
    main()
