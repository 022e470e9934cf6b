"""The choice whether pictures that look like masks of others are taken as such."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE, ScanOptions
from stackgui.core.plan.masks_taken import masks_found, values_text
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.choice_fields import told
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import Words, choices_form, column

TAKEN = (say("as masks"), say("as pictures"))
_WORDS = (AUTOMATIC, NONE)


class MasksPart(QWidget):
    """Visible only if there are masks, or if the person has chosen something; a choice starts a new scan.

    Signals
    -------
    scan_changed(ScanOptions)
    """

    scan_changed = Signal(ScanOptions)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("masks")
        self._options = ScanOptions()
        self._found = Words("masks.found")
        self._taken = told(DropDown(), "masks.taken", ScanOptions, "masks")
        # A long entry must not make the column wider.
        self._taken.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._taken.setMinimumContentsLength(6)
        self._taken.activated.connect(self._tell)
        form = choices_form()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow(tr("Take them"), self._taken)
        layout = column(self)
        layout.addWidget(theme.rule())
        layout.addWidget(theme.heading(tr("Masks")))
        layout.addWidget(self._found)
        layout.addLayout(form)
        self.hide()

    def present(self, screen: Screen) -> None:
        """Show the masks of `screen` and the choice made."""
        self.setEnabled(screen.scan is None)
        if screen.scan is not None:
            return  # what was there a moment ago is most likely there again
        self._options, chosen = screen.scan_options, screen.scan_options.masks
        catalog = screen.catalog
        found = masks_found(catalog) if catalog is not None else None
        self.setVisible(found is not None or bool(screen.sources and chosen != AUTOMATIC))
        self._found.setText("" if found is None else tr(found))
        self._found.setToolTip(tr(values_text(catalog)) if catalog is not None else "")
        self._found.setVisible(found is not None)
        entries = [*map(tr, TAKEN), *([] if chosen in _WORDS else [printable(chosen)])]
        if entries != [self._taken.itemText(place) for place in range(self._taken.count())]:
            self._taken.clear()
            self._taken.addItems(entries)
        self._taken.setCurrentIndex(_WORDS.index(chosen) if chosen in _WORDS else len(_WORDS))

    def _tell(self, place: int) -> None:
        if place < len(_WORDS):
            self.scan_changed.emit(replace(self._options, masks=_WORDS[place]))
