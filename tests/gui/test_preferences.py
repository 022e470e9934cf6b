import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choices import Fit, OnError, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.project.recents import Recent, RecentKind, named
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.preset_file import preset_file
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Choices, Preferences
from tests.damaging import BYTES, VALUES, damaged, written

OLD = {
    "options": json.dumps(Options(size=Size.exact(224, 320), fit=Fit.COVER, fill=7.0).to_json()),
    "storage": "file",
    "on_error": "stop",
    "saved_in": "/stacks",
}
CHOICES = Choices(
    Options(size=Size.exact(224, 320), fit=Fit.COVER, fill=7.0),
    RunOptions("", storage=Storage.FILE, on_error=OnError.STOP),
    Path("/stacks"),
)


def written_by_an_earlier_version() -> QSettings:
    settings = QSettings(Preferences().file, QSettings.Format.IniFormat)
    for name, text in OLD.items():
        settings.setValue(f"choices/{name}", text)
    settings.sync()
    return settings


def test_nothing_kept_means_the_defaults(home):
    assert Preferences().choices() == Choices(Options(), RunOptions(""), Path.home() / "stacks")
    assert Path.home() == home


def test_choices_of_an_earlier_version_are_read_until_a_project_holds_them():
    written_by_an_earlier_version()
    assert Preferences().choices() == CHOICES
    Preferences().keep_project("/p.stackgui")
    assert Preferences().choices() == Choices(Options(), RunOptions(""), Path("/stacks"))


def test_the_place_of_stacks_and_the_project_come_back():
    assert Preferences().project() == ""
    Preferences().keep_parent(Path("/there"))
    Preferences().keep_project("/a/\udcff.stackgui")
    assert Preferences().choices().parent == Path("/there")
    assert Preferences().project() == "/a/\udcff.stackgui"


def test_what_was_used_last_comes_back():
    recents = (Recent(RecentKind.PROJECT, "/a/\udcff.stackgui", "ÿ"), named(RecentKind.STACK, "/s"))
    Preferences().keep_recents(recents)
    assert Preferences().recents() == recents


def test_a_project_is_open_in_one_window_at_a_time():
    first, second = Preferences(), Preferences()
    assert first.lock("/p.stackgui")
    assert first.lock("/p.stackgui")
    assert not second.lock("/p.stackgui")
    first.release()
    assert second.lock("/p.stackgui")
    second.release()


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
    settings = written_by_an_earlier_version()
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
    preferences.project()
    preferences.recents()


def test_any_file_is_read():
    file = Path(Preferences().file)
    file.parent.mkdir(parents=True, exist_ok=True)
    keys = b"options storage on_error saved_in other_machine open recent".split()

    @given(st.sampled_from(keys), BYTES | VALUES.map(written) | damaged(Options().to_json()).map(written))
    def read(key, data):
        for text in (data, b"[choices]\n" + key + b"=" + data, b"[project]\n" + key + b"=" + data):
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
