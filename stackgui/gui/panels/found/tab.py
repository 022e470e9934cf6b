"""What all tabs of what was found have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.options.options import Options
from stackgui.core.run.run import RowThumb
from stackgui.gui.control.screen import Screen


class Tab(QWidget):
    """A tab: it says what it is called, shows a screen, and may change the options.

    Attributes
    ----------
    TITLE, ICON, TIP : str
        What stands on the tab, with its key after ``&``; the name of an icon; a sentence on hover.

    Signals
    -------
    options_changed(Options)
    """

    TITLE: ClassVar[str]
    ICON: ClassVar[str]
    TIP: ClassVar[str]

    options_changed = Signal(Options)

    def present(self, screen: Screen) -> None:
        """Show what `screen` has of it."""
        raise NotImplementedError

    def samples_in_view(self) -> Sequence[int]:
        """The samples whose thumbnails are visible while this tab is in front."""
        return ()

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Take in what the row of `sample` will look like; None takes it away."""
