"""A button with a menu in which any number of names can be ticked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.text import printable
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import named

MAX_LETTERS = 28
"""Longer lists of names are shortened on the button; its tooltip has them in full."""


class Ticks(QToolButton):
    """Names of which some are chosen.

    Signals
    -------
    ticked(tuple of str)
        All names that are chosen now.
    """

    ticked = Signal(tuple)

    def __init__(self, name: str, label: str, tip: str, all_others: str = "") -> None:
        super().__init__()
        named(self, name, label, tip)
        self._label, self._tip, self._all_others = label, tip, all_others
        self._offered: tuple[str, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._menu = QMenu(self)
        self._menu.setObjectName(f"{name}.menu")
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.show_names((), ())

    def show_names(self, offered: Sequence[str], chosen: Sequence[str]) -> None:
        """Offer names, and tick those that are chosen; a chosen one is offered in any case.

        The name ``"*"`` stands for all others, and is offered if there are words for it.
        """
        first = ("*",) if self._all_others else ()
        names = tuple(dict.fromkeys((*first, *chosen, *offered)))
        ordered = tuple(dict.fromkeys((*first, *offered, *chosen)))
        if (ordered, tuple(chosen)) != (self._offered, self._chosen):
            self._offered, self._chosen = ordered, tuple(chosen)
            self._menu.clear()
            for each in ordered:
                self._menu.addAction(self._entry(each))
        self.setEnabled(bool(names))
        shown = ", ".join(map(self._words, self._chosen)) or tr("none")
        cut = shown if len(shown) <= MAX_LETTERS else f"{shown[: MAX_LETTERS - 1]}…"
        self.setText(tr("{what}: {title}", what=self._label, title=cut).replace("&", "&&"))
        self.setToolTip(f"{self._tip}\n{shown}" if len(shown) > MAX_LETTERS else self._tip)

    def _words(self, name: str) -> str:
        return self._all_others if name == "*" and self._all_others else printable(name)

    def _entry(self, name: str) -> QAction:
        made = QAction(self._words(name).replace("&", "&&"), self._menu)
        made.setCheckable(True)
        made.setChecked(name in self._chosen)
        made.setData(name)
        made.toggled.connect(lambda on: self._tick(name, on))
        return made

    def _tick(self, name: str, is_on: bool) -> None:
        self._chosen = (*self._chosen, name) if is_on else tuple(n for n in self._chosen if n != name)
        self.show_names([each for each in self._offered if each != "*"], self._chosen)
        self.ticked.emit(self._chosen)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the label alone, so that long names do not make a column wider."""
        hint = super().minimumSizeHint()
        return hint.boundedTo(QSize(self.fontMetrics().averageCharWidth() * MAX_LETTERS, hint.height()))


def column_ticks(name: str, choice: str) -> Ticks:
    """Return a button for columns of lists, called `name`, for a choice of `ScanOptions`."""
    declared = choices_of(ScanOptions)[choice]
    all_others = tr("all others") if choice == "keep_columns" else ""
    return Ticks(name, tr(declared.caption), tr(declared.about), all_others)
