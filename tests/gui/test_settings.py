"""The settings of the program: their window, what obeys them, and the question for a newer release."""

import http.server
import json
import threading
from typing import ClassVar

import pytest
from PySide6.QtCore import QEvent, QLocale, QSettings, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QMessageBox, QSpinBox

import stackgui
from stackgui import resources
from stackgui.core.base.choice_table import choices_of
from stackgui.engine import Control
from stackgui.gui.app import dialogs, updates
from stackgui.gui.app.app import main
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.app.settings import SECTIONS, WORDS, Settings, Where
from stackgui.gui.texts import language
from stackgui.gui.texts.language import Language
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.theme import Theme
from tests.gui.acting import choose, words

OTHER = Settings(
    theme=Theme.DARK, motion=False, sounds=True, folder="/stacks", workers=3, sample_s=7, sample_mb=900,
    check_updates=True, where=Where.CLUSTER, cluster="tcp://host:8786",
)  # fmt: skip


@pytest.fixture(autouse=True)
def as_before(qapp):
    yield
    theme.use_theme(Theme.SYSTEM)
    theme.use_motion(wanted=True)
    theme.follow_motion(wanted=True)


@pytest.fixture
def opened(app):
    app.window.menus["settings"].trigger()
    return app.beside._settings_window


def test_settings_come_back():
    assert Preferences().settings() == Settings()
    Preferences().keep_settings(OTHER)
    assert Preferences().settings() == OTHER
    assert (OTHER.limits.sample_s, OTHER.limits.sample_bytes) == (7.0, 900_000_000)


@pytest.mark.parametrize("text", ["{", '"loud"', "7", "null", "[]", "1e999"])
def test_a_spoilt_setting_costs_only_itself(text):
    Preferences().keep_settings(OTHER)
    file = QSettings(Preferences().file, QSettings.Format.IniFormat)
    file.setValue("settings/theme", text)
    file.setValue("settings/workers", "-1")
    file.sync()
    read = Preferences()
    assert read.settings().theme is Theme.SYSTEM
    assert read.settings().workers == 0
    assert read.settings().sample_s == 7
    assert "cannot be read" in read.problem


def test_each_setting_stands_in_one_section():
    assert sorted(name for _, names in SECTIONS for name in names) == sorted(choices_of(Settings))
    assert set(WORDS["theme"]) == set(Theme)


def test_fields_keep_their_height_in_a_low_window(app, opened, find, qtbot):
    opened.resize(520, 300)
    fields = [*opened.findChildren(QSpinBox), find(QLineEdit, "settings.folder")]
    qtbot.waitUntil(lambda: all(each.height() >= each.sizeHint().height() for each in fields))
    assert opened.height() == 300
    place = find(QAbstractButton, "settings.close").geometry()
    assert opened.rect().contains(place), "only what stands above it scrolls"


def test_a_change_is_obeyed_and_saved_at_once(app, opened, find, qtbot):
    assert opened.isVisible()
    assert not opened.isModal()
    choose(find, qtbot, "settings.theme", "Dark")
    assert theme.is_dark(QApplication.palette())
    find(QCheckBox, "settings.motion").click()
    assert not theme.has_motion()
    find(QSpinBox, "settings.workers").setValue(3)
    field = find(QLineEdit, "settings.folder")
    field.setText("/stacks/here")
    field.editingFinished.emit()
    expected = Settings(theme=Theme.DARK, motion=False, workers=3, folder="/stacks/here")
    assert app.beside.settings == expected
    assert Preferences().settings() == expected
    assert str(app.controller.parent) == "/stacks/here"
    find(QAbstractButton, "settings.defaults").click()
    assert Preferences().settings() == Settings()
    assert not theme.is_dark(QApplication.palette())


def test_numbers_say_what_nothing_means(opened, find):
    assert find(QSpinBox, "settings.workers").text() == "One for each processor"
    assert find(QSpinBox, "settings.sample_mb").text() == "Half of the memory"
    assert find(QSpinBox, "settings.sample_s").text() == "20 s"


def test_a_folder_can_be_chosen(app, opened, find, monkeypatch, tmp_path):
    monkeypatch.setattr(dialogs, "ask_folder", lambda *_: str(tmp_path))
    find(QAbstractButton, "settings.chooseFolder").click()
    assert app.beside.settings.folder == str(tmp_path)
    assert find(QLineEdit, "settings.folder").text() == str(tmp_path)


def test_escape_closes_the_settings(opened, qtbot):
    opened.bring()
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


# Newer releases


@pytest.mark.tree
def test_a_checkout_never_asks(app, opened, find, monkeypatch):
    monkeypatch.setattr(updates, "newest", lambda _: pytest.fail("asked"))
    assert not updates.is_release()
    assert not find(QCheckBox, "settings.check_updates").isEnabled()
    app.beside.use_settings(OTHER)
    app.beside.check_updates_if_wanted()
    app.window.menus["updates"].trigger()
    assert words(find, "messageBar.text") == updates.NO_RELEASE


