"""The card in which addresses are typed or pasted, checked as one types."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from shiboken6 import isValid

from stackgui.core.base.typed_addresses import typed
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Mark, Words, button, clearable, column, line, named
from stackgui.gui.widgets.theme import Role, SoftLabel, Space

LINES = 2
"""Lines of words that have room, so that nothing moves while one types."""


class AddressesPanel(QWidget):
    """A field for addresses, what will become of them, and where keys come from.

    Signals
    -------
    add_wanted(list of str)
        Addresses.
    """

    HELP: ClassVar[str] = "sources"

    add_wanted = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("addresses")
        self._known: tuple[str, ...] = ()
        self._before: QWidget | None = None
        self._field = clearable(
            named(
                QLineEdit(), "addresses.field", tr("Address"),
                tr("A place in a bucket, or a file on the web. Several can be pasted at once, one a line."),
            )
        )  # fmt: skip
        self._field.setPlaceholderText(tr("for example {address}", address="s3://bucket/pets"))
        self._field.setAcceptDrops(False)  # a dropped address is added, wherever it is dropped
        self._add = button(
            "addresses.add", tr("Add"), "plus", tr("Adds what lies at these addresses (Return).")
        )
        self._close = button("addresses.close", tr("Close"), "close", tr("Adds nothing (Esc)."))
        self._mark = Mark("addresses.mark")
        self._line = Words("addresses.line")
        self._about = SoftLabel("")
        self._about.setObjectName("addresses.about")
        self._lay_out()
        self._field.textChanged.connect(self._check)
        self._field.returnPressed.connect(self._tell)
        self._add.clicked.connect(self._tell)
        self._close.clicked.connect(self.close_card)
        self.hide()

    def _lay_out(self) -> None:
        layout, place, said = column(self, spacing=Space.XS), line(), line()
        label = QLabel(tr("A&ddress"))
        label.setBuddy(self._field)
        place.addWidget(label)
        place.addWidget(self._field, 1)
        place.addWidget(self._add)
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

    def open_card(self) -> None:
        """Show the card, ready to type or paste."""
        self._check()
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def close_card(self) -> None:
        """Add nothing, and forget what was typed, which may hold a key."""
        self._field.clear()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def present(self, screen: Screen) -> None:
        """Take note of which sources there are."""
        if screen.sources != self._known:
            self._known = screen.sources
            self._check()

    def _check(self) -> None:
        """Say what will become of what is typed."""
        found = typed(self._field.text(), self._known)
        self._mark.set_role(
            Role.WARNING if found.obstacles else Role.SUCCESS if found.is_ready else Role.INFO
        )
        self._line.setText(tr(found.line))
        self._about.setText(tr(found.about))
        self._add.setEnabled(found.is_ready)

    def _tell(self) -> None:
        found = typed(self._field.text(), self._known)
        if found.is_ready:
            self.add_wanted.emit(list(found.addresses))
            self.close_card()
