"""In every language, no two things that can be seen at once have the same access key."""

import gettext
import re
from collections import defaultdict

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGroupBox,
    QLabel,
    QMenu,
    QTabBar,
    QTabWidget,
    QWidget,
)

from stackgui.core.run.findings import Damage
from stackgui.engine.power import Power
from stackgui.gui.app import night
from stackgui.gui.app.countdown import Countdown
from stackgui.gui.control.screen import State
from stackgui.gui.panels.update.update import UpdatePanel
from stackgui.gui.texts.language import TRANSLATED, Language, Speech, speech_of, use
from stackgui.gui.widgets.parts import show_pause

KEY = re.compile(r"&(\w)")


class Marked(gettext.NullTranslations):
    """English whose texts tell from which template they were made."""

    def __init__(self) -> None:
        super().__init__()
        self.templates: list[str] = []

    def gettext(self, message: str) -> str:
        if not KEY.search(message.replace("&&", "")):
            return message
        self.templates.append(message)
        return f"{message}⟦{len(self.templates) - 1}⟧"

    def found(self, texts) -> frozenset[str]:
        """The templates of those among `texts` that have an access key."""
        return frozenset(
            self.templates[int(number)]
            for text in texts
            if KEY.search(text)  # a button with nothing but an icon has none
            for number in re.findall(r"⟦(\d+)⟧", text)
        )


@pytest.fixture
def marked():
    made = Marked()
    use(Speech(made, QLocale("en_GB")))
    yield made
    use(speech_of(Language.ENGLISH))


def texts_of(window: QWidget):
    """The texts with access keys that can be seen in a window, those of its menu bar included."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy()):
            yield widget.text()
        elif isinstance(widget, QGroupBox):
            yield widget.title()
        elif isinstance(widget, QTabBar):
            yield from map(widget.tabText, range(widget.count()))
    if hasattr(window, "menuBar"):
        yield from (action.text() for action in window.menuBar().actions())


@pytest.fixture
def seen(marked, app):
    """Note what can be seen at once, in menus and in each window."""
    noted: dict[frozenset[str], str] = {}

    def note(when: str) -> None:
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and not isinstance(window, QMenu):
                noted.setdefault(marked.found(texts_of(window)), f"{when}, {window.objectName()}")
        for menu in app.window.findChildren(QMenu):
            texts = (action.text() for action in menu.actions())
            noted.setdefault(marked.found(texts), menu.objectName() or menu.title())

    note.noted = noted
    return note


def clashes(noted: dict[frozenset[str], str], language: Language) -> set[str]:
    """What has the same key in a language."""
    catalog = speech_of(language)._catalog
    known = getattr(catalog, "_catalog", None)
    found = set()
    for templates, when in noted.items():
        by_key = defaultdict(set)
        for template in templates:
            if known is not None and template not in known:
                continue  # not translated yet, which another test tells
            said = catalog.gettext(template)
            by_key[KEY.search(said.replace("&&", "")).group(1).lower()].add(said)
        found |= {
            f"{language} {key}: {sorted(same)} ({when})" for key, same in by_key.items() if len(same) > 1
        }
    return found


def walk_to_convert(app, seen, behaviour, folders, reach, find, qtbot):
    """Lead the window through what it shows before a run."""
    seen("at first")
    app.window.menus["tour"].trigger()
    seen("tour")
    behaviour.scan_may_end.clear()
    app.controller.add_sources(folders)
    qtbot.waitUntil(find(QWidget, "scan.stop").isVisible)
    seen("searching")
    behaviour.scan_may_end.set()
    reach(State.READY)
    find(QAbstractButton, "pictures.filters").setChecked(True)
    app.window.plan.open_details(opened=True)
    tabs = find(QTabWidget, "found.tabs")
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        seen(f"tab {place}")
    behaviour.taken = {folders[0]}
    destination = app.controller.screen.run.destination
    app.controller.choose_destination(folders[0])
    qtbot.waitUntil(find(QWidget, "save.replace").isVisible)
    seen("taken")
    app.controller.choose_destination(destination)
    qtbot.waitUntil(lambda: not app.controller.screen.obstacle)
    behaviour.check_may_end.clear()
    app.window.menus["checkPictures"].trigger()
    seen("pictures checked")
    behaviour.check_may_end.set()
    qtbot.waitUntil(lambda: app.controller.screen.health.progress is None)


def walk_through_a_run(app, seen, behaviour, reach, find, qtbot):
    """Convert, with everything that may come between."""
    behaviour.run_may_end.clear()
    behaviour.trouble = "The disk is full."
    app.controller.convert()
    qtbot.waitUntil(find(QLabel, "progress.trouble").isVisible)
    seen("trouble")
    app.controller.runs.pause_or_resume()
    reach(State.RUNNING)
    seen("running")
    app.controller.runs.pause_or_resume()
    reach(State.PAUSED)
    seen("paused")
    app.controller.runs.cancel()
    reach(State.CANCELLED)
    qtbot.waitUntil(lambda: app.controller.screen.unfinished is not None)
    seen("cancelled")
    behaviour.run_may_end.set()
    app.window.menus["resume"].trigger()
    reach(State.FINISHED)
    seen("finished")
    behaviour.damage = (Damage("images.npy", "it differs", 1),)
    app.window.menus["verify"].trigger()
    seen("being verified")
    qtbot.waitUntil(find(QWidget, "check.details").isVisible)
    seen("verified")


def test_access_keys_differ(seen, app, behaviour, folders, reach, find, qtbot, monkeypatch):
    monkeypatch.setattr(night.power, "can", lambda _wanted: False)
    walk_to_convert(app, seen, behaviour, folders, reach, find, qtbot)
    walk_through_a_run(app, seen, behaviour, reach, find, qtbot)
    app.window.found.pictures.menu()
    for name in ("queue", "settings", "help", "about", "showTable"):
        app.window.menus[name].trigger()
    countdown = Countdown(app.window)
    countdown.begin(Power.SLEEP)
    seen("side windows")
    countdown.close()
    assert len(seen.noted) > 15
    found = set().union(*(clashes(seen.noted, language) for language in (Language.ENGLISH, *TRANSLATED)))
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize(("is_paused", "trouble"), [(False, ""), (True, ""), (True, "The disk is full.")])
def test_access_keys_of_an_update_differ_whatever_was_found(marked, qtbot, is_paused, trouble):
    panel = UpdatePanel()
    qtbot.addWidget(panel)
    buttons = {each.objectName(): each for each in panel.findChildren(QAbstractButton)}
    show_pause(buttons["update.pause"], is_paused=is_paused, trouble=trouble)
    del buttons["update.again"]  # is only there while nothing is under way
    noted = {marked.found(each.text() for each in buttons.values()): "update"}
    assert len(*noted) > 8
    found = set().union(*(clashes(noted, language) for language in (Language.ENGLISH, *TRANSLATED)))
    assert not found, "\n".join(sorted(found))
