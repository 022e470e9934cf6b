"""The window in other languages: nothing stays English by mistake, and longer texts have room."""

import gettext
import re

import pytest
from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTableView,
    QTabWidget,
    QWidget,
)

from stackgui.core.base.units import format_bytes, format_count, format_rate, format_share
from stackgui.core.base.wording import say
from stackgui.gui.control.screen import State
from stackgui.gui.texts import language
from stackgui.gui.texts.language import OWN_NAMES, Language, Speech, preferred, speech_of, tr, tr_many, use
from stackgui.gui.widgets.one_line import OneLine
from tests.gui.acting import cut_off

OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.3

DATA = re.compile(
    "|".join(
        (
            r"/.*\.stackgui|/[^ ]*",
            "Scroll (?:Left|Right)",  # Qt's own
            r"[\w.-]+\.(?:jpg|png|tif|npy|csv)",
            r"u?int\d+|float\d+|NHWC|NCHW|JPEG|PNG|TIFF|NumPy",
            "cats|dogs|tabby|terrier|train|StackGUI",
            "px|GB|MB|kB|Ctrl|Shift|Alt|Return|Esc|Del",
            "|".join(map(re.escape, OWN_NAMES.values())),
        )
    )
)
"""What is no text of the window: names of files, numbers' types and formats, units, keys, languages."""


