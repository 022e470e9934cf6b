"""What the desktop is asked to show or play."""

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from stackgui.gui.app.notices import Notices


@pytest.fixture
def started() -> list:
    return []


@pytest.fixture
def make(started):
    def made(system: str, *there: str) -> Notices:
        return Notices(
            system,
            lambda name: name if name in there else None,
            lambda name, given: started.append((name, given)),
        )

    return made


@pytest.mark.parametrize("command", ["notify-send", "gdbus"])
def test_a_notification_says_what_happened(make, started, command):
    make("linux", command).notify("The queue is done.", QIcon())
    ((name, given),) = started
    assert name == command
    assert "The queue is done." in given


def test_without_a_command_and_a_tray_nothing_is_shown(make, started, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    told = make("win32")
    told.notify("The queue is done.", QIcon())
    told.hide()
    assert started == []


def test_a_sound_is_played_or_the_computer_beeps(make, started, monkeypatch):
    beeps = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append("beep"))
    make("linux", "paplay").sound()
    assert [name for name, _ in started] == ["paplay"]
    make("win32").sound()
    assert beeps == ["beep"]
