from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choices import Fit, OnError, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.run.run import RunOptions
from stackgui.engine.preset_file import preset_file
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Choices, Preferences
from tests.damaging import BYTES, VALUES, damaged, written

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
    read = Preferences()
    assert read.choices().options == Options()
    assert "options" in read.problem
    assert Preferences().window()[0].isEmpty()


def test_what_is_damaged_costs_only_itself():
    preferences = Preferences()
    preferences.keep_choices(CHOICES)
    settings = QSettings(preferences.file, QSettings.Format.IniFormat)
    settings.setValue("choices/options", '{"fill": 1' + "0" * 400 + "}")
    settings.setValue("choices/saved_in", "a\0b")
    settings.setValue("choices/other_machine", ["16", "0", "32"])
    settings.setValue("run/unfinished", "a\0b")
    settings.sync()
    read = Preferences()
    choices = read.choices()
    assert (choices.options, choices.run) == (Options(), CHOICES.run)
    assert choices.parent == Path.home() / "stacks"
    assert "cannot be read from" in read.problem
    assert (read.machine(), read.unfinished()) == (None, "")


def everything(preferences):
    preferences.choices()
    preferences.unfinished()
    preferences.machine()
    preferences.window()


def test_any_file_is_read():
    file = Path(Preferences().file)
    file.parent.mkdir(parents=True, exist_ok=True)
    keys = b"options storage on_error saved_in other_machine".split()

    @given(st.sampled_from(keys), BYTES | VALUES.map(written) | damaged(Options().to_json()).map(written))
    def read(key, data):
        for text in (data, b"[choices]\n" + key + b"=" + data, b"[choices]\n" + key + b"=@Variant(" + data):
            file.write_bytes(text)
            everything(Preferences())

    read()
    file.unlink()
    file.mkdir()
    everything(Preferences())


def test_the_window_says_what_of_its_files_could_not_be_read(qtbot, engine):
    QSettings(Preferences().file, QSettings.Format.IniFormat).setValue("choices/storage", "nowhere")
    made = App(engine, Preferences())
    assert "Your last choice (storage) cannot be read" in made.window.message.text()
    made.close()
    made.window.deleteLater()
    Path(preset_file()).parent.mkdir(parents=True, exist_ok=True)
    saved = {"format": "stackgui-presets", "presets": {"a": {"fill": 10**400}}}
    Path(preset_file()).write_bytes(written(saved))
    made = App(engine, Preferences())
    assert "Your preset “a” cannot be used." in made.window.message.text()
    made.close()
    made.window.deleteLater()
