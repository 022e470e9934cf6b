"""The window that says what the program is made of, with every licence in full."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

import stackgui
from stackgui.core.base.wording import say
from stackgui.gui.app.about import licence_of, text_of, versions
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import Words, button, column, line, named, say_copied
from stackgui.gui.widgets.theme import SoftLabel, Space
from stackgui.made_of import components

SIZE_PX = QSize(760, 600)
ICON_PX = 64
COLUMNS = (say("Part"), say("Version"), say("Licence"))
PURPOSE = say("Turns folders of pictures into arrays that are ready for training.")


class AboutWindow(SideWindow):
    """The parts of the program with their versions, and the licence of the chosen one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "about", tr("About StackGUI"), SIZE_PX)
        self._components = components()
        self._table = self._make_table()
        self._text = named(QPlainTextEdit(), "about.licence", tr("Licence of the chosen part"), "")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._copy = button(
            "about.copy",
            tr("&Copy versions"),
            "copy",
            tr("Copies all versions as text, for a message about a fault."),
        )
        self._copy.clicked.connect(self._copy_versions)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._table)
        split.addWidget(self._text)
        split.setStretchFactor(1, 1)
        layout = column(self, margin=Space.L, spacing=Space.M)
        layout.addLayout(_head())
        layout.addWidget(split, 1)
        layout.addLayout(self._make_foot())
        self._table.currentCellChanged.connect(lambda row, *_: self._show(row))
        self._table.setCurrentCell(0, 0)

    def _make_table(self) -> QTableWidget:
        table = named(QTableWidget(len(self._components), len(COLUMNS)), "about.parts", tr("Parts"), "")
        table.setHorizontalHeaderLabels(list(map(tr, COLUMNS)))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        for row, each in enumerate(self._components):
            for place, text in enumerate((each.name, each.version, licence_of(each))):
                table.setItem(row, place, QTableWidgetItem(text))
        table.resizeRowsToContents()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        return table

    def _make_foot(self) -> QHBoxLayout:
        foot = line()
        close = button("about.close", tr("C&lose"), "close", tr("Closes this window."))
        close.clicked.connect(self.close)
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(close)
        return foot

    def _show(self, row: int) -> None:
        self._text.setPlainText(text_of(self._components[max(0, row)]))

    def _copy_versions(self) -> None:
        QGuiApplication.clipboard().setText(versions())
        say_copied(self._copy)


def _head() -> QHBoxLayout:
    head = line(spacing=Space.L)
    drawing = QLabel()
    drawing.setAccessibleName("StackGUI")
    drawing.setPixmap(theme.app_icon().pixmap(ICON_PX, ICON_PX))
    head.addWidget(drawing)
    words = column(spacing=Space.XS)
    title = Words("about.title", bold=True)
    title.setText(f"StackGUI {stackgui.__version__}")
    words.addWidget(title)
    words.addWidget(SoftLabel(tr(PURPOSE)))
    words.addWidget(SoftLabel(tr("It is free software under the MIT licence; its parts have their own.")))
    head.addLayout(words, 1)
    return head
