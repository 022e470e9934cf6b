"""A message line over the foot of the panels, used instead of dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.parts import ICONS, NAMES, Words, say_copied
from stackgui.gui.widgets.theme import ICON_PX, Role, Space

Action = tuple[str, Callable[[], object]]
"""Label of a button, and its callback."""


class MessageBar(QWidget):
    """A message with an icon and optional buttons; hidden without a message.

    Attributes
    ----------
    waits : bool
        Whether the message waits for something, and is taken away by what comes of it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = Role.INFO
        self._details = ""
        self.waits = False
        self._action_buttons: list[QPushButton] = []
        self.setObjectName("messageBar")
        self._icon = QLabel(self)
        self._text = self._make_text()
        self._copy = QPushButton(tr("Copy details"), self)
        self._copy.setIcon(theme.icon("copy"))
        self._copy.setObjectName("messageBar.copyDetails")
        self._copy.setToolTip(tr("Copies what a programmer needs to find the cause, ready to send."))
        self._copy.clicked.connect(self._copy_details)
        self._close = self._make_close()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        self._layout.setSpacing(Space.S)
        self._layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._copy)
        self._layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def _make_text(self) -> QLabel:
        text = Words("messageBar.text")
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return text

    def _make_close(self) -> QToolButton:
        close = QToolButton(self)
        close.setObjectName("messageBar.close")
        close.setAccessibleName(tr("Close this message"))
        close.setToolTip(tr("Closes this message."))
        close.setIcon(theme.icon("close"))
        close.setAutoRaise(True)
        close.clicked.connect(self.clear)
        return close

    def show_message(self, kind: str, text: str, details: str = "", actions: Sequence[Action] = ()) -> None:
        """Show a message until it is closed or replaced.

        Parameters
        ----------
        kind
            ``"info"``, ``"success"``, ``"warning"`` or ``"error"``.
        text
            Plain text: what happened, and what to do now.
        details
            Text for the button "Copy details", which is hidden if this is ``""``.
        actions
            Additional buttons with their callbacks.
        """
        self._role = Role(kind)
        self._details = details
        self.waits = False
        name, said = tr(NAMES[self._role]), tr(text)
        self._icon.setAccessibleName(name)
        self._draw_icon()
        self._text.setText(said)
        self.setAccessibleName(f"{name}: {said}")
        self._copy.setText(tr("Copy details"))
        self._copy.setVisible(bool(details))
        self._set_actions(actions)
        self.show()
        self.raise_()
        self.update()

    def text(self) -> str:
        """Return the message, or ``""`` if none is shown."""
        return self._text.text()

    def clear(self) -> None:
        """Remove the message."""
        self._text.clear()
        self.waits = False
        self._set_actions(())
        self.hide()

    def _set_actions(self, actions: Sequence[Action]) -> None:
        for button in self._action_buttons:
            self._layout.removeWidget(button)
            button.deleteLater()
        self._action_buttons = [self._action_button(*action) for action in actions]

    def _action_button(self, label: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label, self)
        button.setObjectName(f"messageBar.action.{label.replace('&', '')}")
        button.clicked.connect(lambda: act())  # noqa: PLW0108 - keeps Qt's `checked` from `act`
        self._layout.insertWidget(self._layout.indexOf(self._copy), button)
        return button

    def _draw_icon(self) -> None:
        self._icon.setPixmap(theme.icon(ICONS[self._role], self._role).pixmap(ICON_PX, ICON_PX))

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the icon when the palette changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icon()

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")
        say_copied(self._copy)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a tinted background, and a bar in the colour of the message's kind."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())  # nothing below shines through the corners
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(
            QPen(
                mix(theme.tint(self._role, self.palette()), theme.colour(self._role, self.palette()), 0.4),
                1,
            )
        )
        painter.setBrush(theme.tint(self._role, self.palette()))
        painter.drawRoundedRect(ground, Space.XS, Space.XS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._role, self.palette()))
        painter.drawRoundedRect(QRectF(0, 0, Space.XS, self.height()), 2, 2)
        painter.end()
