"""Finished stacks as files for other programs: one exporter a file, all alike from outside.

Nothing that fills, changes or repairs a stack.
"""

from __future__ import annotations

from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.npz import NPZ

__all__ = ["EXPORTERS", "Exporter"]

EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in (NPZ,)}
"""By what one types. A new one is a file beside this one and its name here."""
