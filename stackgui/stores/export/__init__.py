"""Export finished stacks for other programs: each exporter is one file, and all share one interface.

Nothing here writes, changes or repairs a stack.
"""

from __future__ import annotations

from stackgui.stores.export.exporter import Exporter
from stackgui.stores.export.npz import NPZ

__all__ = ["EXPORTERS", "Exporter"]

EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in (NPZ,)}
"""Every exporter, by the name that one types. To add one, write a file beside this one and list it here.

Every start of the terminal imports this, so import what is heavy inside the exporter's methods.
"""
