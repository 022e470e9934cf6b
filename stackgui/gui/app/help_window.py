"""The window with the help pages."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from stackgui import resources
from stackgui.core.base.text import printable
from stackgui.gui.control import log
from stackgui.gui.widgets.parts import Words, button, line, named
from stackgui.gui.widgets.theme import Space

SIZE_PX = (760, 620)
LIST_PX = 190


class HelpWindow(QWidget):
    """A list of the pages in ``resources/help`` beside the page itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("help")
        self.setWindowTitle("How StackGUI works")
        self.resize(*SIZE_PX)
        self._pages = _pages(resources.path("help"))
        self._list = named(QListWidget(), "help.pages", "Pages", "")
        self._list.addItems([_title(page.read_text(encoding="utf-8")) for page in self._pages])
        self._text = named(QTextBrowser(), "help.text", "Help", "")
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._follow)
        self._list.currentRowChanged.connect(self._show_page)
        splitter = QSplitter()
        splitter.addWidget(self._list)
        splitter.addWidget(self._text)
        splitter.setSizes([LIST_PX, SIZE_PX[0] - LIST_PX])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        layout.addLayout(self._make_foot())
        self._list.setCurrentRow(0)

    def _make_foot(self) -> QHBoxLayout:
        foot = line(margin=Space.S)
        where = Words("help.logPlace")
        where.setText(f"The log of errors is {printable(str(log.folder() / log.FILE))}")
        show = button("help.log", "Open &log folder", "folder-open", "Shows the log in the file manager.")
        show.clicked.connect(lambda: open_folder(log.folder()))
        foot.addWidget(where, 1)
        foot.addWidget(show)
        return foot

    def _show_page(self, row: int) -> None:
        self._text.setMarkdown(self._pages[row].read_text(encoding="utf-8"))
        self._text.document().setDocumentMargin(Space.L)

    def _follow(self, link: QUrl) -> None:
        """Follow a link: a file name is another page, anything else opens in the browser."""
        names = [page.name for page in self._pages]
        if link.fileName() in names and link.isRelative():
            self._list.setCurrentRow(names.index(link.fileName()))
        else:
            QDesktopServices.openUrl(link)


def open_folder(folder: Path) -> None:
    """Show a folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _pages(folder: Path) -> list[Path]:
    """Return the first page and then the others in the order in which it links to them."""
    first = folder / "index.md"
    named_there = re.findall(r"\]\(([\w-]+\.md)\)", first.read_text(encoding="utf-8"))
    return [first, *(folder / name for name in dict.fromkeys(named_there))]


def _title(markdown: str) -> str:
    return markdown.lstrip().splitlines()[0].lstrip("# ").strip()
