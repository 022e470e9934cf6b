from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choices import Fit, OnError, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.run.run import RunOptions
from stackgui.gui.app.preferences import Choices, Preferences

CHOICES = Choices(
    Options(size=Size.exact(224, 320), fit=Fit.COVER, fill=7.0),
    RunOptions("", storage=Storage.FILE, on_error=OnError.STOP),
    Path("/stacks"),
)


def test_nothing_kept_means_the_defaults(home):
    assert Preferences().choices() == Choices(Options(), RunOptions(""), Path.home() / "stacks")
    assert Path.home() == home


def test_choices_come_back():
    Preferences().keep_choices(CHOICES)
    assert Preferences().choices() == CHOICES


def test_the_window_comes_back():
    Preferences().keep_window(QByteArray(b"shape"), QByteArray(b"\x00\x01"))
    assert Preferences().window() == (QByteArray(b"shape"), QByteArray(b"\x00\x01"))


def test_the_other_computer_comes_back():
    assert Preferences().machine() is None
    Preferences().keep_machine(Machine(16, 0, 32))
    assert Preferences().machine() == Machine(16, 0, 32)


@pytest.mark.parametrize("text", ["", "16", "16 0 many", "16 0 -1", "16 0 9999999999", f"{10**400} 0 1"])
def test_a_spoilt_computer_counts_as_none(text):
    QSettings(Preferences().file, QSettings.Format.IniFormat).setValue("choices/other_machine", text)
    assert Preferences().machine() is None


def test_the_last_unfinished_conversion_comes_back():
    assert Preferences().unfinished() == ""
    Preferences().keep_unfinished("/stacks/pets")
    assert Preferences().unfinished() == "/stacks/pets"
    Preferences().keep_unfinished("")
    assert Preferences().unfinished() == ""


@pytest.mark.parametrize(
    "options", ["{", "[]", "7", '{"fit": "fold"}', '{"future": 1}', '{"size": "0x0"}', '{"fill": "much"}']
)
def test_a_spoilt_file_counts_as_not_chosen(options):
    preferences = Preferences()
    settings = QSettings(preferences.file, QSettings.Format.IniFormat)
    settings.setValue("choices/options", options)
    settings.setValue("window/geometry", "no geometry")
    settings.sync()
    assert Preferences().choices().options == Options()
    assert Preferences().window()[0].isEmpty()
