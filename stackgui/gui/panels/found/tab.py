"""The base class of all tabs in the middle of the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.options.options import Options
from stackgui.core.run.progress import RowThumb
from stackgui.gui.control.screen import Screen


class Tab(QWidget):
    """A tab: it has a title, shows a screen, and may change the options.

    Attributes
    ----------
    TITLE, ICON, TIP, HELP : str
        Title with its access key after ``&``, icon name, tooltip, and name of its help page.
    IS_RARE : bool
        Whether few people look at it, so that it is the first to be an icon where there is little room.

    Signals
    -------
    options_changed(Options)
    """

    TITLE: ClassVar[str]
    ICON: ClassVar[str]
    TIP: ClassVar[str]
    HELP: ClassVar[str]
    IS_RARE: ClassVar[bool] = False

    options_changed = Signal(Options)

    def present(self, screen: Screen) -> None:
        """Show the tab's part of `screen`."""
        raise NotImplementedError

    def samples_in_view(self) -> Sequence[int]:
        """Return the samples whose thumbnails this tab shows while it is in front."""
        return ()

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of the row of `sample`; None removes it."""
