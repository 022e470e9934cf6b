"""The window with the help pages: read them, search them, and go back and forward."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QKeySequence,
    QPalette,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.gui.app.beside import FIRST
from stackgui.gui.app.desktop import Desktop
from stackgui.gui.app.help_pages import pages, search, words_in
from stackgui.gui.app.help_pictures import screenshot
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.control import log
from stackgui.gui.texts.language import templates, tr
from stackgui.gui.widgets.parts import Words, button, clearable, column, line, named
from stackgui.gui.widgets.theme import Space

SIZE_PX = QSize(860, 620)
LIST_PX = 260
NOTHING = say("No page has all of these words.")


class PageView(QTextBrowser):
    """Shows one of the pages.

    Signals
    -------
    shown(str)
        The page of this name.
    elsewhere(QUrl)
        A link that leads to no page was clicked.
    """

    shown = Signal(str)
    elsewhere = Signal(QUrl)

    def __init__(self) -> None:
        super().__init__()
        named(self, "help.text", tr("Help page"), "")
        self.pages = pages()
        self._words = ""
        self.sourceChanged.connect(self._tell)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:  # noqa: ANN401 - as Qt declares it
        """Return the text of a page, or a picture of the window; nothing else is loaded."""
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return screenshot(QUrl(name).fileName(), self.palette(), self.devicePixelRatioF())
        found = [page.markdown for page in self.pages if f"{page.name}.md" == QUrl(name).fileName()]
        is_page = kind == QTextDocument.ResourceType.MarkdownResource.value
        return found[0] if found and is_page else None

    def doSetSource(
        self,
        name: QUrl | str,
        /,
        type: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource,  # noqa: A002 - Qt's name
    ) -> None:
        """Follow a link; the desktop opens what is no page."""
        link = QUrl(name)
        if link.isRelative():
            super().doSetSource(link, type)
        else:
            self.elsewhere.emit(link)

    def open(self, name: str) -> None:
        """Show the page `name`."""
        self.setSource(QUrl(f"{name}.md"), QTextDocument.ResourceType.MarkdownResource)

    @property
    def name(self) -> str:
        """Name of the page that is shown."""
        return _page_name(self.source())

    def mark(self, words: str) -> int:
        """Mark every place with one of `words`, go to the first, and return how many there are."""
        self._words = words
        places = list(words_in(self.toPlainText(), words))
        marked = []
        for begin, length in places:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = self._cursor(begin, length)
            mark.format.setBackground(self.palette().color(QPalette.ColorRole.Highlight))
            mark.format.setForeground(self.palette().color(QPalette.ColorRole.HighlightedText))
            marked.append(mark)
        self.setExtraSelections(marked)
        if places:
            self._go(places[0])
        return len(places)

    def go_on(self) -> None:
        """Go to the next marked place, from the last to the first."""
        places = list(words_in(self.toPlainText(), self._words))
        here = self.textCursor().position()
        if places:
            self._go(next((place for place in places if place[0] > here), places[0]))

    def _go(self, place: tuple[int, int]) -> None:
        cursor = self.textCursor()
        cursor.setPosition(place[0])
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _cursor(self, begin: int, length: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(begin)
        cursor.setPosition(begin + length, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _tell(self, shown: QUrl) -> None:
        self.document().setDocumentMargin(Space.L)
        self.mark(self._words)
        self.shown.emit(_page_name(shown))  # `source` is still the page before


class HelpWindow(SideWindow):
    """The list of pages, or of those in which words were found, beside the page itself."""

    def __init__(self, parent: QWidget, desktop: Desktop) -> None:
        super().__init__(parent, "help", tr("How StackGUI works"), SIZE_PX)
        self._desktop = desktop
        self._text = PageView()
        self._listed: list[str] = []
        self._list = named(QListWidget(), "help.pages", tr("Pages"), "")
        self._list.setWordWrap(True)
        self._list.setSpacing(Space.XS // 2)
        self._search = named(
            QLineEdit(), "help.search", tr("Search the help"), tr("Finds words in all pages.")
        )
        self._search.setPlaceholderText(tr("Search all pages"))
        clearable(self._search)
        self._found = Words("help.found")
        self._back = _way(
            "back", tr("Back"), "undo", tr("Goes back to the page before."), QKeySequence.StandardKey.Back
        )
        self._forward = _way(
            "forward", tr("Forward"), "redo", tr("Goes forward again."), QKeySequence.StandardKey.Forward
        )
        self._lay_out()
        self._connect()
        self._list_all()
        self.open(FIRST)

    def _lay_out(self) -> None:
        left = QWidget()
        beside = column(left, spacing=Space.XS)
        beside.addWidget(self._search)
        beside.addWidget(self._found)
        beside.addWidget(self._list, 1)
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(self._text)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([LIST_PX, SIZE_PX.width() - LIST_PX])
        layout = column(self, margin=Space.S)
        if templates():
            spoken = Words("help.spoken")
            spoken.setText(
                tr("Pages without a translation, and what the program says at the terminal, are in English.")
            )
            layout.addWidget(spoken)
        layout.addWidget(splitter, 1)
        layout.addLayout(self._make_foot())

    def _make_foot(self) -> QHBoxLayout:
        foot = line()
        where = Words("help.logPlace")
        where.setText(tr("The log of errors is {folder}", folder=printable(str(log.folder() / log.FILE))))
        show = button(
            "help.log", tr("Open &log folder"), "folder-open", tr("Shows the log in the file manager.")
        )
        show.clicked.connect(lambda: self._desktop.open(log.folder()))
        foot.addWidget(self._back)
        foot.addWidget(self._forward)
        foot.addWidget(where, 1)
        foot.addWidget(show)
        return foot

    def _connect(self) -> None:
        self._list.currentRowChanged.connect(self._open_listed)
        self._list.itemActivated.connect(lambda _: self._text.go_on())
        self._search.textChanged.connect(self._search_all)
        self._search.returnPressed.connect(self._text.go_on)
        self._text.shown.connect(self._choose_listed)
        self._text.elsewhere.connect(self._desktop.open_link)
        self._back.clicked.connect(self._text.backward)
        self._forward.clicked.connect(self._text.forward)
        self._text.backwardAvailable.connect(self._back.setEnabled)
        self._text.forwardAvailable.connect(self._forward.setEnabled)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.begin_search)

    def open(self, name: str) -> None:
        """Show the page `name`, ready to be scrolled by keys, and all pages beside it."""
        self._search.clear()
        self._text.open(name)
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_search(self) -> None:
        """Put the cursor where words are typed."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _list_all(self) -> None:
        self._show_list([page.name for page in self._text.pages], [page.title for page in self._text.pages])
        self._found.hide()

    def _show_list(self, names: list[str], texts: list[str]) -> None:
        self._list.blockSignals(True)
        self._listed = names
        self._list.clear()
        self._list.addItems(texts)
        self._list.blockSignals(False)
        self._choose_listed(self._text.name)

    def _search_all(self, words: str) -> None:
        if not words.split():
            self._text.mark("")
            self._list_all()
            return
        matches = search(self._text.pages, words)
        names = [match.page.name for match in matches]
        self._show_list(names, [f"{match.page.title}\n{match.snippet}" for match in matches])
        self._found.setText("" if matches else tr(NOTHING))
        self._found.setVisible(not matches)
        self._text.mark(words)
        if matches and self._text.name not in names:
            self._text.open(names[0])

    def _open_listed(self, row: int) -> None:
        if row >= 0:
            self._text.open(self._listed[row])

    def _choose_listed(self, name: str) -> None:
        self._list.blockSignals(True)
        self._list.setCurrentRow(self._listed.index(name) if name in self._listed else -1)
        self._list.blockSignals(False)


def _page_name(page: QUrl) -> str:
    return page.fileName().removesuffix(".md")


def _way(name: str, text: str, icon: str, tip: str, keys: QKeySequence.StandardKey) -> QPushButton:
    made = button(f"help.{name}", text, icon, tip)
    made.setShortcut(QKeySequence(keys))
    made.setEnabled(False)
    return made
