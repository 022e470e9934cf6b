"""A card in which addresses are typed or pasted, checked as one types."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from stackgui.core.base.typed_addresses import Typed
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Mark, Words, button, clearable, column, line, named
from stackgui.gui.widgets.theme import Role, SoftLabel, Space

LINES = 2
"""Lines of words that have room, so that nothing moves while one types."""


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a card says of itself, translated.

    Attributes
    ----------
    label, tip : str
        Of the field; the label with its access key after ``&``.
    example : str
        An address.
    does, does_tip, icon : str
        Of the button.
    closes_tip : str
        Of the button that closes it.
    """

    label: str
    tip: str
    example: str
    does: str
    does_tip: str
    icon: str
    closes_tip: str


class AddressCard(QWidget):
    """A field for addresses, what will become of them, and where keys come from.

    Parameters
    ----------
    name
        Object name; those of its parts begin with it.
    words
    """

    HELP: ClassVar[str]

    def __init__(self, name: str, words: CardWords) -> None:
        super().__init__()
        self.setObjectName(name)
        self._before: QWidget | None = None
        self._field = clearable(named(QLineEdit(), f"{name}.field", words.label.replace("&", ""), words.tip))
        self._field.setPlaceholderText(tr("for example {address}", address=words.example))
        self._field.setAcceptDrops(False)  # what is dropped is taken, wherever it is dropped
        self._does = button(f"{name}.add", words.does, words.icon, words.does_tip)
        self._close = button(f"{name}.close", tr("Close"), "close", words.closes_tip)
        self._mark = Mark(f"{name}.mark")
        self._line = Words(f"{name}.line")
        self._about = SoftLabel("")
        self._about.setObjectName(f"{name}.about")
        self._lay_out(words.label)
        self._field.textChanged.connect(self.check)
        self._field.returnPressed.connect(self._tell)
        self._does.clicked.connect(self._tell)
        self._close.clicked.connect(self.close_card)
        self.hide()

    def _lay_out(self, text: str) -> None:
        layout, place, said = column(self, spacing=Space.XS), line(), line()
        label = QLabel(text)
        label.setBuddy(self._field)
        place.addWidget(label)
        place.addWidget(self._field, 1)
        place.addWidget(self._does)
        place.addWidget(self._close)
        layout.addLayout(place)
        words = column(spacing=Space.XS)
        for each in (self._line, self._about):
            part = line()
            part.addWidget(each, 1, Qt.AlignmentFlag.AlignTop)
            part.addStrut(LINES * each.fontMetrics().lineSpacing())
            words.addLayout(part)
        said.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(words, 1)
        layout.addLayout(said)

    @abstractmethod
    def typed(self, text: str) -> Typed:
        """Return which addresses `text` has, and what is to be said of it."""

    @abstractmethod
    def use(self, addresses: tuple[str, ...]) -> None:
        """Do with the addresses what the card is for."""

    def open_card(self) -> None:
        """Show the card, ready to type or paste."""
        self.check()
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def close_card(self) -> None:
        """Do nothing with it, and forget what was typed, which may hold a key."""
        self._field.clear()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def check(self) -> None:
        """Say what will become of what is typed."""
        found = self.typed(self._field.text())
        self._mark.set_role(
            Role.WARNING if found.obstacles else Role.SUCCESS if found.is_ready else Role.INFO
        )
        self._line.setText(tr(found.line))
        self._about.setText(tr(found.about))
        self._does.setEnabled(found.is_ready)

    def _tell(self) -> None:
        found = self.typed(self._field.text())
        if found.is_ready:
            self.use(found.addresses)
            self.close_card()
