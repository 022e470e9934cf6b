"""The card that opens a stack in a bucket."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal

from stackgui.core.base.typed_addresses import Typed
from stackgui.core.run.typed_stack import typed_stack
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.sources.address_card import AddressCard, CardWords
from stackgui.gui.texts.language import tr


class OpenPlacePanel(AddressCard):
    """Where the address of a stack is typed; see `AddressCard`.

    Signals
    -------
    open_wanted(str)
        Its address.
    """

    HELP: ClassVar[str] = "stack"

    open_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            "openPlace",
            CardWords(
                tr("A&ddress"),
                tr("The address of a stack that was saved in a bucket, or exported to one as Zarr."),
                "s3://bucket/pets.zarr",
                tr("Open"), tr("Opens this stack in a window of its own (Return)."), "stack",
                tr("Opens nothing (Esc)."),
            ),
        )  # fmt: skip

    def typed(self, text: str) -> Typed:
        """Return the address of a stack."""
        return typed_stack(text)

    def use(self, addresses: tuple[str, ...]) -> None:
        """Tell that this one is to be opened."""
        self.open_wanted.emit(addresses[0])

    def present(self, screen: Screen) -> None:
        """Show the same whatever the screen."""
