"""The window of settings: a field for each, obeyed as soon as it changes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from stackgui.core.base.choice_table import choices_of
from stackgui.core.base.extras import CLUSTER
from stackgui.core.base.wording import say
from stackgui.gui.app import updates
from stackgui.gui.app.settings import LATER, SECTIONS, UNITS, WORDS, Settings
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.choice_fields import ChoiceField, field_for
from stackgui.gui.widgets.parts import button, choices_form, column, line
from stackgui.gui.widgets.scrolled import Scrolled
from stackgui.gui.widgets.theme import SoftLabel, Space, heading

SIZE_PX = QSize(520, 600)
NEXT_START = say("These take effect the next time that StackGUI starts.")


class SettingsWindow(SideWindow):
    """A field for each setting.

    Signals
    -------
    changed(Settings)
    folder_wanted()
        Choose the folder for stacks.
    """

    changed = Signal(Settings)
    folder_wanted = Signal()

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent, "settings", tr("Settings"), SIZE_PX)
        self._settings = settings
        self._fields: dict[str, ChoiceField] = {}
        sections = column(spacing=Space.M)
        for title, names in SECTIONS:
            self._add_section(sections, title, names)
        sections.addStretch(1)
        layout = column(self, margin=Space.L, spacing=Space.M)
        layout.addWidget(Scrolled(sections), 1)
        foot = line()
        defaults = button(
            "settings.defaults", tr("Use the &defaults"), "retry", tr("Sets all of these as at first.")
        )
        defaults.clicked.connect(lambda: self._tell(Settings()))
        close = button(
            "settings.close", tr("&Close"), "close", tr("Closes the settings; they are saved already.")
        )
        close.clicked.connect(self.close)
        foot.addWidget(defaults)
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        self.present(settings)

    def _add_section(self, layout: QVBoxLayout, title: str, names: tuple[str, ...]) -> None:
        layout.addWidget(heading(tr(title)))
        form = choices_form()
        form.setContentsMargins(Space.M, 0, 0, 0)
        for name in names:
            self._add(form, name)
        if LATER & set(names):
            form.addRow(SoftLabel(tr(NEXT_START)))
        layout.addLayout(form)

    def _add(self, form: QFormLayout, name: str) -> None:
        declared = choices_of(Settings)[name]
        field = field_for(declared, f"settings.{name}", WORDS.get(name, {}), partial(self._choose, name))
        self._fields[name] = field
        if isinstance(field.widget, QSpinBox):
            field.widget.setSuffix(tr(UNITS.get(name, "")))
        if isinstance(field.widget, QCheckBox):
            field.widget.setText(tr(declared.caption))
            form.addRow(field.widget)
        elif name == "folder":
            form.addRow(tr(declared.caption), self._with_choice(field.widget))
        else:
            form.addRow(tr(declared.caption), field.widget)
        if reason := _unusable(name):
            field.widget.setEnabled(False)
            form.addRow(SoftLabel(tr(reason)))

    def _with_choice(self, field: QWidget) -> QWidget:
        held = QWidget()
        layout = line(held)
        choose = button(
            "settings.chooseFolder", tr("Choose…"), "folder-open", tr("Chooses the folder for stacks.")
        )
        choose.clicked.connect(self.folder_wanted)
        layout.addWidget(field, 1)
        layout.addWidget(choose, 0, Qt.AlignmentFlag.AlignRight)
        return held

    def present(self, settings: Settings) -> None:
        """Show `settings`."""
        self._settings = settings
        for name, field in self._fields.items():
            field.show(getattr(settings, name))

    def choose_folder(self, folder: str) -> None:
        """Set the folder for stacks."""
        self._choose("folder", folder)

    def _choose(self, name: str, value: Any) -> None:  # noqa: ANN401 - any setting
        self._tell(replace(self._settings, **{name: value}))

    def _tell(self, settings: Settings) -> None:
        self.present(settings)
        self.changed.emit(settings)


def _unusable(name: str) -> str:
    """Return why a setting cannot be chosen, or ``""``."""
    match name:
        case "check_updates" if not updates.is_release():
            return updates.NO_RELEASE
        case "where" if not CLUSTER.is_there:
            return CLUSTER.lacking
        case _:
            return ""
