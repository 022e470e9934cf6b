"""The help pages: searching them, going back and forward, and the page of each part of the window."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QImage, QKeySequence, QPalette, QTextDocument
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListWidget, QTextBrowser, QWidget

from stackgui import resources
from stackgui.gui.app import actions, help_pages
from stackgui.gui.app.beside import page_of
from stackgui.gui.app.help_pages import Page, search
from stackgui.gui.app.help_pictures import WIDE_PX
from stackgui.gui.panels.found.found import TABS
from stackgui.gui.texts.language import Language, speech_of, use

pytestmark = pytest.mark.usefixtures("qapp")

PAGES = [
    Page("one", "# Padding\n\nRows are *filled up* with padding."),
    Page("two", "# Memory\n\nPadding takes memory, and padding costs. " + "Much more text follows. " * 20),
    Page("three", "# Keys\n\nNothing of the kind."),
]


def names(words: str) -> list[str]:
    return [match.page.name for match in search(PAGES, words)]


def test_titles_come_first_and_then_the_most_places():
    assert names("padding") == ["one", "two"]
    assert names("PADD mem") == ["two"]
    assert names("ding") == [], "words are found by their beginning"
    assert names("") == names("  ") == []
    assert names("filled up") == ["one"], "as it is read, not as it is written"


def test_a_snippet_shows_what_was_found_in_its_place():
    (match,) = search(PAGES, "costs")
    assert "padding costs." in match.snippet
    assert match.snippet.endswith("…")
    assert len(match.snippet) < 2 * help_pages.AROUND + 20


@given(st.text(max_size=20))
def test_any_words_can_be_searched(words):
    for match in search(PAGES, words):
        assert match.snippet.strip("…") in match.page.text
        assert all(word.lower() in (match.page.title + match.page.text).lower() for word in words.split())


def test_every_page_is_listed_and_all_keys_stand_in_one():
    shipped = {page.stem for page in resources.path("help").glob("*.md")}
    pages = help_pages.pages()
    assert {page.name for page in pages} == shipped
    keys = next(page for page in pages if page.name == "keys").text
    for each in actions.actions():
        if key := QKeySequence(each.keys).toString(QKeySequence.SequenceFormat.NativeText):
            assert f"{key} {each.tip}" in keys


GERMAN = {page.stem for page in (resources.path("help") / "de").glob("*.md")}


OF_NEWCOMERS = {
    "annotations", "found", "index", "interrupted", "keys", "look", "masks", "memory", "numbers", "presets",
    "problems", "projects", "queue", "sizes", "sources", "stack", "walk",
}  # fmt: skip


@pytest.fixture
def german():
    use(speech_of(Language.GERMAN))
    yield
    use(speech_of(Language.ENGLISH))


def test_pages_are_in_the_language_of_the_window_as_far_as_translated(german):
    pages = {page.name: page for page in help_pages.pages()}
    assert set(pages) == {page.stem for page in resources.path("help").glob("*.md")}
    assert pages["index"].title == "So funktioniert StackGUI"
    use(speech_of(Language.ENGLISH))
    english = {page.name: page for page in help_pages.pages()}
    assert {name for name, page in pages.items() if page != english[name]} == GERMAN
    assert OF_NEWCOMERS <= GERMAN


def test_a_translated_page_has_the_parts_of_the_english_one(german):
    translated = {page.name: page for page in help_pages.pages() if page.name in GERMAN}
    use(speech_of(Language.ENGLISH))
    english = {page.name: page for page in help_pages.pages() if page.name in GERMAN}

    def parts(page: Page) -> list[str]:
        return re.findall(r"^#+(?= )|^\|(?! ---)", page.markdown, re.MULTILINE)

    assert {name: parts(page) for name, page in translated.items()} == {
        name: parts(page) for name, page in english.items()
    }
    assert [name for name, page in translated.items() if len(page.text) < 0.8 * len(english[name].text)] == []


def test_the_translated_first_page_leads_to_each_page_in_its_language():
    index = (resources.path("help") / "de" / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[.+?\]\((\S+)\.md\)", index, re.MULTILINE)
    shipped = {page.stem for page in resources.path("help").glob("*.md")}
    english = {f"../{name}" for name in shipped - GERMAN}
    assert sorted(listed) == sorted(GERMAN - {"index"} | english)


# The window


@pytest.fixture
def opened(app):
    app.window.menus["help"].trigger()
    return app.beside._help


@pytest.fixture
def page(find):
    return lambda: find(QTextBrowser, "help.text").name


def test_words_are_found_marked_and_followed(app, opened, find, page, qtbot):
    text, pages, field = (
        find(QTextBrowser, "help.text"), find(QListWidget, "help.pages"), find(QLineEdit, "help.search"),
    )  # fmt: skip
    everything = pages.count()
    qtbot.keyClicks(field, "hatched")
    assert 0 < pages.count() < everything
    assert all("\n" in pages.item(row).text() for row in range(pages.count()))
    marked = text.extraSelections()
    assert marked
    assert all(mark.cursor.selectedText().lower() == "hatched" for mark in marked)
    first = text.textCursor().position()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert len(marked) == 1 or text.textCursor().position() != first
    field.setText("xyzzy")
    assert find(QWidget, "help.found").isVisible()
    field.clear()
    assert pages.count() == everything
    assert not text.extraSelections()


def test_the_way_back(opened, find, page):
    back, forward = (find(QAbstractButton, f"help.{name}") for name in ("back", "forward"))
    assert not back.isEnabled()
    find(QListWidget, "help.pages").setCurrentRow(2)
    second = page()
    find(QListWidget, "help.pages").setCurrentRow(3)
    back.click()
    assert page() == second
    assert find(QListWidget, "help.pages").currentRow() == 2
    forward.click()
    assert page() != second
    back.click()
    back.click()
    assert page() == "index"


def test_escape_closes_it_and_a_search_can_begin_at_once(app, opened, find, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()
    app.window.menus["searchHelp"].trigger()
    qtbot.waitUntil(find(QLineEdit, "help.search").hasFocus)


def test_a_page_that_is_opened_after_a_search_is_marked_in_the_list_and_scrolls_by_keys(
    app, opened, find, page, qtbot
):
    pages = find(QListWidget, "help.pages")
    find(QLineEdit, "help.search").setText("letterbox")
    pages.setCurrentRow(1)
    opened.close()
    app.beside.show_help("keys")
    assert page() == "keys"
    assert [each.text() for each in pages.selectedItems()] == ["Keys"]
    qtbot.waitUntil(find(QTextBrowser, "help.text").hasFocus)


def test_each_part_of_the_window_has_its_page(ready, app):
    shipped = {page.stem for page in resources.path("help").glob("*.md")}
    assert {tab.HELP for tab in TABS} <= shipped
    assert {panel.HELP for panel in app.window._panels} <= shipped
    pages = shipped - {"index"}  # which is that of the first screen
    lost = [
        each.objectName()
        for each in app.window.findChildren(QWidget)
        if not app.window.found.welcome.isAncestorOf(each)
        and each is not app.window.found.welcome
        and type(each).__module__.startswith("stackgui.gui.panels")
        and page_of(each) not in pages
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("focus", "expected"),
    [("sources.add", "sources"), ("plan.fit.pad", "sizes"), ("save.convert", "stack"),
     ("presets", "presets")],
)  # fmt: skip
def test_f1_opens_the_page_of_what_has_the_keyboard(ready, app, find, page, focus, expected, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    find(QWidget, focus).setFocus()
    qtbot.keyClick(app.window, Qt.Key.Key_F1)
    assert page() == expected


def test_f1_opens_the_page_of_the_tab_in_front(ready, app, page, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    for tab in TABS:
        app.window.activateWindow()
        app.window.found.show_tab(tab)
        app.window.found._tabs.setFocus()
        app.window.menus["helpHere"].trigger()
        assert page() == tab.HELP


def mean_lightness(image: QImage) -> int:
    how = Qt.TransformationMode.SmoothTransformation
    return image.scaled(1, 1, Qt.AspectRatioMode.IgnoreAspectRatio, how).pixelColor(0, 0).lightness()


def test_pages_show_pictures_that_fit_in_the_colours_of_the_window(opened, find):
    shown = find(QTextBrowser, "help.text")
    kind = QTextDocument.ResourceType.ImageResource.value
    light = shown.loadResource(kind, QUrl("../screenshots/window.png"))
    assert light.deviceIndependentSize().width() == WIDE_PX
    shown.setPalette(QPalette(QColor("#363639"), QColor("#2b2b2e")))
    dark = shown.loadResource(kind, QUrl("../screenshots/window.png"))
    assert mean_lightness(dark) < 100 < mean_lightness(light)
    assert shown.loadResource(kind, QUrl("../screenshots/none.png")) is None
    assert all("\ufffc" not in page.text for page in help_pages.pages())


def test_f1_works_in_the_windows_beside_too(app, page, qtbot):
    app.window.menus["queue"].trigger()
    (opened,) = [each for each in app.window.findChildren(QWidget) if each.isWindow() and each.isVisible()]
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    next(each for each in opened.findChildren(QAbstractButton) if each.isEnabled()).setFocus()
    qtbot.keyClick(opened, Qt.Key.Key_F1)
    assert page() == "queue"


@pytest.mark.parametrize(("language", "says"), [(Language.GERMAN, True), (Language.ENGLISH, False)])
def test_who_reads_another_language_is_told_that_the_pages_are_english(app, language, says):
    use(speech_of(language))
    try:
        app.window.menus["help"].trigger()
        assert (app.beside._help.findChild(QLabel, "help.spoken") is not None) is says
    finally:
        use(speech_of(Language.ENGLISH))
