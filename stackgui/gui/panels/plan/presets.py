"""The menu of presets and plan files."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyleOptionToolButton, QToolButton, QWidget

from stackgui.core.base.wording import Wording, say
from stackgui.core.options.options import Options
from stackgui.core.options.presets import BUILT_IN, Presets
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import named

LEAST_PX, ARROW_PX = 120, 28

OTHER = say("own choices")
OWN_TIP = say("One of your own presets.")

TIPS = {
    BUILT_IN[0].name: say("Changes no pixel: rows are as large as the largest picture, the rest is padding."),
    BUILT_IN[1].name: say(
        "Rows of 224 × 224, filled whole: pictures are scaled, and what sticks out is cut off."
    ),
    BUILT_IN[2].name: say(
        "Rows of 512 × 512: pictures are scaled to fit and keep their shape, with borders."
    ),
    BUILT_IN[3].name: say("Numbers of 16 bits, and no colours where the pictures have none."),
}


class PresetButton(QToolButton):
    """A button that shows the chosen preset and opens the menu.

    Signals
    -------
    options_changed(Options)
    save_wanted(), rename_wanted(), delete_wanted(), default_wanted()
        Requests about the present choices, or about the person's preset that equals them.
    open_wanted(), share_wanted()
        Read choices from a plan file, or write them to one.
    """

    HELP: ClassVar[str] = "presets"

    options_changed = Signal(Options)
    save_wanted = Signal()
    rename_wanted = Signal()
    delete_wanted = Signal()
    default_wanted = Signal()
    open_wanted = Signal()
    share_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "presets", tr("Preset"), tr("Sets all choices at once, or saves yours under a name."))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._options = Options()
        self._presets = Presets()
        menu = QMenu(tr("&Presets"), self)
        menu.setObjectName("menu.presets")
        menu.setToolTipsVisible(True)
        self.setMenu(menu)
        self._listed: list[QAction] = []
        self._group = QActionGroup(self)
        self._first = menu.addSeparator()
        self._save = self._add(
            "save", tr("Save these choices as…"), tr("Saves the present choices as a preset of yours.")
        )
        self._rename = self._add("rename", tr("Rename…"), tr("Gives this preset of yours another name."))
        self._delete = self._add(
            "delete", tr("Delete"), tr("Deletes this preset of yours; the present choices stay.")
        )
        self._default = self._add(
            "default", tr("Use this preset at start"), tr("Every new project starts with this preset.")
        )
        self._default.setCheckable(True)
        menu.addSeparator()
        self._open = self._add(
            "open", tr("Open a plan file…"), tr("Takes over the choices that someone else has saved.")
        )
        self._share = self._add(
            "share", tr("Save a plan file…"), tr("Saves the choices in a file that you can pass on.")
        )
        self.set_presets(self._presets)

    def minimumSizeHint(self) -> QSize:
        """Return room for the beginning of a name."""
        return QSize(LEAST_PX, super().minimumSizeHint().height())

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Shorten a name that is too long for the button."""
        super().initStyleOption(option)
        room_px = self.width() - ARROW_PX
        option.text = self.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, room_px)

    def _add(self, name: str, text: str, tip: str) -> QAction:
        action = self.menu().addAction(text)
        action.setObjectName(f"presets.{name}")
        action.setToolTip(tip)
        action.triggered.connect(getattr(self, f"{name}_wanted"))
        return action

    def set_presets(self, presets: Presets) -> None:
        """Offer `presets`."""
        self._presets = presets
        for action in self._listed:
            self.menu().removeAction(action)
            self._group.removeAction(action)
            action.deleteLater()
        self._listed = [self._offer(preset.name) for preset in presets.all]
        self._show()

    def _offer(self, name: str) -> QAction:
        action = QAction(_said(name).replace("&", "&&"), self)
        action.setObjectName(f"presets.choose.{name}")
        action.setToolTip(tr(TIPS.get(name, OWN_TIP)))
        action.setCheckable(True)
        action.triggered.connect(
            lambda: self.options_changed.emit(self._presets.named(name).applied(self._options))
        )
        self._group.addAction(action)
        self.menu().insertAction(self._first, action)
        return action

    def present(self, screen: Screen) -> None:
        """Show which preset equals the choices of `screen`."""
        if screen.options != self._options:
            self._options = screen.options
            self._show()

    @property
    def chosen(self) -> str:
        """Name of the preset that equals the present choices, or ``""``."""
        preset = self._presets.named_like(self._options)
        return preset.name if preset else ""

    def _show(self) -> None:
        chosen = self.chosen
        self.setText(tr("Preset: {name}", name=_said(chosen or OTHER)).replace("&", "&&"))
        for action, preset in zip(self._listed, self._presets.all, strict=True):
            action.setChecked(preset.name == chosen)
        own = any(preset.name == chosen for preset in self._presets.own)
        self._save.setEnabled(not chosen)
        self._rename.setEnabled(own)
        self._delete.setEnabled(own)
        self._default.setEnabled(bool(chosen))
        self._default.setChecked(bool(chosen) and chosen == self._presets.default)


def _said(name: str) -> str:
    """Return a preset's name: in the window's language if it is built in, as it is if it is one's own."""
    return tr(name) if isinstance(name, Wording) else name