@pytest.mark.parametrize(
    ("origin", "is_one"),
    [
        (None, True),
        ('{"url": "https://x/stackgui.whl", "archive_info": {}}', True),
        ('{"url": "file:///src", "dir_info": {"editable": true}}', False),
        ('{"url": "https://x/r.git", "vcs_info": {"vcs": "git"}}', False),
    ],
)
def test_where_it_was_installed_from(origin, is_one, monkeypatch):
    class Distribution:
        read_text = staticmethod(lambda _: origin)

    monkeypatch.setattr(resources, "is_installed", lambda: True)
    monkeypatch.setattr(updates, "distribution", lambda _: Distribution)
    assert updates.is_release() is is_one


@pytest.fixture
def released(app, monkeypatch):
    monkeypatch.setattr(updates, "is_release", lambda: True)
    return app


def test_nothing_is_asked_until_wanted(released, monkeypatch):
    monkeypatch.setattr(updates, "newest", lambda _: pytest.fail("asked"))
    released.beside.check_updates_if_wanted()
    assert released.window.message.text() == ""


@pytest.mark.parametrize(("version", "told"), [("99.1", "StackGUI 99.1 is there"), ("0.0.1", "")])
def test_the_start_tells_only_of_a_newer_release(released, monkeypatch, qtbot, version, told):
    asked = []
    monkeypatch.setattr(updates, "newest", lambda _: asked.append(1) or version)
    released.beside.use_settings(Settings(check_updates=True))
    released.beside.check_updates_if_wanted()
    qtbot.waitUntil(lambda: bool(asked) and not released.controller._jobs.is_active("updates"))
    assert told in released.window.message.text()
    assert bool(released.window.message.text()) is bool(told)


def test_who_asks_is_told_that_this_is_the_newest(released, monkeypatch, qtbot):
    monkeypatch.setattr(updates, "newest", lambda _: stackgui.__version__)
    released.window.menus["updates"].trigger()
    qtbot.waitUntil(lambda: released.window.message.text() == updates.told(stackgui.__version__))


@pytest.mark.parametrize(
    ("version", "newer"),
    [(stackgui.__version__, False), (f"{stackgui.__version__}.0", False), ("1000.1rc1", True), ("x", False)],
)
def test_versions_compare_by_their_numbers(version, newer):
    assert updates.is_newer(version) is newer


class Site(http.server.BaseHTTPRequestHandler):
    status, body = 200, b""
    heard: ClassVar[list[dict[str, str]]] = []

    def do_GET(self):
        type(self).heard.append(dict(self.headers))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def site(monkeypatch):
    server = http.server.HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(updates, "RELEASES", f"http://127.0.0.1:{server.server_port}/")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    Site.heard, Site.status = [], 200
    yield Site
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_sent_but_the_request(site):
    site.body = json.dumps({"info": {"version": "7.8"}}).encode()
    assert updates.newest(Control()) == "7.8"
    sent = {name.lower(): value for name, value in site.heard[0].items()}
    assert sent.pop("host").startswith("127.0.0.1")
    assert sent == {"accept-encoding": "identity", "user-agent": "StackGUI", "connection": "close"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"info": 7}', b'{"info": {}}', b"\xff"])
def test_an_answer_without_sense_is_told(site, body):
    site.body = body
    with pytest.raises(updates.UpdateError, match="makes no sense"):
        updates.newest(Control())


def test_a_refusal_and_an_endless_answer_are_told(site, monkeypatch):
    site.status = 503
    with pytest.raises(updates.UpdateError, match="error 503"):
        updates.newest(Control())
    site.status, site.body = 200, b"x" * 100
    monkeypatch.setattr(updates, "MAX_BYTES", 10)
    with pytest.raises(updates.UpdateError, match="did not answer in time"):
        updates.newest(Control())


def test_a_site_that_is_not_there_is_told(monkeypatch, site):
    monkeypatch.setattr(updates, "RELEASES", "http://127.0.0.1:9/")
    with pytest.raises(updates.UpdateError, match="cannot be reached"):
        updates.newest(Control())


@pytest.fixture
def german(engine, monkeypatch):
    monkeypatch.setattr("stackgui.gui.app.app.Engine", lambda *_, **_more: engine)
    Preferences().keep_settings(Settings(language=Language.GERMAN))


def test_the_language_of_the_settings_is_spoken_by_qt_too(german, qapp):
    said = []

    def look() -> None:
        if not any(each.objectName() == "sizePlot.canvas" for each in qapp.allWidgets()):
            return  # the window is still being completed
        box = QMessageBox()
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        said[:] = (language.locale().name(), QLocale().name(), box.buttons()[0].text())
        qapp.closeAllWindows()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    assert main() == 0
    timer.stop()
    qapp.removePostedEvents(qapp, QEvent.Type.Quit)
    assert said == ["de_DE", "de_DE", "Abbrechen"]


def test_the_next_test_is_in_english_again(german):
    assert language.locale().name() == "en_GB"


def test_nothing_moves_where_the_desktop_does_not_want_it(app, qtbot, monkeypatch):
    monkeypatch.setattr("stackgui.gui.app.beside.wants_motion", lambda: False)
    app.beside.follow_system()
    qtbot.waitUntil(lambda: not theme.has_motion())
