"""The card that adds what lies at addresses to the sources."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal

from stackgui.core.base.typed_addresses import Typed, typed
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.sources.address_card import AddressCard, CardWords
from stackgui.gui.texts.language import tr


class AddressesPanel(AddressCard):
    """Where addresses of sources are typed; see `AddressCard`.

    Signals
    -------
    add_wanted(list of str)
        Addresses.
    """

    HELP: ClassVar[str] = "sources"

    add_wanted = Signal(list)

    def __init__(self) -> None:
        self._known: tuple[str, ...] = ()
        super().__init__(
            "addresses",
            CardWords(
                tr("A&ddress"),
                tr("A place in a bucket, or a file on the web. Several can be pasted at once, one a line."),
                "s3://bucket/pets",
                tr("Add"), tr("Adds what lies at these addresses (Return)."), "plus",
                tr("Adds nothing (Esc)."),
            ),
        )  # fmt: skip

    def typed(self, text: str) -> Typed:
        """Return which addresses can be sources."""
        return typed(text, self._known)

    def use(self, addresses: tuple[str, ...]) -> None:
        """Tell that these are to be added."""
        self.add_wanted.emit(list(addresses))

    def present(self, screen: Screen) -> None:
        """Take note of which sources there are."""
        if screen.sources != self._known:
            self._known = screen.sources
            self.check()
