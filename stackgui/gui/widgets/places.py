"""Where masks or annotations come from: a drop-down of places, and the buttons that pick one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from PySide6.QtWidgets import QComboBox, QPushButton

from stackgui.core.base.text import printable
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import button

LEAST_CHARS = 10
"""Characters of a place that are in sight, however narrow the window is."""


def show_places(box: QComboBox, places: Mapping[str, str], picked: str) -> None:
    """Offer `places`, which have words, and the one that is picked, which is then a path or one of them."""
    offered = [*places, *(() if picked in places else (picked,))]
    box.clear()
    for each in offered:
        box.addItem(tr(places[each]) if each in places else printable(each), each)
    box.setCurrentIndex(offered.index(picked))


def place_buttons(
    prefix: str, file: tuple[str, str], tip: str, pick: Callable[[bool], object]
) -> Iterator[QPushButton]:
    """Yield the buttons that pick a file (`file`: name and text) or a folder, for which `pick` gets True."""
    for (name, text), icon, is_folder in (
        (file, "list", False),
        (("folder", tr("Folder…")), "folder-open", True),
    ):
        made = button(f"{prefix}.{name}", text, icon, tip)
        made.clicked.connect(partial(pick, is_folder))
        yield made