class Pretended(gettext.NullTranslations):
    """A language whose texts are the English ones between brackets, and longer by `LONGER`."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{'~' * round(len(message) * LONGER)}{CLOSE}"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


@pytest.fixture
def pretended():
    use(Speech(Pretended(), QLocale("en_US")))
    yield
    use(speech_of(Language.ENGLISH))


def outside(text: str) -> str:
    """The parts of a text that no translation gave."""
    found, depth = [], 0
    for character in re.sub(r"<[^>]*>", "", text):
        depth += (character == OPEN) - (character == CLOSE)
        if depth == 0 and character != CLOSE:
            found.append(character)
    return DATA.sub("", "".join(found))


def texts_of(widget: QObject):
    """All that a widget shows or tells, with what it is."""
    if isinstance(widget, QAction):
        yield "text", widget.text()
        yield "tip", widget.toolTip()
    if not isinstance(widget, QWidget):
        return
    yield "tip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    if isinstance(widget, QGroupBox):
        yield "title", widget.title()
    if isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (("item", widget.itemText(place)) for place in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(place)) for place in range(widget.count()))
        yield from (("tip of a tab", widget.tabToolTip(place)) for place in range(widget.count()))
    if isinstance(widget, QTableView) and widget.model() is not None:
        model = widget.model()
        yield from (
            ("header", str(model.headerData(column, Qt.Orientation.Horizontal) or ""))
            for column in range(model.columnCount())
        )


def is_foreign(thing: QObject | None) -> bool:
    """Whether it belongs to the menus of the plotting library, which the window never opens."""
    while thing is not None:
        if isinstance(thing, QMenu) and thing.title() in {"Plot Options", "X axis", "Y axis", "Mouse Mode"}:
            return True
        if type(thing).__module__.startswith("pyqtgraph"):
            return True
        thing = thing.parent()
    return False


def untranslated(window: QWidget) -> list[str]:
    """Texts of a window that stay English."""
    found = []
    for widget in [window, *window.findChildren(QObject)]:
        for what, text in () if is_foreign(widget) else texts_of(widget):
            if re.search(r"[A-Za-z]{2,}", outside(text)):
                found.append(f"{type(widget).__name__} {widget.objectName()} {what}: {text}")
    return sorted(set(found))


def test_nothing_is_english_by_mistake(pretended, app):
    assert "\n".join(untranslated(app.window)) == ""


def test_nothing_is_english_by_mistake_when_ready(pretended, ready, app):
    assert "\n".join(untranslated(app.window)) == ""


def clipped(window: QWidget) -> list[str]:
    """What shows less of its text than it has."""
    found = []
    for widget in window.findChildren(QWidget):
        shows = isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and not widget.wordWrap())
        elides = widget.minimumSizeHint().width() <= 1 or isinstance(widget, OneLine)
        if shows and widget.isVisible() and widget.text() and not elides:
            needs = widget.minimumSizeHint()
            if widget.width() < needs.width() or widget.height() < needs.height():
                found.append(f"{widget.objectName()}: {widget.text()}")
    return found


@pytest.mark.parametrize("size", [(1280, 800), (960, 600)])
def test_longer_texts_have_room(pretended, ready, app, qtbot, size):
    app.window.resize(*size)
    app.window.plan.open_details(opened=True)
    qtbot.waitUntil(lambda: clipped(app.window) == [])
    for name in ("save.convert", "save.change"):
        button = app.window.findChild(QAbstractButton, name)
        corner = button.mapTo(app.window, button.rect().bottomRight())
        assert app.window.rect().contains(corner), name


@pytest.fixture(params=[Language.GERMAN, Language.FRENCH])  # the longest words
def foreign(request):
    use(speech_of(request.param))
    yield
    use(speech_of(Language.ENGLISH))


def test_nothing_scrolls_sideways_in_a_small_window(foreign, app, folders, reach, find, qtbot):
    app.window.resize(960, 510)
    qtbot.waitUntil(lambda: cut_off(app.window) == [])
    app.controller.add_sources(folders)
    reach(State.READY)
    app.window.plan.open_details(opened=True)
    tabs = find(QTabWidget, "found.tabs")
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        qtbot.waitUntil(lambda: cut_off(app.window) == [])
    assert app.window.width() == 960


def test_numbers_follow_the_language():
    try:
        use(Speech(gettext.NullTranslations(), QLocale("de_DE")))
        assert tr(format_bytes(12_500_000)) == "12,5 MB"
        assert tr(format_count(12_345, "row")) == "12.345 rows"
        assert tr(format_share(0.955)) == "96 %"
        assert tr(format_rate(1234.5, "row")) == "1.234 rows a second"
        assert tr("{value:.1f} and {plain}", value=95.0, plain=12_345) == "95,0 and 12345"
    finally:
        use(speech_of(Language.ENGLISH))


class Turned(gettext.NullTranslations):
    """Turns the order of fields around, and knows two forms of a noun."""

    def gettext(self, message):
        return {"{pictures} in “{name}”": "„{name}“: {pictures:capital}"}.get(message, message)

    def ngettext(self, one, many, count):
        known = {"{count:,} picture": ("{count:,} bild", "{count:,} bilder")}
        return known.get(one, (one, many))[count != 1]


def test_fields_are_translated_but_names_are_not():
    try:
        use(Speech(Turned(), QLocale("de_DE")))
        said = say("{pictures} in “{name}”", pictures=format_count(2, "picture"), name="picture")
        assert said == "2 pictures in “picture”"
        assert tr(said) == "„picture“: 2 bilder"
        assert tr_many(1, "{count} thing", "{count} things") == "1 thing"
    finally:
        use(speech_of(Language.ENGLISH))


@pytest.mark.parametrize(
    ("wanted", "language_"),
    [
        (["de-AT", "en"], Language.GERMAN),
        (["sv", "fr-CH"], Language.FRENCH),
        (["pt-PT"], Language.PORTUGUESE),
        (["zh-Hant-TW", "ja-JP"], Language.JAPANESE),
        (["zh-CN"], Language.CHINESE),
        (["zh-Hans-SG"], Language.CHINESE),
        (["sv"], Language.ENGLISH),
        ([], Language.ENGLISH),
    ],
)
def test_the_system_s_languages_are_tried_in_order(wanted, language_):
    assert preferred(wanted) is language_


def test_the_window_s_state_is_no_matter_of_language(ready, app):
    assert app.controller.screen.state is State.READY
    assert language.locale().name() == "en_GB"
