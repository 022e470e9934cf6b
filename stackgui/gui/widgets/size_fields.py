"""Fields for the bounds of sizes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QSpinBox

from stackgui.core.base.size import MAX_SIDE_PX
from stackgui.core.base.wording import say
from stackgui.core.catalog.selection import SizeRange
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import named

SIDES = {
    "least_width": say("Least width in pixels"),
    "most_width": say("Largest width in pixels"),
    "least_height": say("Least height in pixels"),
    "most_height": say("Largest height in pixels"),
}
"""Accessible names of the fields for the bounds of a `SizeRange`."""


def side_fields(prefix: str) -> dict[str, QSpinBox]:
    """Return a field for each bound, named after it and `prefix`; 0 stands for any size."""
    return {name: _side(f"{prefix}.{name}", tr(label)) for name, label in SIDES.items()}


def _side(name: str, label: str) -> QSpinBox:
    made = named(QSpinBox(), name, label, tr("{label}; 0 for any.", label=label))
    made.setRange(0, MAX_SIDE_PX)
    made.setSpecialValueText(tr("any"))
    return made


def size_range(fields: Mapping[str, QSpinBox]) -> SizeRange | None:
    """Return the bounds that `side_fields` hold; None if any size will do."""
    value = {name: field.value() for name, field in fields.items()}
    if not any(value.values()):
        return None
    return SizeRange(
        max(1, value["least_height"]), value["most_height"] or MAX_SIDE_PX,
        max(1, value["least_width"]), value["most_width"] or MAX_SIDE_PX,
    )  # fmt: skip


def size_field(name: str, sizes: SizeRange | None) -> int:
    """Return what the field of a bound shows for a range of sizes."""
    bound = 0 if sizes is None else int(getattr(sizes, name))
    any_size = MAX_SIDE_PX if name.startswith("most") else 1
    return 0 if bound == any_size else bound
