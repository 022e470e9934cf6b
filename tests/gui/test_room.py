"""The window fits: on its screen, at every size that screens have, with all main actions in sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QStyleOptionTab, QTabWidget, QWidget

from stackgui.core.options.options import Options
from stackgui.gui.app import room
from stackgui.gui.app.main_window import FIRST_SIZE_PX
from stackgui.gui.app.room import fitted
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.found import TABS
from stackgui.gui.texts.language import OWN_NAMES, Language, speech_of, tr, use
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.short_tabs import ShortTabBar, ShortTabs
from tests.gui.acting import cut_off

LAPTOP = QSize(1366, 700)
SMALL = QSize(960, 600)
SHARP = QSize(960, 510)
"""A screen of 1920 × 1080 at 200 %, less the title bar and a task bar."""

NARROWEST_PX, SMALLEST_PX = 590, 366
"""Room for tabs in windows 1280 and 960 px wide, in the language that leaves least."""

numbers = st.integers(-5000, 5000)
sizes = st.integers(1, 5000)
rects = st.builds(QRect, numbers, numbers, sizes, sizes)
screens = st.builds(QRect, numbers, numbers, st.integers(200, 5000), st.integers(200, 5000))
frames = st.builds(QMargins, *[st.integers(0, 40)] * 4)


@given(rects, frames, screens)
def test_a_window_lies_on_its_screen_with_its_frame(window, frame, screen):
    found = fitted(window, frame, screen)
    assert screen.contains(found.marginsAdded(frame))
    assert found.width() <= window.width()
    assert found.height() <= window.height()
    assert fitted(found, frame, screen) == found
    if screen.contains(window.marginsAdded(frame)):
        assert found == window, "what fits stays"


def test_a_window_that_was_left_on_another_screen_opens_on_one_that_is_there(app, qtbot):
    window, screen = app.window, QApplication.primaryScreen().availableGeometry()
    window.resize(1500, 900)
    window.move(5000, 3000)
    left = window.shape()
    window.take_shape(*left)
    assert screen.contains(window.geometry())
    window.setGeometry(100, 100, screen.width() + 500, screen.height() + 500)
    window.take_shape(*window.shape())
    assert screen.contains(window.geometry())


def test_a_frame_that_comes_late_is_on_the_screen_too(monkeypatch, qtbot):
    looks, frame = [], QMargins(2, 30, 2, 2)
    monkeypatch.setattr(room, "FRAMED_AFTER_MS", 1)

    def framed_late(window):
        looks.append(window)
        return frame if len(looks) > 5 else QMargins()

    monkeypatch.setattr(room, "frame_of", framed_late)
    window, screen = QWidget(), QApplication.primaryScreen().availableGeometry()
    qtbot.addWidget(window)
    window.setGeometry(screen)
    window.show()
    room.keep_new_on_screen(window)
    qtbot.waitUntil(lambda: screen.contains(window.geometry().marginsAdded(frame)))


def test_it_opens_large_where_there_is_room(app):
    assert app.window.size() == FIRST_SIZE_PX
    assert app.window.minimumWidth() <= SMALL.width()
    assert app.window.minimumHeight() <= SHARP.height()


def test_the_splitter_is_remembered_also_from_a_time_without_sources(app, folders, reach, qtbot):
    splitter = app.window.findChild(QWidget, "splitter")
    app.controller.add_sources(folders)
    reach(State.READY)
    splitter.setSizes([330, 500, 400])
    wanted = splitter.sizes()
    app.controller.projects.start_new()
    reach(State.EMPTY)
    shape = app.window.shape()
    splitter.setSizes([200, 600, 400])
    app.window.take_shape(*shape)
    app.controller.add_sources(folders)
    reach(State.READY)
    qtbot.waitUntil(lambda: abs(splitter.sizes()[0] - wanted[0]) <= 4)


def out_of_sight(window, *names: str) -> list[str]:
    """Which of these are not in the window in full, or lie below something else."""
    missed = []
    for name in names:
        widget = window.findChild(QWidget, name)
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        seen = window.childAt(place.center()) if widget.isVisible() else None
        if not window.rect().contains(place) or seen is not widget:
            missed.append(f"{name} {place} {seen}")
    return missed


@pytest.mark.parametrize("size", [SMALL, SHARP], ids=["960x600", "960x510"])
def test_all_main_actions_are_in_sight(app, folders, behaviour, reach, click, qtbot, size):
    window = app.window
    window.resize(size)

    def holds(*names: str) -> None:
        """Once the texts that wrap are laid out."""
        qtbot.waitUntil(lambda: out_of_sight(window, *names) == [])
        qtbot.waitUntil(lambda: cut_off(window) == [])
        assert window.size() == size

    always = ("save.convert", "save.line", "save.destination", "save.change", "save.queue")
    holds(*always, "welcome.add", "welcome.files", "welcome.samples")
    app.controller.add_sources(folders)
    reach(State.READY)
    holds(*always, "sources.add", "sources.files", "plan.fit.crop", "plan.size.max")
    behaviour.run_may_end.clear()
    app.controller.convert()
    reach(State.RUNNING)
    holds(*always[:2], "progress.pause", "progress.cancel", "progress.bar", "progress.line")
    click("progress.pause")
    reach(State.PAUSED)
    holds(*always[:2], "progress.pause", "progress.cancel", "progress.bar", "progress.line")
    click("progress.pause")
    behaviour.run_may_end.set()
    reach(State.FINISHED)
    holds(*always[:2], "result.folder", "result.python", "result.report", "result.retry", "result.back")


def test_every_choice_of_the_plan_can_be_scrolled_to(ready, app, find, qtbot):
    app.window.resize(SHARP)
    app.window.plan.open_details(opened=True)
    area = find(QScrollArea, "right")
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    for name in ("plan.fit.crop", "plan.on_error", "memory.verdict"):
        widget = find(QWidget, name)

        def is_seen(widget: QWidget = widget) -> bool:
            area.ensureWidgetVisible(widget)
            return not widget.visibleRegion().isEmpty()

        qtbot.waitUntil(is_seen)


def test_what_is_opened_is_scrolled_to_and_gets_the_keyboard(ready, app, find, qtbot):
    app.window.resize(SHARP)
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    area, more, details = (
        find(QScrollArea, "right"),
        find(QAbstractButton, "plan.more"),
        find(QWidget, "plan.details"),
    )
    area.verticalScrollBar().setValue(0)
    find(QWidget, "sources.list").setFocus()
    more.click()
    qtbot.waitUntil(lambda: details.isAncestorOf(QApplication.focusWidget()))
    view = area.viewport().rect()
    assert view.contains(QRect(more.mapTo(area.viewport(), QPoint(0, 0)), more.size()))
    assert view.contains(details.mapTo(area.viewport(), QPoint(0, 0)))
    more.setFocus()
    more.click()
    more.click()
    qtbot.waitUntil(details.isVisible)
    assert more.hasFocus(), "from there it is one Tab away"


def test_trouble_is_told_in_a_low_window_too(ready, app, behaviour, reach, find, click, qtbot):
    app.window.resize(SHARP)
    behaviour.trouble = "The disk is full."
    app.controller.convert()
    reach(State.PAUSED)
    qtbot.waitUntil(lambda: find(QWidget, "progress.trouble").isVisible())
    assert out_of_sight(app.window, "progress.pause", "progress.cancel", "save.line") == []
    click("progress.pause")
    reach(State.FINISHED)


def test_tabs_shorten_before_they_scroll(ready, app, find, qtbot):
    tabs = find(QTabWidget, "found.tabs")
    bar = tabs.tabBar()
    assert isinstance(bar, ShortTabBar)
    app.window.resize(1600, 800)
    qtbot.waitUntil(lambda: bar.has_icons)
    app.window.resize(1280, 800)
    qtbot.waitUntil(lambda: not bar.shortened)
    app.window.resize(SMALL)
    qtbot.waitUntil(lambda: len(bar.shortened) > 3)
    shortened = bar.shortened
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        assert bar.shows_title(at)
        assert bar.shortened == shortened, "all others stay as they were"
        assert [bar.tabRect(each).size() for each in range(tabs.count())] == [
            bar.tabSizeHint(each) for each in range(tabs.count())
        ]
        assert bar.rect().contains(bar.tabRect(tabs.count() - 1)), "none is scrolled out of sight"
        assert tabs.tabToolTip(at)
        assert tabs.tabText(at)


def test_tabs_follow_the_style_of_a_theme(qtbot):
    tabs = ShortTabs()
    qtbot.addWidget(tabs)
    tabs.show()
    before = QApplication.style().name()

    def looks_like(name: str) -> bool:
        return tabs.bar.style().baseStyle().name() == QApplication.style().name() == name

    assert looks_like(before)
    try:
        theme.use_theme(theme.Theme.CONTRAST)
        qtbot.waitUntil(lambda: looks_like("windows"))
    finally:
        theme.use_theme(theme.Theme.SYSTEM)
    qtbot.waitUntil(lambda: looks_like(before))


@pytest.mark.parametrize("language", list(OWN_NAMES))
def test_tabs_keep_their_words_in_each_language(language, qtbot):
    use(speech_of(language))
    try:
        tabs = ShortTabs()
        qtbot.addWidget(tabs)
        for kind in TABS:
            tabs.addTab(QWidget(), theme.icon(kind.ICON), tr(kind.TITLE))
        last = tabs.count() - 1
        tabs.set_title(last, f"{tr(TABS[last].TITLE)} 2", "2")
        tabs.bar.rare = [at for at, kind in enumerate(TABS) if kind.IS_RARE]
        tabs.bar.resize(NARROWEST_PX, 30)
        assert len(tabs.bar.shortened) <= 3, "in a window 1280 px wide"
        assert all(TABS[at].IS_RARE for at in tabs.bar.shortened)
        tabs.bar.resize(SMALLEST_PX, 30)
        assert sum(tabs.bar.tabSizeHint(at).width() for at in range(tabs.count())) <= SMALLEST_PX
        option = QStyleOptionTab()
        tabs.bar.initStyleOption(option, last)
        assert option.text.endswith("2"), "how many problems there are can be read always"
    finally:
        use(speech_of(Language.ENGLISH))


@pytest.fixture
def large_letters(qapp):
    before = qapp.font()
    qapp.setFont(QFont(before.family(), 14))
    yield
    qapp.setFont(before)


def test_larger_letters_fit_too(large_letters, app, folders, reach, qtbot):
    app.window.resize(LAPTOP)
    app.controller.add_sources(folders)
    reach(State.READY)
    qtbot.waitUntil(lambda: cut_off(app.window) == [])
    for size in (LAPTOP, SMALL):
        app.window.resize(size)
        qtbot.waitUntil(lambda: out_of_sight(app.window, "save.convert", "save.line", "sources.add") == [])
        qtbot.waitUntil(lambda: out_of_sight(app.window, "plan.size.max") == [])
        assert app.window.size() == size


def test_pictures_are_added_in_one_place(app, folders, reach):
    def places() -> list[str]:
        buttons = app.window.findChildren(QAbstractButton)
        return [each.objectName() for each in buttons if each.isVisible() and each.text() == "Add folder…"]

    assert places() == ["welcome.add"]
    app.controller.add_sources(folders)
    reach(State.READY)
    assert places() == ["sources.add"]
    assert app.controller.screen.options == Options()


class Watch(QObject):
    """Notes the windows that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - as Qt calls it
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


def test_nothing_flashes_up_beside_the_window(app, folders, reach, qapp):
    watch = Watch()
    qapp.installEventFilter(watch)
    app.controller.add_sources(folders)
    reach(State.READY)
    app.controller.convert()
    reach(State.FINISHED)
    qapp.removeEventFilter(watch)
    assert watch.shown == []
