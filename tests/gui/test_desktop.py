"""Where the desktop opens nothing, the window says so, and where it is."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QPushButton

from stackgui.gui.app import desktop
from stackgui.gui.app.desktop import Desktop
from stackgui.gui.app.help_window import PageView
from stackgui.gui.widgets.message_bar import MessageBar


@pytest.fixture
def message(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def asked(monkeypatch):
    """What the desktop was asked to open; it opens what `opens` says."""
    found: list[str] = []
    found_out = {"opens": True}

    def open_url(url: QUrl) -> bool:
        found.append(url.toLocalFile() or url.toString())
        return found_out["opens"]

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    monkeypatch.setattr(desktop, "_revealed", lambda _file: False)
    return found, found_out


def test_what_opens_is_not_talked_about(message, asked, tmp_path):
    assert Desktop(message).open(tmp_path)
    assert asked[0] == [str(tmp_path)]
    assert message.text() == ""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("stack", "No program on this computer opens folders. The folder is {}."),
        ("stack.csv", "No program on this computer opens such files. The file is {}."),
        ("gone", "“{}” is no longer there."),
    ],
)
def test_what_does_not_open_is_named_and_can_be_copied(message, asked, tmp_path, name, told):
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack.csv").touch()
    asked[1]["opens"] = False
    assert not Desktop(message).open(tmp_path / name)
    assert message.text() == told.format(tmp_path / name)
    message.findChild(QPushButton, "messageBar.action.Copy path").click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / name)


def test_what_lies_at_an_address_is_not_called_gone(message, asked):
    Desktop(message).reveal("s3://bucket/pets/1.jpg")
    assert asked[0] == []
    assert message.text().startswith("s3://bucket/pets/1.jpg is not on this computer")
    message.findChild(QPushButton, "messageBar.action.Copy address").click()
    assert QGuiApplication.clipboard().text() == "s3://bucket/pets/1.jpg"


def test_a_page_that_does_not_open_is_named(message, asked):
    asked[1]["opens"] = False
    Desktop(message).open_link(QUrl("https://example.org/help"))
    assert message.text().endswith("The page is https://example.org/help.")


def test_a_file_is_shown_in_its_folder_a_member_beside_its_archive_or_told_to_be_gone(
    message, asked, tmp_path
):
    (tmp_path / "pictures.zip").touch()
    Desktop(message).reveal(str(tmp_path / "pictures.zip" / "cats" / "1.png"))
    assert (asked[0], message.text()) == ([str(tmp_path)], "")
    moved = tmp_path / "gone" / "1.png"
    Desktop(message).reveal(str(moved))
    assert (asked[0], message.text()) == ([str(tmp_path)], f"“{moved}” is no longer there.")


def test_a_file_manager_that_can_be_asked_shows_the_file_itself(message, asked, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(desktop, "_revealed", lambda file: not shown.append(file))
    (tmp_path / "1.png").touch()
    Desktop(message).reveal(str(tmp_path / "1.png"))
    assert (shown, asked[0]) == ([str(tmp_path / "1.png")], [])


def test_without_a_session_there_is_no_file_manager(qapp, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert desktop._revealed("/pictures/1.png") is False


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_link_in_the_help_that_leads_elsewhere_is_the_desktops(app, asked):
    app.window.menus["help"].trigger()
    view = app.window.findChild(PageView, "help.text")
    shown = view.name
    view.setSource(QUrl("https://example.org/numpy"))
    assert (asked[0], view.name) == (["https://example.org/numpy"], shown)
    view.setSource(QUrl("sizes.md"), QTextDocument.ResourceType.MarkdownResource)
    assert view.name == "sizes"
    view.window().close()
